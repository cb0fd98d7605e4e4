"""Claim, release, transfer and undo: who may, what it leads to, what stays as it was."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from backbone.engine.work import Stale
from backbone.ids import ROOT, derive
from backbone.model import SYSTEM, Actor, Refused, Rights
from schemas.codes import ItemType, Queue
from schemas.worklist.v1.item import (
    ItemClaimed,
    ItemCompleted,
    ItemReleased,
    ItemReprioritised,
    ItemTransferred,
    TransitionUndone,
)
from services.worklist.catalogue.decide.table import SHARED
from services.worklist.item.aggregate import ITEM
from services.worklist.item.commands import (
    CancelItem,
    ClaimItem,
    CompleteItem,
    EscalateByLead,
    OpenItem,
    ReleaseIdle,
    ReleaseItem,
    ReprioritiseItem,
    TransferItem,
    UndoTransition,
)
from services.worklist.item.facts import UrgencyFollowed
from services.worklist.item.states import Cancelled, Claimed, Completed, Source, Waiting
from services.worklist.ladder.states import Unheard
from tests.support.deciding import START, TARGET, deciding, like, nothing, refused, ruled
from tests.support.desk import (
    COORDINATOR,
    LEAD,
    NURSE,
    OTHER_NURSE,
    REFERRAL,
    Desk,
    clinic,
    shipped_rules,
)
from tests.support.referral_facts import triage_suggested

given = deciding(ITEM, shipped_rules(), others={REFERRAL: Unheard()})

CLAIM, UNDO, RELEASE = ClaimItem(), UndoTransition(), ReleaseItem()
TO_MEDICAL = TransferItem("medical", "other_expertise")
SOMEBODY = Actor("user", derive(ROOT, "somebody"))
LATER, LAST = (Source(f"00000000-0000-4000-8000-{no:012}", START, REFERRAL, no) for no in (9, 10))


def opening(item_type: ItemType = "REF_TRIAGE", queue: Queue = "nursing") -> OpenItem:
    return OpenItem(
        source=Source(TARGET, START, REFERRAL, 1),
        item_type=item_type,
        queue=queue,
        subject_type="referral",
        subject_id=REFERRAL,
        priority="routine",
        due_at=START + timedelta(hours=10),
    )


def after(**time: float) -> datetime:
    return START + timedelta(**time)


def test_somebody_who_works_in_the_queue_claims() -> None:
    given(opening(), NURSE).when(CLAIM).then(like(ItemClaimed, by_id=NURSE.id)).then_state(Claimed)


@pytest.mark.parametrize("rights", [Rights(roles=("nurse",)), Rights(disciplines=("nursing",))])
def test_a_role_of_the_queue_or_its_discipline_is_enough(rights: Rights) -> None:
    given(opening(), SOMEBODY, rights).when(CLAIM).then(ItemClaimed)


@pytest.mark.parametrize("person", [COORDINATOR, LEAD, SOMEBODY])
def test_nobody_claims_in_a_queue_that_is_not_theirs(person: Actor) -> None:
    given(opening(), person).when(CLAIM).then(
        refused("only somebody who works in nursing", code="not-permitted")
    )


def test_the_system_cannot_claim() -> None:
    given(opening()).when(CLAIM).then(refused(code="not-permitted"))


def test_the_same_claim_again_is_done_already() -> None:
    given(opening(), NURSE, CLAIM).when(CLAIM).then(nothing())


def test_a_second_claim_is_refused_and_shows_the_winner() -> None:
    given(opening(), NURSE, CLAIM).when(OTHER_NURSE, CLAIM).then(
        refused(f"claimed by {NURSE.id}", code="claimed-by-another")
    )


async def test_of_two_claims_that_saw_the_same_version_one_wins() -> None:
    desk = Desk("2027-01-11 10:00")
    await desk.tell(triage_suggested())
    item = desk.the("REF_TRIAGE").item
    first = await desk.ask(item.id, CLAIM, NURSE, expecting=item.version)
    second = await desk.ask(item.id, CLAIM, OTHER_NURSE, expecting=item.version)
    third = await desk.ask(item.id, CLAIM, OTHER_NURSE, expecting=item.version + 1)
    assert first.refusal is None
    assert isinstance(second.refusal, Stale)
    assert isinstance(third.refusal, Refused)
    shown = second.one(ITEM).state
    assert isinstance(shown, Claimed) and shown.by == NURSE.id
    assert desk.the("REF_TRIAGE").by == NURSE.id
    [row] = desk.queue("nursing").values()
    assert (row["status"], row["claimed_by"]) == ("claimed", NURSE.id)


def test_a_released_item_keeps_its_waiting_time() -> None:
    result = given(opening(), NURSE, CLAIM).when(after(minutes=30), RELEASE)
    result.then(like(ItemReleased, reason="not_needed_now")).then_state(Waiting)
    assert result.state.item.waiting_since == START


def test_only_the_claimant_or_a_lead_releases() -> None:
    given(opening(), NURSE, CLAIM).when(OTHER_NURSE, RELEASE).then(
        refused("only the claimant", code="not-permitted")
    )
    given(opening(), NURSE, CLAIM).when(LEAD, ReleaseItem()).then(ItemReleased)


@pytest.mark.parametrize(("item_type", "minutes"), [("REF_TRIAGE", 60), ("RED_FLAG", 15)])
def test_an_idle_claim_is_released(item_type: ItemType, minutes: int) -> None:
    claimed = given(opening(item_type), NURSE, CLAIM)
    assert claimed.when().timers["idle"].due == START + timedelta(minutes=minutes)
    claimed.when(after(minutes=minutes - 1), ReleaseIdle()).then(nothing())
    claimed.when(after(minutes=minutes), ReleaseIdle()).then(
        ruled(like(ItemReleased, reason="idle"), "claim.idle")
    )


async def test_an_idle_claim_is_released_by_its_timer_and_not_after_it_was_renewed() -> None:
    desk = Desk("2027-01-11 10:00")
    await desk.tell(triage_suggested())
    item_id = desk.the("REF_TRIAGE").item.id
    await desk.ask(item_id, CLAIM)
    await desk.wait("2027-01-11 10:50")
    await desk.ask(item_id, RELEASE)
    await desk.ask(item_id, CLAIM)
    await desk.wait("2027-01-11 11:49")
    assert isinstance(desk.the("REF_TRIAGE"), Claimed)
    await desk.wait("2027-01-11 11:50")
    assert isinstance(desk.the("REF_TRIAGE"), Waiting)
    assert desk.facts()[1:] == ["item_claimed", "item_released", "item_claimed", "item_released"]


def test_a_transfer_starts_a_new_entry_and_keeps_the_rest() -> None:
    result = given(opening(), NURSE, CLAIM).when(after(minutes=5), TO_MEDICAL)
    result.then(like(ItemTransferred, from_queue="nursing", queue="medical", by_id=NURSE.id)).then_state(
        Waiting
    )
    [transferred] = result.only_facts
    item = result.state.item
    assert transferred.entry_id == item.entry_id != transferred.from_entry_id  # type: ignore[attr-defined]
    assert (item.waiting_since, item.priority, item.number) == (START, "routine", 1)


async def test_a_transferred_item_moves_from_one_topic_to_the_other() -> None:
    desk = Desk("2027-01-11 10:00")
    await desk.tell(triage_suggested())
    item_id = desk.the("REF_TRIAGE").item.id
    await desk.ask(item_id, CLAIM)
    await desk.ask(item_id, TO_MEDICAL)
    assert desk.queue("nursing") == {}
    assert desk.queue("medical")[item_id]["status"] == "waiting"
    await desk.ask(item_id, UNDO)
    assert desk.queue("medical") == {}
    assert desk.queue("nursing")[item_id]["claimed_by"] == NURSE.id


def test_a_waiting_item_is_transferred_by_a_lead_only() -> None:
    given(opening(), NURSE).when(TO_MEDICAL).then(refused("only the claimant", instead="ClaimItem"))
    given(opening(), LEAD).when(TransferItem("medical", "wrong_queue")).then(ItemTransferred)


@pytest.mark.parametrize(
    ("queue", "reason"),
    [
        ("coordination", "coordination does not take REF_TRIAGE"),
        ("nursing", "in nursing already"),
        ("radiology", "does not take"),
    ],
)
def test_a_queue_takes_only_the_types_it_allows(queue: Any, reason: str) -> None:
    command = TransferItem(queue, "wrong_queue")
    given(opening(), NURSE, CLAIM).when(command).then(refused(reason))


def test_undo_of_a_claim_gives_it_back_to_the_queue() -> None:
    result = given(opening(), NURSE, CLAIM).when(after(minutes=10), UNDO)
    result.then(like(TransitionUndone, restored_state="waiting", by_id=NURSE.id)).then_state(Waiting)


def test_undo_of_a_release_gives_it_back_to_the_claimant() -> None:
    result = given(opening(), NURSE, CLAIM, RELEASE).when(UNDO)
    result.then(like(TransitionUndone, restored_state="claimed")).then_state(Claimed)
    assert result.state.by == NURSE.id


def test_undo_of_a_transfer_gives_back_queue_entry_and_claimant() -> None:
    before = given(opening(), NURSE, CLAIM).when().state
    result = given(opening(), NURSE, CLAIM, TO_MEDICAL).when(UNDO)
    result.then(like(TransitionUndone, queue="nursing", restored_state="claimed")).then_state(Claimed)
    assert result.state.item.entry_id == before.item.entry_id
    assert result.state.item.entered_at == before.item.entered_at


def test_undo_takes_back_only_what_it_undoes() -> None:
    story = (opening(), NURSE, CLAIM, ReprioritiseItem(LATER, "information_not_received", "asap"))
    result = given(*story).when(UNDO)
    assert result.state.item.priority == "asap"
    result.then(TransitionUndone).then_state(Waiting)


def test_undo_is_possible_within_its_window_only() -> None:
    given(opening(), NURSE, CLAIM).when(after(minutes=10, seconds=1), UNDO).then(
        refused("too late", code="undo-window-passed")
    )


def test_undo_is_for_who_did_it_or_a_lead() -> None:
    given(opening(), NURSE, CLAIM).when(OTHER_NURSE, UNDO).then(
        refused("only who did it", code="not-permitted")
    )
    given(opening(), NURSE, CLAIM).when(LEAD, UndoTransition()).then(TransitionUndone)


def test_after_somebody_else_acted_only_that_act_can_be_undone() -> None:
    story = (opening(), NURSE, CLAIM, RELEASE, OTHER_NURSE, CLAIM)
    given(*story).when(NURSE, UNDO).then(refused("only who did it"))
    given(*story).when(UNDO).then_state(Waiting)


def test_undo_is_not_undone() -> None:
    given(opening(), NURSE, CLAIM, UNDO).when(UNDO).then(refused("nothing to undo", code="nothing-to-undo"))


def test_what_a_timer_released_only_a_lead_gives_back() -> None:
    story = (opening(), NURSE, CLAIM, after(hours=1), SYSTEM, ReleaseIdle())
    assert given(*story).when().state.last.by is None
    given(*story, NURSE).when(UNDO).then(refused("only who did it"))
    given(*story, LEAD).when(UndoTransition()).then_state(Claimed)


def test_facts_end_what_somebody_works_on() -> None:
    claimed = given(opening(), NURSE, CLAIM, SYSTEM, after(hours=1))
    claimed.when(CompleteItem(LATER)).then(like(ItemCompleted, item_wait_s=0)).then_state(Completed)
    given(opening(), NURSE, CLAIM, SYSTEM).when(CancelItem(LATER, "rejected")).then_state(Cancelled)


def test_a_safety_item_is_not_cancelled() -> None:
    given(opening("RED_FLAG")).when(CancelItem(LATER, "rejected")).then(refused("closing fact only"))


def test_a_death_that_is_told_late_ends_no_warning_that_was_raised_because_they_live() -> None:
    died = Source("00000000-0000-4000-8000-000000000007", START - timedelta(days=3), REFERRAL, 7)
    died_then = Source("00000000-0000-4000-8000-000000000008", START + timedelta(days=3), REFERRAL, 8)
    raised = replace(opening("SAFETY_ALERT"), lives=True)
    given(raised).when(CancelItem(died, "deceased")).then(nothing())
    given(raised).when(CancelItem(died_then, "deceased")).then_state(Cancelled)
    given(opening("SAFETY_ALERT")).when(CancelItem(died, "deceased")).then_state(Cancelled)


def test_a_fact_makes_an_item_more_urgent_never_less() -> None:
    moved = ReprioritiseItem(LATER, "information_not_received", "urgent", START + timedelta(days=7))
    given(opening()).when(moved).then(like(ItemReprioritised, priority="urgent"), UrgencyFollowed)
    result = given(opening(), moved).when(ReprioritiseItem(LAST, "information_not_received", "routine"))
    result.then(UrgencyFollowed)
    assert (result.state.item.priority, result.state.item.due_at) == ("urgent", moved.due_at)


def test_a_decision_on_urgency_makes_it_less_urgent_but_for_what_was_escalated() -> None:
    urgent = ReprioritiseItem(LATER, "triaged", "urgent", decides=True)
    routine = ReprioritiseItem(LAST, "triaged", "routine", decides=True)
    given(opening(), urgent).when(routine).then(like(ItemReprioritised, priority="routine"), UrgencyFollowed)
    late = given(opening(), urgent, LEAD, EscalateByLead())
    late.when(routine).then(like(ItemReprioritised, priority="urgent"), UrgencyFollowed)


def test_times_are_those_of_the_facts() -> None:
    assert given().when(opening()).state.item.opened.at == START == clinic("2027-01-04 09:00")


def test_what_each_queue_has_its_own_part_of_goes_to_no_other() -> None:
    """Two in one queue and none in the other: never."""
    assert "MDT_PREP" in SHARED and "MDT_ACTION" not in SHARED
