"""The safety alert: raised by a rule, closed by a named clinician and nothing else."""

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
from schemas.care_plan.v1.codes import AlertCode, AlertResult
from schemas.care_plan.v1.safety import (
    SafetyAlertAcknowledged,
    SafetyAlertAssessed,
    SafetyAlertClosed,
    SafetyAlertRaised,
)
from schemas.fact import Code
from services.care_plan.roles import CLINICIAN
from services.care_plan.rules import Judged, Rules, judged
from services.care_plan.safety_alert.facts import AlertRepeated, TriggerNoted


class Alert(State, kw_only=True):
    triggers: tuple[str, ...] = ()
    """Submissions that set it off: none does so twice."""


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
    """Answers to PHQ-9 came, complete or not (OUT-01). `submission_id` with the rule is the key."""

    submission_id: str
    answers: tuple[int | None, ...]


class AcknowledgeAlert(Command, tag="acknowledge_alert"):
    """A named clinician takes it up."""


class AssessAlert(Command, tag="assess_alert", kw_only=True):
    """What was found, and with which tool."""

    result: AlertResult
    tool: Code | None = None
    note: str


class CloseAlert(Command, tag="close_alert"):
    """It is dealt with."""


def consider(state: Quiet | Closed, command: ConsiderAnswers, given: Given[Rules]) -> Decision:
    """A positive answer means act. A negative one closes nothing."""
    if not (judgement := sets_off(state, command, given)):
        return ()
    rule = given.rules.measures.suicide_risk
    fact = SafetyAlertRaised(
        alert_id=given.target,
        code="suicide_risk",
        severity=rule.values.severity,
        rule=rule.id,
        subject_id=command.submission_id,
        queue=rule.values.queue,
        because=judgement.because,
    )
    return [like(TriggerNoted, command), Ruled(fact, (rule,))]


def consider_again(state: Open, command: ConsiderAnswers, given: Given[Rules]) -> Decision:
    return [like(AlertRepeated, command)] if sets_off(state, command, given) else ()


def sets_off(state: SafetyAlert, command: ConsiderAnswers, given: Given[Rules]) -> Judged | None:
    """None: it does not, or these answers did already."""
    judgement = judged(given.rules.measures.suicide_risk, command.answers)
    return judgement if judgement.fired and command.submission_id not in state.triggers else None


@by(CLINICIAN)
def acknowledge(state: Raised, command: AcknowledgeAlert, given: Given[Rules]) -> Decision:
    return [SafetyAlertAcknowledged(alert_id=given.target, by_id=decider(given), at=given.at)]


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


def noted(state: Quiet | Closed, fact: TriggerNoted, head: Head) -> Quiet | Closed:
    return replace(state, triggers=(*state.triggers, fact.submission_id))


def raised(state: Quiet | Closed, fact: SafetyAlertRaised, head: Head) -> Raised:
    return Raised(code=fact.code, triggers=state.triggers)


def repeated(state: Raised | Acknowledged, fact: AlertRepeated, head: Head) -> Raised | Acknowledged:
    return replace(state, triggers=(*state.triggers, fact.submission_id))


def repeated_after_assessment(state: Assessed, fact: AlertRepeated, head: Head) -> Acknowledged:
    """The assessment did not see it: there has to be another before the alert is closed."""
    return Acknowledged(code=state.code, triggers=(*state.triggers, fact.submission_id))


def acknowledged(state: Raised, fact: SafetyAlertAcknowledged, head: Head) -> Acknowledged:
    return like(Acknowledged, state)


def assessed(state: Acknowledged | Assessed, fact: SafetyAlertAssessed, head: Head) -> Assessed:
    return like(Assessed, state, result=fact.result)


def closed(state: Assessed, fact: SafetyAlertClosed, head: Head) -> Closed:
    return like(Closed, state)


SAFETY_ALERT = Aggregate[SafetyAlert](
    "safety_alert",
    Quiet(),
    decide=Table(
        *(consider, consider_again, acknowledge, assess, close, assess_first),
        ignores(AcknowledgeAlert, when=(Acknowledged, Assessed), whom=CLINICIAN),
    ),
    evolve=Table(noted, raised, repeated, repeated_after_assessment, acknowledged, assessed, closed),
)


def alert_id(patient_id: str, code: AlertCode) -> str:
    """The alert of this kind of a patient."""
    return derive(patient_id, f"safety alert:{code}")
