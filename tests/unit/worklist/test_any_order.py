"""Facts and claims in any order: one by one and at once lead to the same, and a replay to nothing."""

import asyncio
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from backbone.ids import ROOT, derive
from schemas.fact import Fact
from services.worklist.item.commands import ClaimItem
from services.worklist.item.states import Claimed, Waiting
from tests.support.desk import NURSE, REFERRAL, Desk
from tests.support.effort import explored
from tests.support.referral_facts import (
    found_complete,
    found_incomplete,
    information_not_received,
    information_requested,
    information_supplied,
    progressed,
    red_flag_raised,
    red_flag_resolved,
    red_flag_unclear,
    redirected,
    rejected,
    triage_suggested,
    triaged,
)

OTHER = derive(ROOT, "referral 2")
EVERY_FACT: tuple[Fact, ...] = (
    found_complete(),
    found_incomplete(),
    information_not_received("reminder"),
    information_not_received("decision"),
    information_requested(),
    information_supplied(),
    progressed(),
    red_flag_unclear(),
    redirected(),
    rejected(),
    triage_suggested("cat_1"),
    triage_suggested("cat_3"),
    triaged("cat_1"),
    triaged("cat_3"),
)
FLAGS: tuple[tuple[Fact, str], ...] = (
    (red_flag_raised(), REFERRAL),
    (red_flag_resolved(), REFERRAL),
    (red_flag_raised("malignancy", "urgent", OTHER), OTHER),
    (red_flag_resolved("malignancy", OTHER), OTHER),
)
"""A flag belongs to one referral."""

told = st.tuples(st.sampled_from(EVERY_FACT), st.sampled_from([REFERRAL, OTHER])) | st.sampled_from(FLAGS)
stories = st.lists(told, max_size=25)


async def hear(desk: Desk, story: list[Any], at_once: bool) -> None:
    for fact, referral in story:
        if at_once:
            desk._produce(fact, referral=referral)
        else:
            await desk.tell(fact, referral=referral)
    await desk.system.settle()


async def claim_everything(desk: Desk) -> None:
    for item_id, state in sorted(desk.states().items()):
        if isinstance(state, Waiting):
            await desk.ask(item_id, ClaimItem(), NURSE)


async def live(story: list[Any], more: list[Any], *, at_once: bool) -> Desk:
    desk = Desk()
    await hear(desk, story, at_once)
    await claim_everything(desk)
    await hear(desk, more, at_once)
    return desk


@explored(40)
@given(stories, stories)
def test_one_by_one_and_all_at_once_lead_to_the_same(story: list[Any], more: list[Any]) -> None:
    alone = asyncio.run(live(story, more, at_once=False))
    together = asyncio.run(live(story, more, at_once=True))
    assert alone.states() == together.states()
    assert [row.data for row in alone.tables.journal] == [row.data for row in together.tables.journal]
    assert alone.tables.live_row == together.tables.live_row


@explored(40)
@given(stories)
def test_a_replay_changes_nothing(story: list[Any]) -> None:
    async def twice() -> None:
        desk = await live(story, [], at_once=True)
        before, facts = desk.states(), desk.number_of_facts()
        await desk.replay()
        assert desk.states() == before
        assert desk.number_of_facts() == facts

    asyncio.run(twice())


@explored(40)
@given(stories)
def test_rows_are_the_open_items(story: list[Any]) -> None:
    desk = asyncio.run(live(story, [], at_once=True))
    held = {item_id: s.item.queue for item_id, s in desk.states().items() if isinstance(s, Waiting | Claimed)}
    shown = {key: topic.rpartition(".")[2] for topic, key in desk.tables.live_row}
    assert shown == held
    for queue in set(held.values()):
        assert desk.queue(queue).keys() == {item_id for item_id, its in held.items() if its == queue}
