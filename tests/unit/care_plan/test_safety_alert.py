"""OUT-01: a positive answer means act, at once and on the same day, and a person ends it. Nothing else does."""

from datetime import timedelta
from decimal import Decimal
from inspect import unwrap
from typing import Any

import pytest

from backbone.model import Actor, group_of
from schemas.care_plan.v1.safety import (
    SafetyAlertAcknowledged,
    SafetyAlertAssessed,
    SafetyAlertClosed,
    SafetyAlertRaised,
)
from services.care_plan.risk.states import Risk
from services.care_plan.roles import CLINICIAN
from services.care_plan.rules import SuicideRisk
from services.care_plan.safety_alert.aggregate import (
    SAFETY_ALERT,
    Acknowledged,
    Assessed,
    Closed,
    Quiet,
    Raised,
)
from services.care_plan.safety_alert.commands import (
    AcknowledgeAlert,
    AssessAlert,
    CloseAlert,
    ConsiderAnswers,
    ConsiderMissedVisit,
    ConsiderWarnings,
)
from services.care_plan.service import SERVICE
from tests.support.deciding import LANE, START, Deciding, deciding, like, nothing, refused, ruled
from tests.unit.care_plan.situations import COORDINATOR, NURSE, OUTSIDERS, PSYCHOLOGIST, rules, some_id

given: Deciding = deciding(SAFETY_ALERT, rules(), actor=PSYCHOLOGIST)
ASSESS = AssessAlert(result="safety_plan", tool="C-SSRS", note="Spoke for an hour.")
CLOSE, ACKNOWLEDGE = CloseAlert(), AcknowledgeAlert()


def answers(*items: int | Decimal | None, submission: str = "a submission") -> ConsiderAnswers:
    return ConsiderAnswers(submission_id=some_id(submission), answers=items)


POSITIVE = answers(*[0] * 8, 1)
LATER = answers(*[0] * 8, 2, submission="another submission")
NEGATIVE = answers(*[0] * 9, submission="a negative one")


@pytest.mark.parametrize(
    "positive",
    [
        POSITIVE,
        answers(*[3] * 9),
        answers(0, 0, None, None, 0, 0, 0, 0, 1),
        answers(*[None] * 8, 3),
        answers(*[0] * 8, Decimal("0.5")),
        answers(*[0] * 8, Decimal("0.001")),
    ],
)
def test_a_positive_answer_calls_for_a_person_today(positive: ConsiderAnswers) -> None:
    result = given().when(positive)
    raised = like(
        SafetyAlertRaised, code="suicide_risk", severity="same_day", rule="OUT-01", queue="psychology"
    )
    result.then(ruled(raised, "OUT-01")).then_state(Raised)


@pytest.mark.parametrize(
    "negative",
    [NEGATIVE, answers(3, 3, 3, 3, 3, 3, 2, 1, 0), answers(*[3] * 8, None), answers(1, 1), answers()],
)
def test_without_a_positive_answer_there_is_no_alert(negative: ConsiderAnswers) -> None:
    given().when(negative).then(nothing()).then_state(Quiet)


def test_a_warning_sign_calls_a_physician_at_once() -> None:
    warning = ConsiderWarnings(contact_id=some_id("a contact"), code="post_procedure_warning")
    raised = like(SafetyAlertRaised, severity="emergency", queue="medical", code="post_procedure_warning")
    given().when(warning).then(ruled(raised, "PPW-01")).then_state(Raised)
    given(warning, ASSESS, CLOSE).when(warning).then(nothing())


RECENT = Risk(alert_at=START - timedelta(days=30))
AT_RISK = (RECENT, Risk(open_alerts=(some_id("an alert"),)), Risk(high_dose=True), Risk(tapering=True))
MISSED = ConsiderMissedVisit(appointment_id=some_id("a visit"), patient_id=LANE)


@pytest.mark.parametrize("risk", AT_RISK, ids=["recent alert", "open alert", "high dose", "taper"])
def test_whoever_is_at_risk_and_does_not_come_is_called_today(risk: Risk) -> None:
    raised = like(
        SafetyAlertRaised, code="dna_high_risk", severity="same_day", rule="ATT-08", queue="nursing"
    )
    told_twice = given().beside({LANE: risk}).when(MISSED, MISSED)
    told_twice.then(ruled(raised, "ATT-08")).then_state(Raised)


@pytest.mark.parametrize("risk", [Risk(), Risk(alert_at=START - timedelta(days=31))])
def test_who_is_at_no_risk_and_does_not_come_is_no_alert(risk: Risk) -> None:
    given().beside({LANE: risk}).when(MISSED).then(nothing()).then_state(Quiet)


def test_the_same_submission_raises_no_second_alert() -> None:
    given(POSITIVE).when(POSITIVE).then(nothing())
    given(POSITIVE, ASSESS, CLOSE).when(POSITIVE).then(nothing()).then_state(Closed)


@pytest.mark.parametrize("steps", [(), (ACKNOWLEDGE,), (ASSESS,)])
def test_a_later_normal_score_closes_nothing(steps: Any) -> None:
    before = given(POSITIVE, *steps)
    state = before.world.state
    before.when(NEGATIVE).then(nothing()).then_state(state)


@pytest.mark.parametrize("steps", [(), (ACKNOWLEDGE,), (ASSESS,)])
def test_another_positive_answer_raises_the_open_alert_again(steps: Any) -> None:
    """Whoever took it up has to look again: the ladder begins anew."""
    again = like(SafetyAlertRaised, code="suicide_risk", subject_id=LATER.submission_id)
    given(POSITIVE, *steps).when(LATER).then(again).then_state(Raised)


def test_an_alert_that_was_assessed_is_assessed_again_for_what_came_after() -> None:
    repeated = given(POSITIVE, ASSESS, LATER)
    repeated.when(CLOSE).then(refused(instead="AssessAlert", code="not-assessed"))
    repeated.when(ASSESS, CLOSE).then(SafetyAlertAcknowledged, SafetyAlertAssessed, SafetyAlertClosed)


def test_after_its_end_another_positive_answer_raises_it_anew() -> None:
    given(POSITIVE, ASSESS, CLOSE).when(LATER).then(SafetyAlertRaised).then_state(Raised)


def test_a_clinician_acknowledges_by_name_and_once() -> None:
    result = given(POSITIVE).when(ACKNOWLEDGE)
    result.then(like(SafetyAlertAcknowledged, by_id=PSYCHOLOGIST.id)).then_state(Acknowledged)
    given(POSITIVE, ACKNOWLEDGE).when(NURSE, ACKNOWLEDGE).then(nothing())


def test_assessing_acknowledges() -> None:
    both = given(POSITIVE).when(ASSESS)
    expected = like(SafetyAlertAssessed, result="safety_plan", tool="C-SSRS", decided_by=PSYCHOLOGIST.id)
    both.then(SafetyAlertAcknowledged, expected).then_state(Assessed)
    given(POSITIVE, ACKNOWLEDGE).when(ASSESS).then(expected)


def test_what_was_found_is_content() -> None:
    result = given(POSITIVE).when(ASSESS)
    *_, fact = result.only_facts
    assert isinstance(fact, SafetyAlertAssessed)
    assert b"an hour" in result.world.contents[str(fact.note_ref)]
    assert b"an hour" not in fact.model_dump_json().encode()


@pytest.mark.parametrize("steps", [(), (ACKNOWLEDGE,)])
def test_no_alert_is_closed_before_it_was_assessed(steps: Any) -> None:
    given(POSITIVE, *steps).when(CLOSE).then(refused(instead="AssessAlert", code="not-assessed"))


def test_a_named_clinician_closes_it() -> None:
    result = given(POSITIVE, ASSESS).when(NURSE, CLOSE)
    result.then(like(SafetyAlertClosed, decided_by=NURSE.id)).then_state(Closed)


@pytest.mark.parametrize("actor", [*OUTSIDERS, COORDINATOR], ids=lambda actor: actor.role or actor.kind)
@pytest.mark.parametrize("command", [ACKNOWLEDGE, ASSESS, CLOSE])
def test_nobody_else_takes_up_assesses_or_closes_it(actor: Actor, command: Any) -> None:
    given(POSITIVE, ASSESS, actor).when(command).then(refused(code="not-permitted"))


def test_no_timer_ever_ends_it() -> None:
    assert not given(POSITIVE).when(ASSESS).timers


def test_nothing_but_closing_it_by_name_after_an_assessment_ends_it() -> None:
    """Every row of the tables: only an assessed alert is closed, by one command, of a group of clinicians."""
    ending = {
        (state, fact)
        for (state, fact), evolve in SAFETY_ALERT.evolve.rows.items()
        if evolve.__name__ == "closed"
    }
    assert ending == {(Assessed, SafetyAlertClosed)}
    closing = {
        (state, command)
        for (state, command), decide in SAFETY_ALERT.decide.rows.items()
        if "SafetyAlertClosed" in unwrap(decide).__code__.co_names
    }
    assert closing == {(Assessed, CloseAlert)}
    assert group_of(SAFETY_ALERT.decide.rows[Assessed, CloseAlert], Assessed, rules()) is CLINICIAN
    assert not any(
        "CloseAlert" in reaction.__code__.co_names for on in SERVICE.reactions for reaction in on.reactions
    )


def test_answers_that_the_rule_can_not_judge_raise_the_alert_and_say_why(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """PRV-34: a bug in the rule must not silence it."""

    def broken(*_: object) -> bool:
        raise IndexError("a bug in the rule")

    monkeypatch.setattr(SuicideRisk, "is_answered", broken)
    raised = like(SafetyAlertRaised, code="suicide_risk", severity="same_day", because="rule_failed")
    given().when(NEGATIVE).then(ruled(raised, "OUT-01")).then_state(Raised)
    given(NEGATIVE).when(NEGATIVE).then(nothing())
