"""A claim that is kept: who may, from when it rests, and what its row tells."""

from typing import Any

import pytest

from backbone.model import SYSTEM, Actor
from schemas.codes import ItemType
from schemas.queue import QueueItem
from schemas.worklist.v1.item import ItemReleased, TransitionUndone
from services.worklist.item.commands import KeepItem, ReleaseIdle
from services.worklist.item.states import Claimed, Waiting
from services.worklist.queue.documents import row_document
from tests.support.deciding import START, nothing, refused
from tests.support.desk import LEAD, NURSE, OTHER_NURSE, Desk, clinic, shipped_rules
from tests.support.referral_facts import triage_suggested
from tests.unit.worklist.test_movements import CLAIM, UNDO, after, given, opening

KEEP = KeepItem()


@pytest.mark.parametrize(("item_type", "minutes"), [("REF_TRIAGE", 60), ("RED_FLAG", 15)])
def test_a_claim_that_is_kept_rests_from_then_on(item_type: ItemType, minutes: int) -> None:
    kept = given(opening(item_type), NURSE, CLAIM).when(after(minutes=minutes - 1), KEEP)
    assert kept.timers["idle"].due == after(minutes=2 * minutes - 1)
    assert (kept.state.by, kept.state.since) == (NURSE.id, START)
    again = given(opening(item_type), NURSE, CLAIM, after(minutes=minutes - 1), KEEP)
    again.when(SYSTEM, after(minutes=minutes), ReleaseIdle()).then(nothing())
    again.when(SYSTEM, after(minutes=2 * minutes - 1), ReleaseIdle()).then(ItemReleased)


@pytest.mark.parametrize("person", [OTHER_NURSE, LEAD])
def test_nobody_else_keeps_a_claim(person: Actor) -> None:
    given(opening(), NURSE, CLAIM).when(person, KEEP).then(refused("only the claimant", code="not-permitted"))


def test_what_nobody_has_claimed_is_not_kept() -> None:
    given(opening()).when(NURSE, KEEP).then(refused())


def test_what_was_kept_can_still_be_undone() -> None:
    given(opening(), NURSE, CLAIM, after(minutes=2), KEEP).when(UNDO).then(TransitionUndone).then_state(
        Waiting
    )


async def test_a_kept_claim_goes_back_at_the_time_that_its_row_tells() -> None:
    desk = Desk("2027-01-11 10:00")
    await desk.tell(triage_suggested())
    item_id = desk.the("REF_TRIAGE").item.id
    await desk.ask(item_id, CLAIM)
    await desk.wait("2027-01-11 10:50")
    await desk.ask(item_id, KEEP)
    assert shown(desk)["goes_back_at"] == clinic("2027-01-11 11:50")
    await desk.wait("2027-01-11 11:49")
    assert isinstance(desk.the("REF_TRIAGE"), Claimed)
    await desk.wait("2027-01-11 11:50")
    assert isinstance(desk.the("REF_TRIAGE"), Waiting)
    assert "goes_back_at" not in shown(desk)


def shown(desk: Desk) -> Any:
    """The row as a view draws it."""
    [row] = desk.queue("nursing").values()
    return row_document(QueueItem.model_validate(row), START, shipped_rules())
