"""Which day of which service is not as it was recorded, also where the chain in the database was made to fit."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
import typer

from backbone.store.accesses import PostgresAccesses, first_head, following
from backbone.store.postgres import acquired, open_pool
from cli.auditing import heads, read_kept, verify
from cli.database import connected
from tests.support.accesses_suite import DAY, NOON, an_access
from tests.support.databases import Databases

NEXT = DAY + timedelta(days=1)


@pytest.fixture
async def urls(databases: Databases) -> Mapping[str, str]:
    """Two services, two days each of three records."""
    urls = {name: await databases.new("audited") for name in ("referral", "care_plan")}
    for url in urls.values():
        pool = await open_pool(Databases.as_who_runs(url))
        accesses = PostgresAccesses(partial(acquired, pool))
        for number in range(6):
            await accesses.record(an_access(number, NOON + timedelta(days=number // 3)))
        await pool.close()
    return urls


async def execute(url: str, statement: str, *arguments: object) -> None:
    async with connected(url) as superuser:
        await superuser.execute(statement, *arguments)


async def test_what_is_whole_is_counted(urls: Mapping[str, str]) -> None:
    found = await verify(urls, await heads(urls, DAY, NEXT))
    assert [line for each in found for line in each.lines()] == [
        "referral: 6 records of 2 days, 0 days broken",
        "care_plan: 6 records of 2 days, 0 days broken",
    ]


async def test_the_day_and_the_service_are_named(urls: Mapping[str, str]) -> None:
    await execute(urls["care_plan"], "DELETE FROM access_record WHERE day = $1 AND number = 2", NEXT)
    referral, care_plan = await verify(urls)
    assert not referral.broken
    assert care_plan.broken == [f"{NEXT}: record 2 is not as it was made, by the chain"]


async def test_a_chain_that_was_made_anew_is_noticed_by_what_is_kept_elsewhere(
    urls: Mapping[str, str], tmp_path: Path
) -> None:
    """Who may write every table can forge a chain of the same form; not what was told before."""
    file = tmp_path / "heads"
    file.write_text("\n".join(each.line() for each in await heads(urls, DAY, NEXT)))
    url = urls["referral"]
    await execute(url, "DELETE FROM access_record WHERE number > 1")
    for day, first in ((DAY, an_access(0)), (NEXT, an_access(3, NOON + timedelta(days=1)))):
        head = following(first_head(day), first.digest)
        await execute(url, "UPDATE access_chain SET number = 1, head = $2 WHERE day = $1", day, head)
    assert not (await verify(urls))[0].broken
    assert (await verify(urls, read_kept(file)))[0].broken == [
        f"{day}: record 2 is not as it was made, by the end that was kept, record 3" for day in (DAY, NEXT)
    ]


async def test_a_day_that_is_gone_altogether_is_noticed_too(urls: Mapping[str, str]) -> None:
    kept = await heads(urls, NEXT, NEXT)
    await execute(urls["referral"], f"DELETE FROM access_record WHERE day = '{NEXT}'")
    await execute(urls["referral"], f"DELETE FROM access_chain WHERE day = '{NEXT}'")
    assert not (await verify(urls))[0].broken
    assert (await verify(urls, kept))[0].broken


async def test_a_day_may_go_on_after_its_end_was_kept(urls: Mapping[str, str]) -> None:
    early = [each._replace(is_over=over) for each in await heads(urls, NEXT, NEXT) for over in (False, True)]
    pool = await open_pool(urls["referral"])
    await PostgresAccesses(partial(acquired, pool)).record(an_access(7, NOON + timedelta(days=1)))
    await pool.close()
    open_, over = ([each for each in early if each.is_over is is_over] for is_over in (False, True))
    assert not (await verify(urls, open_))[0].broken
    assert (await verify(urls, over))[0].broken == [
        f"{NEXT}: record 4 is not as it was made, by the end that was kept, record 3"
    ]


@pytest.mark.parametrize(
    "line", ["2027-01-04 referral 3 ab", "2027-01-04 referral 3 ab perhaps", "x y z ab open"]
)
def test_what_is_no_list_of_ends_is_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / "heads").write_text(f"{line} \n")
    with pytest.raises(typer.Exit):
        read_kept(tmp_path / "heads")
