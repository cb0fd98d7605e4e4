"""The record of reads: one suite for every store. Each level runs it with its own `store` fixture."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from backbone.ids import ROOT, derive
from backbone.store.accesses import Access, Head, broken_at

HER, HIM, READER = derive(ROOT, "she"), derive(ROOT, "he"), derive(ROOT, "a reader")
NOON = datetime(2027, 1, 4, 12, tzinfo=UTC)
DAY = NOON.date()


def an_access(number: int = 1, at: datetime = NOON, **changes: Any) -> Access:
    plain = Access(
        at=at + timedelta(microseconds=number),
        actor_kind="user",
        actor_id=READER,
        roles=("nurse", "triage_nurse"),
        purpose="treatment",
        stated=False,
        kind="plan",
        resource=f"/plans/{number}",
        lane_keys=(HER,),
        refused=False,
        glass_id=None,
        correlation_id=derive(READER, str(number)),
    )
    return plain._replace(**changes)


async def intact(store: Any, day: date = DAY) -> int | None:
    return broken_at(day, await store.accesses.on(day), await store.accesses.end(day))


async def test_what_was_read_is_found_as_it_was_recorded(store):
    mine = an_access(1, lane_keys=(HER, HIM), refused=True, purpose=None, glass_id=derive(ROOT, "glass"))
    await store.accesses.record(mine)
    [row] = await store.accesses.of([HIM], None, 10)
    assert (row.number, row.access) == (1, mine)
    assert await store.accesses.of([READER], None, 10) == []


async def test_the_days_rows_are_one_chain_and_each_day_has_its_own(store):
    for number in range(3):
        await store.accesses.record(an_access(number))
    await store.accesses.record(an_access(9, NOON + timedelta(days=1)))
    rows = await store.accesses.on(DAY)
    assert [row.number for row in rows] == [1, 2, 3]
    assert (await store.accesses.end(DAY)) == Head(3, rows[-1].head)
    assert await intact(store) is None and await intact(store, DAY + timedelta(days=1)) is None
    assert await intact(store, DAY - timedelta(days=1)) is None
    assert await store.accesses.days() == [DAY, DAY + timedelta(days=1)]


async def test_records_of_the_same_moment_stand_one_after_the_other(store):
    people = tuple(derive(ROOT, f"person {n}") for n in range(500))
    await asyncio.gather(*(store.accesses.record(an_access(n, lane_keys=people)) for n in range(40)))
    rows = await store.accesses.on(DAY)
    assert [row.number for row in rows] == list(range(1, 41))
    assert await intact(store) is None


@pytest.mark.parametrize("place", [0, 1, 2])
async def test_a_row_that_is_changed_or_taken_away_is_noticed(store, place):
    for number in range(3):
        await store.accesses.record(an_access(number))
    rows, end = list(await store.accesses.on(DAY)), await store.accesses.end(DAY)
    changed = rows[place]._replace(access=rows[place].access._replace(actor_id=HIM))
    assert broken_at(DAY, [*rows[:place], changed, *rows[place + 1 :]], end) == place + 1
    assert broken_at(DAY, rows[:place] + rows[place + 1 :], end) == place + 1
    assert broken_at(DAY, [], end) == 1


async def test_the_latest_come_first_a_page_at_a_time(store):
    for number in range(5):
        await store.accesses.record(an_access(number, NOON + timedelta(days=number % 2)))
    places: list[tuple[date, int]] = []
    before = None
    while found := await store.accesses.of([HER], before, 2):
        places += [(row.access.day, row.number) for row in found]
        before = places[-1]
    assert len(places) == 5 and all(one > other for one, other in pairwise(places))


async def test_what_was_shown_outside_is_neither_what_was_refused_nor_what_staff_read(store):
    shown = an_access(1, actor_kind="referrer", lane_keys=(HIM, HER))
    refused = an_access(2, actor_kind="referrer", refused=True)
    earlier = an_access(3, NOON - timedelta(days=1), actor_kind="patient")
    of_another = an_access(4, actor_kind="referrer", lane_keys=(HIM,))
    for access in (shown, refused, earlier, of_another, an_access(5)):
        await store.accesses.record(access)
    kinds = ("referrer", "patient")
    assert await store.accesses.by_outsiders([HER], kinds, NOON, 10) == [shown]
    assert len(await store.accesses.by_outsiders([HER, HIM], kinds, NOON - timedelta(days=2), 10)) == 3
    assert len(await store.accesses.by_outsiders([HER, HIM], kinds, NOON - timedelta(days=2), 2)) == 2
