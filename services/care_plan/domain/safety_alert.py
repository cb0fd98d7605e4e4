"""The safety alert: one for each patient and kind. Raised by a rule, closed by a named clinician and nothing else."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

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
)
from schemas.care_plan.v1.codes import AlertCode, AlertResult
from schemas.care_plan.v1.safety import (
    SafetyAlertAcknowledged,
    SafetyAlertAssessed,
    SafetyAlertClosed,
    SafetyAlertRaised,
)
from services.care_plan.domain.facts import AlertRepeated, TriggerNoted
from services.care_plan.domain.measures.rating import risk_answered
from services.care_plan.domain.roles import CLINICIAN
from services.care_plan.domain.rules import Rules

Code = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:/+-]{0,63}$")]


class Quiet(State, tag="none", frozen=True, kw_only=True):
    triggers: tuple[str, ...] = ()


class Raised(State, tag="raised", frozen=True, kw_only=True):
    code: AlertCode
    triggers: tuple[str, ...] = ()


class Acknowledged(State, tag="acknowledged", frozen=True, kw_only=True):
    code: AlertCode
    triggers: tuple[str, ...] = ()


class Assessed(State, tag="assessed", frozen=True, kw_only=True):
    code: AlertCode
    triggers: tuple[str, ...] = ()
    result: AlertResult


class Closed(State, tag="closed", frozen=True, kw_only=True):
    code: AlertCode
    triggers: tuple[str, ...] = ()


class ConsiderAnswers(Command, tag="consider_answers", kw_only=True, frozen=True):
    """Answers to PHQ-9 came, complete or not (OUT-01). `submission_id` with the rule is the key."""

    submission_id: str
    answers: tuple[int | None, ...]


class AcknowledgeAlert(Command, tag="acknowledge_alert", kw_only=True, frozen=True):
    pass


class AssessAlert(Command, tag="assess_alert", kw_only=True, frozen=True):
    result: AlertResult
    tool: Code | None = None
    note: Annotated[str, Meta(min_length=1, max_length=8000)]


class CloseAlert(Command, tag="close_alert", kw_only=True, frozen=True):
    pass


def consider(
    state: Quiet | Raised | Acknowledged | Assessed | Closed,
    command: ConsiderAnswers,
    given: Given[Rules],
) -> Decision:
    """A positive answer means act. A negative one closes nothing."""
    if command.submission_id in state.triggers or not risk_answered(command.answers, given.rules):
        return ()
    if not isinstance(state, Quiet | Closed):
        return [AlertRepeated(submission_id=command.submission_id)]
    fact = SafetyAlertRaised(
        alert_id=given.target,
        code="suicide_risk",
        severity="same_day",
        rule="OUT-01",
        subject_id=command.submission_id,
        queue="psychology",
    )
    noted = TriggerNoted(submission_id=command.submission_id)
    return [noted, Ruled(fact, (given.rules.measures.suicide_risk.named,))]


@by(CLINICIAN)
def acknowledge(state: Raised, command: AcknowledgeAlert, given: Given[Rules]) -> Decision:
    return [SafetyAlertAcknowledged(alert_id=given.target, by_id=decider(given), at=given.at)]


@by(CLINICIAN)
def acknowledge_again(
    state: Acknowledged | Assessed, command: AcknowledgeAlert, given: Given[Rules]
) -> Decision:
    return ()


@by(CLINICIAN)
def assess(state: Raised | Acknowledged | Assessed, command: AssessAlert, given: Given[Rules]) -> Decision:
    """Assessing acknowledges."""
    note, person = given.ref("note"), decider(given)
    first = (
        [SafetyAlertAcknowledged(alert_id=given.target, by_id=person, at=given.at)]
        if isinstance(state, Raised)
        else []
    )
    return [
        Content(note, "note", msgspec.json.encode(command.note)),
        *first,
        SafetyAlertAssessed(
            alert_id=given.target, result=command.result, tool=command.tool, decided_by=person, note_ref=note
        ),
    ]


@by(CLINICIAN)
def close(state: Assessed, command: CloseAlert, given: Given[Rules]) -> Decision:
    return [SafetyAlertClosed(alert_id=given.target, decided_by=decider(given))]


@by(CLINICIAN)
def assess_first(state: Raised | Acknowledged, command: CloseAlert, given: Given[Rules]) -> Decision:
    return Refused("an alert is assessed before it is closed", instead=("AssessAlert",), code="not-assessed")


def noted(state: Quiet | Closed, fact: TriggerNoted, head: Head) -> Quiet | Closed:
    return msgspec.structs.replace(state, triggers=(*state.triggers, fact.submission_id))


def raised(state: Quiet | Closed, fact: SafetyAlertRaised, head: Head) -> Raised:
    return Raised(code=fact.code, triggers=state.triggers)


def repeated(state: Raised | Acknowledged, fact: AlertRepeated, head: Head) -> Raised | Acknowledged:
    return msgspec.structs.replace(state, triggers=(*state.triggers, fact.submission_id))


def repeated_after_assessment(state: Assessed, fact: AlertRepeated, head: Head) -> Acknowledged:
    """The assessment did not see it: there has to be another before the alert is closed."""
    return Acknowledged(code=state.code, triggers=(*state.triggers, fact.submission_id))


def acknowledged(state: Raised, fact: SafetyAlertAcknowledged, head: Head) -> Acknowledged:
    return Acknowledged(code=state.code, triggers=state.triggers)


def assessed(state: Acknowledged | Assessed, fact: SafetyAlertAssessed, head: Head) -> Assessed:
    return Assessed(code=state.code, triggers=state.triggers, result=fact.result)


def closed(state: Assessed, fact: SafetyAlertClosed, head: Head) -> Closed:
    return Closed(code=state.code, triggers=state.triggers)


SAFETY_ALERT: Aggregate[Any] = Aggregate(
    "safety_alert",
    Quiet(),
    decide=Table(consider, acknowledge, acknowledge_again, assess, close, assess_first),
    evolve=Table(noted, raised, repeated, repeated_after_assessment, acknowledged, assessed, closed),
)


def alert_id(patient_id: str, code: str) -> str:
    """The alert of this kind of a patient."""
    return derive(patient_id, f"safety alert:{code}")


def is_open(state: Any) -> bool:
    return isinstance(state, Raised | Acknowledged | Assessed)
