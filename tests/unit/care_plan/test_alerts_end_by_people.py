"""No path closes an alert without a named clinician: every command in every state, and every fact that is heard."""

from collections.abc import Iterator
from typing import Any

import pytest

from backbone.model import SYSTEM, Actor, Command, Refused
from schemas.care_plan.v1.codes import ALERT_CODE
from schemas.care_plan.v1.safety import SafetyAlertAssessed, SafetyAlertClosed
from services.care_plan.opioid_check.facts import SecondReviewAsked
from services.care_plan.risk.states import Risk
from services.care_plan.safety_alert import aggregate as alerts
from services.care_plan.safety_alert.aggregate import SAFETY_ALERT
from services.care_plan.safety_alert.commands import (
    AcknowledgeAlert,
    AssessAlert,
    CloseAlert,
    ConsiderAnswers,
    ConsiderFall,
    ConsiderFinding,
    ConsiderHighDose,
    ConsiderHold,
    ConsiderLeftTaper,
    ConsiderMissedVisit,
    ConsiderWarnings,
    FollowEscalation,
    RaiseOpen,
)
from services.care_plan.safety_alert.reactions import OWN, REACTIONS
from services.care_plan.service import SERVICE
from tests.support.deciding import LANE, START, TARGET, deciding
from tests.unit.care_plan.situations import CLERK, COORDINATOR, NURSE, OUTSIDERS, PSYCHOLOGIST, rules, some_id

CODE = "suicide_risk"
STATES = (
    alerts.Quiet(),
    alerts.Raised(code=CODE),
    alerts.Acknowledged(code=CODE),
    alerts.Assessed(code=CODE, result="safety_plan"),
    alerts.Closed(code=CODE),
)
OTHER = some_id("something else")
COMMANDS: tuple[Command, ...] = (
    *(ConsiderAnswers(OTHER, (0,) * 8 + (item_9,)) for item_9 in (0, 3, None)),
    *(ConsiderWarnings(contact_id=OTHER, code=code) for code in ALERT_CODE),
    ConsiderMissedVisit(appointment_id=OTHER, patient_id=LANE),
    ConsiderFinding(check_id=OTHER),
    ConsiderFall(step_id=OTHER),
    ConsiderLeftTaper(ended_by=OTHER, patient_id=LANE),
    ConsiderHighDose(asked_by=OTHER),
    *(ConsiderHold(fact_id=OTHER, code=code) for code in ("hold_running_without_plan", "inr_blocked")),
    RaiseOpen(settled_by=OTHER),
    AcknowledgeAlert(),
    FollowEscalation(by_id=NURSE.id or "", at=START),
    *(AssessAlert(result=result, note="Looked.") for result in ("no_imminent_risk", "false_trigger")),
    CloseAlert(),
)
ACTORS = (*OUTSIDERS, CLERK, COORDINATOR, NURSE, PSYCHOLOGIST)
CLINICIANS = (NURSE, PSYCHOLOGIST)


def tried() -> Iterator[tuple[Any, Actor, Command, Any]]:
    """Every command in every state by everybody: what it led to, or that it was refused."""
    others: dict[Any, Any] = {LANE: Risk(high_dose=True)}
    for state in STATES:
        for actor in ACTORS:
            for command in COMMANDS:
                yield (
                    state,
                    actor,
                    command,
                    deciding(SAFETY_ALERT, rules(), others=others)(state).when(actor, command),
                )


def test_every_command_that_an_alert_answers_is_tried() -> None:
    assert {type(each) for each in COMMANDS} >= set(SAFETY_ALERT.decide.commands)


def test_only_a_clinician_who_is_named_assesses_and_closes_whatever_the_state() -> None:
    for state, actor, command, made in tried():
        for fact in made.only_facts:
            if isinstance(fact, SafetyAlertAssessed | SafetyAlertClosed):
                assert isinstance(command, AssessAlert | CloseAlert) and actor in CLINICIANS
                assert fact.decided_by == actor.id
        is_open = isinstance(state, alerts.Open)
        if is_open and not isinstance(made.state, alerts.Open):
            assert isinstance(state, alerts.Assessed) and isinstance(command, CloseAlert)
        if is_open and isinstance(made.state, alerts.Assessed) and not isinstance(state, alerts.Assessed):
            assert isinstance(command, AssessAlert)


def test_an_alert_that_nobody_assessed_is_closed_by_nobody() -> None:
    for state in (alerts.Raised(code=CODE), alerts.Acknowledged(code=CODE)):
        result = deciding(SAFETY_ALERT, rules())(state).when(NURSE, CloseAlert())
        assert isinstance(result.refusal, Refused) and result.refusal.code == "not-assessed"


def test_whatever_sets_it_off_while_it_is_open_is_added_and_has_to_be_looked_at_again() -> None:
    for state in STATES[1:4]:
        made = deciding(SAFETY_ALERT, rules())(state).when(ConsiderFinding(check_id=OTHER))
        assert isinstance(made.state, alerts.Raised) and made.state.triggers == (OTHER,)
        again = deciding(SAFETY_ALERT, rules())(made.state).when(ConsiderFinding(check_id=OTHER))
        assert not again.only_facts


def test_no_fact_that_is_heard_and_no_timer_asks_for_an_assessment_or_an_end() -> None:
    """The decider of both names a group of people, and reactions and timers act as nobody."""
    table = SAFETY_ALERT.decide.rows
    of_people = {command for (_, command), decide in table.items() if getattr(decide, "whom", None)}
    assert of_people >= {AssessAlert, CloseAlert}
    heard = {row.fact for row in SERVICE.reactions}
    assert {row.fact for row in (*REACTIONS, *OWN)} <= heard and SecondReviewAsked in heard
    for state in STATES:
        assert not SAFETY_ALERT.timers(state, rules())
        for command in (AssessAlert(result="false_trigger", note="x"), CloseAlert()):
            result = deciding(SAFETY_ALERT, rules())(state).when(SYSTEM, command)
            assert not result.only_facts


@pytest.mark.parametrize("code", list(ALERT_CODE))
def test_each_kind_is_one_alert_of_its_patient(code: Any) -> None:
    ids = {alerts.alert_id(patient, code) for patient in (LANE, LANE, TARGET)}
    assert len(ids) == 2
