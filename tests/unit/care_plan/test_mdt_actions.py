"""Actions that a decision of the team leaves: whose they are, and how they end (MDT-02)."""

from datetime import date
from typing import Any

import pytest

from backbone.ids import ROOT, derive
from backbone.model import Actor
from schemas.care_plan.v1.mdt import MdtActionCompleted
from services.care_plan.mdt.aggregate import MDT_ACTION
from services.care_plan.mdt.commands import (
    CancelAction,
    CompleteAction,
    NoteActionDone,
    OpenAction,
    ReassignAction,
)
from services.care_plan.mdt.states import Done, Dropped, OpenTask
from tests.support.deciding import Deciding, deciding, like, nothing, refused
from tests.unit.care_plan.situations import COORDINATOR, PHYSICIAN, PHYSIOTHERAPIST, PSYCHOLOGIST, rules

CASE = derive(ROOT, "a case")
given_action: Deciding = deciding(MDT_ACTION, rules(), actor=COORDINATOR)

OPENED = OpenAction(case_id=CASE, due_on=date(2027, 2, 26), kind="activate_plan")


def test_an_action_is_done_by_a_fact_or_by_a_person_and_only_once() -> None:
    given_action(OPENED).when(NoteActionDone()).then(like(MdtActionCompleted, case_id=CASE))
    given_action(OPENED).when(CompleteAction()).then(MdtActionCompleted).then_state(Done)
    given_action(OPENED, CompleteAction()).when(NoteActionDone()).then(nothing())
    given_action(OPENED, CompleteAction()).when(CompleteAction()).then(nothing())


def whose(**owner: Any) -> OpenAction:
    return OpenAction(case_id=CASE, due_on=date(2027, 2, 26), **owner)


@pytest.mark.parametrize(
    ("owner", "actor", "may"),
    [
        ({"owner_id": PSYCHOLOGIST.id, "owner_queue": "psychology"}, PSYCHOLOGIST, True),
        ({"owner_id": PSYCHOLOGIST.id, "owner_queue": "psychology"}, PHYSIOTHERAPIST, False),
        ({"owner_id": PSYCHOLOGIST.id, "owner_queue": "psychology"}, PHYSICIAN, True),
        ({"owner_queue": "psychology"}, PSYCHOLOGIST, True),
        ({"owner_queue": "psychology"}, PHYSIOTHERAPIST, False),
        ({"owner_queue": "psychology"}, COORDINATOR, False),
        ({"owner_queue": "coordination"}, COORDINATOR, True),
        ({"owner_queue": "coordination"}, PSYCHOLOGIST, False),
    ],
)
def test_an_action_is_done_by_its_owner_or_a_plan_lead(owner: Any, actor: Actor, may: bool) -> None:
    result = given_action(whose(**owner)).when(actor, CompleteAction())
    result.then(MdtActionCompleted) if may else result.then(refused(code="not-permitted"))


def test_whoever_stands_in_is_named_first() -> None:
    owned = whose(owner_id=PSYCHOLOGIST.id)
    handed = given_action(owned, PHYSICIAN, ReassignAction(owner_id=str(PHYSIOTHERAPIST.id)))
    handed.when(PHYSIOTHERAPIST, CompleteAction()).then(MdtActionCompleted)


def test_an_action_changes_its_owner_and_stays_open() -> None:
    given_action(OPENED).when(ReassignAction(owner_id=str(PHYSICIAN.id))).then_state(OpenTask)


def test_a_cancelled_action_is_nobody_s_work_any_more() -> None:
    result = given_action(OPENED).when(CancelAction(reason="patient_moved"))
    result.then(MdtActionCompleted).then_state(Dropped)


@pytest.mark.parametrize("command", [CompleteAction(), ReassignAction(owner_id=CASE)])
def test_a_cancelled_action_stays_cancelled(command: Any) -> None:
    given_action(OPENED, CancelAction(reason="patient_moved")).when(command).then(refused())
