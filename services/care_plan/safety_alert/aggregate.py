"""The safety alert: raised by a rule, closed by a named clinician and nothing else."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec
from msgspec.structs import replace

from backbone.ids import derive
from backbone.model import (
    Aggregate,
    Command,
    Content,
    Decision,
    Given,
    Head,
    Refused,
    Ruled,
    State,
    Table,
    by,
    decider,
    ignores,
    like,
)
from config.rules import Rule
from schemas.care_plan.v1.codes import AlertCode, AlertResult
from schemas.care_plan.v1.safety import (
    SafetyAlertAcknowledged,
    SafetyAlertAssessed,
    SafetyAlertClosed,
    SafetyAlertRaised,
)
from schemas.fact import Code
from services.care_plan.measures.decide.suicide_risk import judged
from services.care_plan.risk.states import risk_of, risk_seen
from services.care_plan.roles import CLINICIAN
from services.care_plan.rules import Rules
from services.care_plan.safety_alert.facts import TriggerNoted


class Alert(State, kw_only=True):
    triggers: tuple[str, ...] = ()
    """Submissions, contacts and missed visits that set it off: none does so twice."""


class Quiet(Alert, tag="none"):
    """Nothing was found."""


class Known(Alert, kw_only=True):
    code: AlertCode


class Raised(Known, tag="raised"):
    """Nobody has taken it up."""


class Acknowledged(Known, tag="acknowledged"):
    """A named clinician has."""


class Assessed(Known, tag="assessed", kw_only=True):
    result: AlertResult


class Closed(Known, tag="closed"):
    """It is dealt with."""


Open = Raised | Acknowledged | Assessed
SafetyAlert = Quiet | Open | Closed


class ConsiderAnswers(Command, tag="consider_answers"):
    """Answers to PHQ-9 came, complete or not, asked for or not (OUT-01). `submission_id` with the rule is the key."""

    submission_id: str
    answers: tuple[int | Decimal | None, ...]


class ConsiderWarnings(Command, tag="consider_warnings", kw_only=True):
    """Staff heard of warning signs of this kind of alert: each contact counts once."""

    contact_id: str
    code: AlertCode
    procedure_id: str | None = None


class ConsiderMissedVisit(Command, tag="consider_missed_visit", kw_only=True):
    """The patient was expected and did not come (ATT-08)."""

    appointment_id: str
    patient_id: str


class ConsiderFinding(Command, tag="consider_unexpected_finding", kw_only=True):
    """Registry or urine showed what nobody expected (OPI-10)."""

    check_id: str


class ConsiderFall(Command, tag="consider_fall", kw_only=True):
    """A dose fell otherwise than agreed, or where nothing was agreed (OPI-03)."""

    step_id: str


class ConsiderHighDose(Command, tag="consider_high_dose", kw_only=True):
    """A dose asks for a second review (OPI-02)."""

    asked_by: str


class ConsiderHold(Command, tag="consider_antithrombotics", kw_only=True):
    """A plan that is followed already is not valid any more (ANT-04), or the INR is too high on the day (ANT-05). Each
    such fact counts once."""

    fact_id: str
    code: AlertCode


class AcknowledgeAlert(Command, tag="acknowledge_alert"):
    """A named clinician takes it up."""


class FollowEscalation(Command, tag="follow_escalation", kw_only=True):
    """Whoever was called about it has taken it up."""

    by_id: str
    at: datetime


class AssessAlert(Command, tag="assess_alert", kw_only=True):
    """What was found, and with which tool."""

    result: AlertResult
    tool: Code | None = None
    note: str


class CloseAlert(Command, tag="close_alert"):
    """It is dealt with."""


def consider_answers(state: SafetyAlert, command: ConsiderAnswers, given: Given[Rules]) -> Decision:
    """A positive answer means act. A negative one closes nothing."""
    rule = given.rules.measures.suicide_risk
    fired, because = judged(rule, command.answers)
    return raising(state, "suicide_risk", command.submission_id, rule, given, because) if fired else ()


def consider_warnings(state: SafetyAlert, command: ConsiderWarnings, given: Given[Rules]) -> Decision:
    """Thoughts of suicide are told of by the rule that asks for them, everything else by its own."""
    suicidal = command.code == "suicide_risk"
    rule = given.rules.measures.suicide_risk if suicidal else given.rules.care_plan.warning_signs
    return raising(state, command.code, command.contact_id, rule, given, procedure_id=command.procedure_id)


def consider_missed_visit(state: SafetyAlert, command: ConsiderMissedVisit, given: Given[Rules]) -> Decision:
    """Whoever is at risk is called on the same day."""
    rule, risk = given.rules.care_plan.welfare, risk_of(given)
    at_risk = risk.is_high(given.at, rule.values.alert_days)
    return raising(state, "dna_high_risk", command.appointment_id, rule, given) if at_risk else ()


def consider_finding(state: SafetyAlert, command: ConsiderFinding, given: Given[Rules]) -> Decision:
    """It is talked over and confirmed; nobody is dismissed for it."""
    return raising(state, "unexpected_finding", command.check_id, given.rules.opioid.unexpected, given)


def consider_fall(state: SafetyAlert, command: ConsiderFall, given: Given[Rules]) -> Decision:
    return raising(state, "taper_too_fast", command.step_id, given.rules.opioid.taper, given)


def consider_high_dose(state: SafetyAlert, command: ConsiderHighDose, given: Given[Rules]) -> Decision:
    rule = given.rules.opioid.second_review
    return raising(state, "mme_high_second_review", command.asked_by, rule, given)


def consider_hold(state: SafetyAlert, command: ConsiderHold, given: Given[Rules]) -> Decision:
    """Somebody is called: nobody is told by software what to take."""
    rules = given.rules.antithrombotic
    rule: Rule[Any] = rules.inr if command.code == "inr_blocked" else rules.hold_running
    return raising(state, command.code, command.fact_id, rule, given)


def raising(
    state: SafetyAlert,
    code: AlertCode,
    trigger: str,
    rule: Rule[Any],
    given: Given[Rules],
    because: Code | None = None,
    procedure_id: str | None = None,
) -> Decision:
    """Raised, also while it is open: whoever took it up has to look again. No trigger does so twice."""
    if trigger in state.triggers:
        return ()
    fact = SafetyAlertRaised(
        alert_id=given.target,
        code=code,
        severity=rule.values.severity,
        rule=rule.id,
        subject_id=trigger,
        queue=rule.values.queue,
        because=because,
        procedure_id=procedure_id,
    )
    return [TriggerNoted(trigger_id=trigger), Ruled(fact, (rule,))]


@by(CLINICIAN)
def acknowledge(state: Raised, command: AcknowledgeAlert, given: Given[Rules]) -> Decision:
    return [SafetyAlertAcknowledged(alert_id=given.target, by_id=decider(given), at=given.at)]


def follow_escalation(state: Raised, command: FollowEscalation, given: Given[Rules]) -> Decision:
    return [like(SafetyAlertAcknowledged, command, alert_id=given.target)]


@by(CLINICIAN)
def assess(state: Open, command: AssessAlert, given: Given[Rules]) -> Decision:
    """Assessing acknowledges."""
    note, person = given.ref("note"), decider(given)
    acknowledged = SafetyAlertAcknowledged(alert_id=given.target, by_id=person, at=given.at)
    assessed = like(SafetyAlertAssessed, command, alert_id=given.target, decided_by=person, note_ref=note)
    return [
        Content(note, "alert_note", msgspec.json.encode(command.note)),
        *([acknowledged] if isinstance(state, Raised) else ()),
        assessed,
    ]


@by(CLINICIAN)
def close(state: Assessed, command: CloseAlert, given: Given[Rules]) -> Decision:
    return [SafetyAlertClosed(alert_id=given.target, decided_by=decider(given))]


@by(CLINICIAN)
def assess_first(state: Raised | Acknowledged, command: CloseAlert, given: Given[Rules]) -> Decision:
    return Refused("an alert is assessed before it is closed", instead=("AssessAlert",), code="not-assessed")


def noted(state: SafetyAlert, fact: TriggerNoted, head: Head) -> SafetyAlert:
    return replace(state, triggers=(*state.triggers, fact.trigger_id))


def raised(state: SafetyAlert, fact: SafetyAlertRaised, head: Head) -> Raised:
    """Whatever was acknowledged or assessed before did not see this."""
    return Raised(code=fact.code, triggers=state.triggers)


def acknowledged(state: Raised, fact: SafetyAlertAcknowledged, head: Head) -> Acknowledged:
    return like(Acknowledged, state)


def assessed(state: Acknowledged | Assessed, fact: SafetyAlertAssessed, head: Head) -> Assessed:
    return like(Assessed, state, result=fact.result)


def closed(state: Assessed, fact: SafetyAlertClosed, head: Head) -> Closed:
    return like(Closed, state)


def needs(state: SafetyAlert, command: Command) -> Iterable[tuple[str, str]]:
    if isinstance(command, ConsiderMissedVisit):
        yield from risk_seen(command.patient_id)


SAFETY_ALERT = Aggregate[SafetyAlert](
    "safety_alert",
    Quiet(),
    decide=Table(
        *(consider_answers, consider_warnings, consider_missed_visit, consider_finding),
        *(consider_fall, consider_high_dose, consider_hold),
        *(acknowledge, follow_escalation, assess, close, assess_first),
        ignores(FollowEscalation, when=(Quiet, Acknowledged, Assessed, Closed)),
        ignores(AcknowledgeAlert, when=(Acknowledged, Assessed), whom=CLINICIAN),
    ),
    evolve=Table(noted, raised, acknowledged, assessed, closed),
    needs=needs,
    has_pathway="if known",
)


def alert_id(patient_id: str, code: AlertCode) -> str:
    """The alert of this kind of a patient."""
    return derive(patient_id, f"safety alert:{code}")
