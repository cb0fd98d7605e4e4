"""A queue as it was, folded from the journal: at every moment of any history what stood in the live rows then."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from backbone.ids import ROOT, derive
from backbone.model import Command
from schemas.queue import QueueItem
from services.worklist.item.commands import (
    ClaimItem,
    HoldItem,
    ReleaseItem,
    ReprioritiseByLead,
    ResumeItem,
    TransferItem,
    UndoTransition,
)
from services.worklist.past.queries import rows_then
from services.worklist.queue.queries import rows_of
from tests.support import referral_facts as facts
from tests.support.desk import LEAD, Desk

REFERRALS = [derive(ROOT, f"referral {n} of the past") for n in range(4)]
QUEUES = ("nursing", "medical", "coordination")
STEPS = 30


def told(random: Random) -> tuple[Any, ...]:
    """Facts that open, change, close and clean up."""
    return random.choice(
        [
            (facts.triage_suggested(random.choice(["cat_1", "cat_2"])),),
            (facts.triaged(),),
            (facts.found_incomplete(),),
            (facts.found_incomplete(), facts.found_complete()),
            (facts.information_requested(),),
            (facts.rejected(),),
        ]
    )


def asked(random: Random, desk: Desk) -> Command:
    """What a lead may ask of an item; much of it is refused."""
    later = desk.system.clock.now().date() + timedelta(days=2)
    return random.choice(
        [
            ClaimItem(),
            ReleaseItem(),
            HoldItem("waits_for_date", later),
            ResumeItem(),
            TransferItem("medical", "workload"),
            TransferItem("nursing", "workload"),
            ReprioritiseByLead("stat"),
            UndoTransition(),
        ]
    )


async def stepped(random: Random, desk: Desk) -> None:
    async with desk.system.workers["worklist"].store.connection() as connection:
        known = await connection.fetch("SELECT id::text FROM item ORDER BY body -> 'item' -> 'number', id")
    items = [row[0] for row in known]
    match random.randrange(5):
        case 0 | 1:
            await desk.tell(*told(random), referral=random.choice(REFERRALS))
        case 2 | 3 if items:
            await desk.ask(random.choice(items), asked(random, desk), LEAD)
        case _:
            await desk.system.advance(desk.system.clock.now() + timedelta(hours=random.choice([1, 9, 30])))


def sorted_rows(rows: Sequence[QueueItem]) -> Iterator[QueueItem]:
    return iter(sorted(rows, key=lambda row: row.item_id))


@pytest.mark.parametrize("seed", range(3))
async def test_at_every_moment_it_is_what_was_published_then(desk: Desk, seed: int) -> None:
    random, store = Random(seed), desk.system.workers["worklist"].store
    seen: list[tuple[Any, str, list[QueueItem]]] = []
    for _ in range(STEPS):
        await stepped(random, desk)
        await desk.system.advance(desk.system.clock.now())  # what was due before it was asked for happens now
        async with store.connection() as connection:
            for queue in QUEUES:
                rows = await rows_of(connection, queue)
                seen.append((desk.system.clock.now(), queue, list(sorted_rows(rows))))
        await desk.system.advance(desk.system.clock.now() + timedelta(seconds=1))
    assert sum(len(rows) for *_, rows in seen) > STEPS, "there was something to see"
    async with store.connection() as connection:
        for at, queue, rows in seen:
            assert list(sorted_rows(await rows_then(connection, queue, at))) == rows
