"""GET …/actions says what the deciders would say."""

from datetime import timedelta
from typing import Any

from backbone.model import Actor
from services.worklist.domain.item.actions import Action, possible_actions
from services.worklist.item.commands import Rights
from services.worklist.item.states import Claimed, Completed, Movement, Waiting
from tests.support.deciding import START
from tests.support.desk import LEAD, LEADS, NURSE, NURSES, OTHER_NURSE, shipped_rules
from tests.unit.worklist.test_exhaustive import AN_ITEM, ENTRY

CLAIM_BY_NURSE = Movement(by=NURSE.id, at=START, queue="nursing", entry_id=ENTRY, entered_at=START)
WAITING = Waiting(item=AN_ITEM)
CLAIMED = Claimed(item=AN_ITEM, by=str(NURSE.id), since=START, last=CLAIM_BY_NURSE)


def allowed(state: Any, actor: Actor, rights: Rights, minutes: int = 0) -> dict[str, bool]:
    at = START + timedelta(minutes=minutes)
    return {each.action: each.allowed for each in possible_actions(state, actor, rights, at, shipped_rules())}


def test_a_nurse_may_claim_what_waits_for_nurses() -> None:
    assert allowed(WAITING, NURSE, NURSES) == {"claim": True, "transfer": False}


def test_others_are_told_who_may() -> None:
    claim, transfer = possible_actions(WAITING, LEAD, LEADS, START, shipped_rules())
    assert claim == Action("claim", False, ("nurse", "triage_nurse"), disciplines=("nursing",))
    assert (transfer.allowed, transfer.queues) == (True, ("medical",))


def test_the_claimant_may_release_transfer_and_undo() -> None:
    assert allowed(CLAIMED, NURSE, NURSES) == {"release": True, "transfer": True, "undo": True}
    assert allowed(CLAIMED, OTHER_NURSE, NURSES) == {"release": False, "transfer": False, "undo": False}
    assert allowed(CLAIMED, LEAD, LEADS) == {"release": True, "transfer": True, "undo": True}


def test_nothing_is_undone_after_its_window() -> None:
    assert "undo" not in allowed(CLAIMED, NURSE, NURSES, minutes=11)


def test_nobody_can_do_anything_with_what_is_done() -> None:
    assert allowed(Completed(item=AN_ITEM), NURSE, NURSES) == {}
