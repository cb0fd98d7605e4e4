"""OPI-02: whoever gave the first review of a high dose does not give the second, in whatever role they act."""

from typing import Any

from msgspec.structs import replace

from backbone.model import Actor, Refused
from schemas.care_plan.v1.safety import SafetyAlertAssessed
from services.care_plan.rules import Rules
from services.care_plan.safety_alert.aggregate import (
    SAFETY_ALERT,
    Acknowledged,
    Alert,
    Assessed,
    Closed,
    Quiet,
    Raised,
)
from services.care_plan.safety_alert.commands import (
    AcknowledgeAlert,
    AssessAlert,
    CloseAlert,
    ConsiderHighDose,
    RaiseOpen,
)
from tests.support.deciding import Deciding, deciding, refused
from tests.unit.care_plan.situations import COORDINATOR, NURSE, PHYSICIAN, rules, some_id

CODE: Any = "mme_high_second_review"
ASSESS = AssessAlert(result="no_imminent_risk", note="To the team; no abrupt change.")
FIRST, OTHER = PHYSICIAN.id or "", NURSE.id or ""
SECOND = refused(code="not-second")
given: Deciding = deciding(SAFETY_ALERT, rules(), actor=PHYSICIAN)


def asked(number: int = 1, *first_by: str) -> ConsiderHighDose:
    return ConsiderHighDose(asked_by=some_id(f"asked {number}"), first_by=first_by)


def raised(*first_by: str) -> Alert:
    return given(Quiet()).when(asked(1, *first_by)).state


def assesses(state: Alert, who: Actor) -> Any:
    return given(state).when(who, ASSESS)


def test_whoever_gave_the_first_review_does_not_give_the_second_in_any_state_or_role() -> None:
    mine = raised(FIRST)
    taken = given(mine).when(AcknowledgeAlert()).state
    after = assesses(taken, NURSE).state
    assert (type(mine), type(taken), type(after)) == (Raised, Acknowledged, Assessed)
    for state in (mine, taken, after):
        for role in ("physician", "medical_director", "proceduralist", "nurse"):
            assesses(state, replace(PHYSICIAN, role=role)).then(SECOND)
    assert given(after).when(CloseAlert()).only_facts, "what another assessed, anybody of them closes"


def test_another_clinician_gives_the_second_review_and_nobody_else_does() -> None:
    made = assesses(raised(FIRST), NURSE).only_facts
    assert [each.decided_by for each in made if isinstance(each, SafetyAlertAssessed)] == [OTHER]
    assesses(raised(FIRST), COORDINATOR).then(refused(code="not-permitted"))


def test_as_long_as_it_is_open_whoever_reviewed_either_dose_is_no_second() -> None:
    again = given(raised(FIRST)).when(asked(2, OTHER)).state
    for who in (PHYSICIAN, NURSE):
        assesses(again, who).then(SECOND)
    lives = given(raised(FIRST)).when(RaiseOpen(settled_by=some_id("settled"))).state
    assesses(lives, PHYSICIAN).then(SECOND)
    closed = Closed(code=CODE, first_by=(FIRST,))
    assert assesses(given(closed).when(asked(3, OTHER)).state, PHYSICIAN).only_facts, "a new one, a new first"


def staff_of(*logins: str) -> Rules:
    known = rules()
    members = tuple(each for each in known.staff.members if each.login in logins)
    return known.model_copy(update={"staff": known.staff.model_copy(update={"members": members})})


def test_the_refusal_says_who_may_and_what_to_do_where_there_is_nobody_else() -> None:
    paul = next(each for each in rules().staff.members if each.login == "paul.okafor")
    mine = Raised(code=CODE, first_by=(paul.id,))
    actor = Actor("user", paul.id, "physician")

    def told(*logins: str) -> str:
        here: Deciding = deciding(SAFETY_ALERT, staff_of(*logins), actor=actor)
        made = here(mine).when(ASSESS).refusal
        assert isinstance(made, Refused)
        return made.reason

    assert told("paul.okafor", "maya.stein", "cora.lind").endswith("it may be by maya.stein")
    assert "a clinician from outside is entered there first" in told("paul.okafor", "cora.lind")
