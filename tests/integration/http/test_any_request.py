"""Whatever anybody sends to any route, on PostgreSQL: what its types don't take is no mistake of ours, and of what is
refused no row of any table was written, changed or deleted."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

import asyncpg
import pytest

from backbone.engine.generic import kinds_of
from backbone.store.postgres import PostgresStore, open_pool
from tests.component.access.test_worklist import closed_feed
from tests.component.test_any_legal_request import MOMENT, everybody
from tests.support.access import STAYS
from tests.support.any_door import Doors, asking
from tests.support.any_request import every_operation, requests
from tests.support.databases import Databases
from tests.support.drawn import drawn
from tests.support.journeys.journey_1 import START, lines
from tests.support.journeys.play import Play
from tests.support.memory_clinic import MemoryClinic
from tests.support.services import ALL
from tests.support.submissions import PRACTICE

QUICK, LONG = 2, 40
# Who writes a row says so; what is rolled back takes that with it.
WATCH = """
CREATE UNLOGGED TABLE written (name text);
CREATE FUNCTION note_written() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN INSERT INTO written VALUES (TG_TABLE_NAME); RETURN NULL; END $$;
DO $$ DECLARE found text; BEGIN
    FOR found IN SELECT relname FROM pg_class
        WHERE relkind IN ('r', 'p') AND NOT relispartition AND relnamespace = 'public'::regnamespace
          AND relname <> 'written'
    LOOP
        EXECUTE format('CREATE TRIGGER note_written AFTER INSERT OR UPDATE OR DELETE ON %I
                        FOR EACH ROW EXECUTE FUNCTION note_written()', found);
    END LOOP;
END $$;
"""


class TablesOfPostgres:
    """Every table of a service's database."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def begin(self) -> None:
        await self._pool.execute("DELETE FROM written")

    async def changed(self) -> Sequence[str]:
        found = await self._pool.fetch("SELECT DISTINCT name FROM written ORDER BY name")
        return [row["name"] for row in found if row["name"] not in STAYS]


@asynccontextmanager
async def doors(databases: Databases) -> AsyncIterator[Doors]:
    async with AsyncExitStack() as opened:
        pools = {}
        for service in ALL:
            folders = [service.migrations] if service.migrations else []
            pool = pools[service.name] = await open_pool(await databases.new(service.name, folders=folders))
            opened.push_async_callback(pool.close)
        stores = {each.name: PostgresStore(pools[each.name], kinds_of(each)) for each in ALL}
        clinic = MemoryClinic(START, ALL, {"everybody": everybody()}, stores)
        clinic.known_as("pcp", "referrer", PRACTICE)
        clinic.apps["worklist"].state.feed = closed_feed()
        await Play(clinic).play(line for line in lines() if line.at <= MOMENT)
        for pool in pools.values():
            await pool.execute(WATCH)
        yield Doors(clinic, {name: TablesOfPostgres(pool) for name, pool in pools.items()}, everybody())


@pytest.mark.parametrize("examples", [QUICK, pytest.param(LONG, marks=pytest.mark.long)])
def test_whatever_is_asked_is_answered_and_what_is_refused_writes_nothing(
    examples: int, databases: Databases
) -> None:
    with asyncio.Runner() as runner:
        opened = doors(databases)
        asked = runner.run(opened.__aenter__())
        try:
            for operation in every_operation():
                drawn(requests(operation), examples, asking(runner, asked, operation))
        finally:
            runner.run(opened.__aexit__(None, None, None))
    assert asked.problems == {}, "\n".join(asked.problems.values())
    assert asked.written, "what was not refused was seen"
