"""Everyone sees the same picture: while the clinic changes and processes are killed, the rows in a real page are the
queue folded from the journal at the page's own place in the changes."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from playwright.async_api import Page

from backbone.clock import monotonic
from cli.stack.kafka import Kafka
from cli.stack.postgres import Postgres
from simulator.clock_driver import ClockDriver
from tests.chaos.truth import Item, Moment, differences, items_of
from tests.support.board_process import board_beside
from tests.support.busy_clinic import Busy
from tests.support.journeys.by_hand.hands import Hands, hands_at
from tests.support.local_clinic import LocalClinic, local_clinic
from tests.support.seen import NOTING, look
from tests.support.shaken_clinic import LEASE_AND_MORE, Shaken
from tests.support.submissions import PRACTICE
from tests.support.told import at_clinic

SERVICES = ("referral", "worklist")
START = "2027-01-11 08:00"
WATCHING = {"coordination": "cora.lind", "nursing": "nora.quinn", "medical": "paul.okafor"}
"""Whose page of which queue is looked at."""
MOMENTS, KILLS = 200, 25
SECONDS_TO_LOOK, SECONDS_TO_SETTLE = 60, 60
SLACK_SECONDS = 2
"""A row that time alone changes is told so much later at most, while the line stands."""
STALE_SECONDS = 27
"""From 25 on the page says that it hears nothing; it looks at that once a second."""
HORIZON = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
LAST = "SELECT coalesce(max(xid::text::bigint), 0) FROM live_change WHERE topic LIKE 'worklist.queue.%'"


class Noted(ClockDriver):
    """A clock of which is known what it said when: beginning and end of each move, by our own."""

    moves: list[tuple[float, float, Any]]

    async def move(self, to: Any) -> None:
        began = monotonic()
        await super().move(to)
        self.moves.append((began, monotonic(), to))

    def since(self, moment: float) -> list[Any]:
        """All that it may have said since then."""
        before = [to for _, ended, to in self.moves if ended < moment][-1:]
        return list(dict.fromkeys([*before, *(to for _, ended, to in self.moves if ended >= moment)]))


class Watch:
    """Looks at pages while all this goes on."""

    def __init__(self, shaken: Shaken, clock: Noted, pages: Mapping[str, Page], database: Any) -> None:
        self._shaken, self._clock, self._pages, self._database = shaken, clock, pages, database

    async def look(self, queue: str) -> Moment:
        async with asyncio.timeout(SECONDS_TO_LOOK):
            seen = await look(self._pages[queue])
        me = self._shaken.staff(WATCHING[queue])
        horizon = await self._database.fetchval(HORIZON)
        nows = [*self._clock.since(monotonic() - seen.silent - SLACK_SECONDS), self._shaken.now]
        return Moment(queue, me, seen, horizon, nows)

    async def at_rest(self, queue: str) -> Moment:
        """Once the page holds the last change."""
        last = await self._database.fetchval(LAST)
        async with asyncio.timeout(SECONDS_TO_SETTLE):
            while (moment := await self.look(queue)).seen.cursor.xid < last:
                await asyncio.sleep(0.1)
        return moment


@pytest.mark.long
async def test_at_every_moment_a_page_shows_what_the_journal_says_while_processes_die(
    empty_kafka: Kafka, postgres: Postgres, playground: Path
) -> None:
    folder, dice = playground / "truth", random.Random(20270111)
    async with local_clinic(empty_kafka, postgres, folder, SERVICES, START) as clinic:
        clinic.known_as("pcp", "referrer", PRACTICE)
        board = await board_beside(clinic, folder)
        [door] = [worker for worker in clinic.system.workers if worker.url == board]
        shaken = Shaken(clinic, START, dice, KILLS, {"board": door})
        busy = Busy(shaken, dice, START)
        async with hands_at(board, clinic, NOTING) as hands, connected(clinic) as database:
            pages = {queue: await page_of(hands, board, queue) for queue in WATCHING}
            watch = Watch(shaken, noted(clinic), pages, database)
            moments = [await moment_while(busy, watch, dice) for _ in range(MOMENTS)]
            await clinic.clock.settle()
            at_rest = [await watch.at_rest(queue) for queue in pages]
        items = await items_of(clinic.system.database("worklist"))
    judge(moments, items)
    assert len({each.seen.cursor for each in moments}) > MOMENTS / 3, (
        "places enough for this to say something"
    )
    assert judge(at_rest, items) == 0, "in the end every row is as the journal has it"
    print(f"{len(items)} items, {busy.done}, killed {Counter(shaken.killed)}")
    assert set(shaken.killed) == {*SERVICES, "board"} and len(shaken.killed) == KILLS
    assert min(busy.done.values()) > 0, "everything happened that may happen"


async def moment_while(busy: Busy, watch: Watch, dice: random.Random) -> Moment:
    """People do some things, and meanwhile a page is looked at."""
    doing = asyncio.ensure_future(busy.some_things())
    await asyncio.sleep(dice.uniform(0, 0.3))
    moment = await watch.look(dice.choice(list(WATCHING)))
    await doing
    return moment


def judge(moments: Sequence[Moment], items: Sequence[Item]) -> int:
    """How many moments were ahead of their place. Raises AssertionError with all that was not true."""
    problems, ahead = [], 0
    for number, moment in enumerate(moments):
        found, before = differences(moment, items)
        problems += [f"{number} {moment.queue} at {moment.seen.cursor}: {each}" for each in found]
        ahead += before > 0
        if moment.seen.silent > STALE_SECONDS and moment.seen.line == "live":
            problems.append(f"{number}: called live after {moment.seen.silent:.0f} s of silence")
    assert not problems, "\n" + "\n".join(problems)
    places, rows = {each.seen.cursor for each in moments}, sum(len(each.seen.rows) for each in moments)
    print(
        f"{len(moments)} moments at {len(places)} places, {rows} rows, {ahead} moments ahead of their place"
    )
    return ahead


def noted(clinic: LocalClinic) -> Noted:
    """In place of the clinic's clock."""
    assert isinstance(clinic.clock, ClockDriver)
    clinic.clock = clock = Noted(
        clinic.system.http, [worker.url for worker in clinic.workers.values()], LEASE_AND_MORE
    )
    clock.moves = [(0, 0, at_clinic(START))]
    return clock


async def page_of(hands: Hands, board: str, queue: str) -> Page:
    page = await hands.page(WATCHING[queue])
    await page.goto(f"{board}/board/{queue}")
    return page


@asynccontextmanager
async def connected(clinic: LocalClinic) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(clinic.system.database("worklist"))
    try:
        yield connection
    finally:
        await connection.close()
