"""Facts of a safety alert. Only a named clinician closes one."""

from typing import Annotated, ClassVar, Literal

from schemas.care_plan.v1.codes import AlertCode, AlertResult, AssessmentTool
from schemas.codes import Queue, Severity
from schemas.fact import Fact, Id, Instant, RuleId, Word, sensitivity
from schemas.proposal import Answer, Outcome, Proposal, ProposalType


class AlertFact(Fact):
    """What every fact of this aggregate is."""

    aggregate: ClassVar[str] = "safety_alert"


class SafetyAlertRaised(Proposal, AlertFact):
    """A rule fired."""

    type: Literal["care_plan.safety_alert_raised.v1"] = "care_plan.safety_alert_raised.v1"
    alert_id: Id
    code: Annotated[AlertCode, sensitivity("phi")]
    severity: Severity
    rule: RuleId
    subject_id: Id
    queue: Annotated[Queue, sensitivity("phi")]
    procedure_id: Id | None = None
    """After which a warning was told of."""
    because: Word | None = None
    """`rule_failed`: the rule could not be evaluated, and counts as if it had fired (PRV-34). Or `LIVES`."""

    @property
    def questions(self) -> tuple[str, ...]:
        return (self.subject_id,)


class SafetyAlertAcknowledged(AlertFact):
    """A named person took it up."""

    type: Literal["care_plan.safety_alert_acknowledged.v1"] = "care_plan.safety_alert_acknowledged.v1"
    alert_id: Id
    by_id: Id
    at: Instant


class SafetyAlertAssessed(Answer, AlertFact):
    """A clinician assessed it."""

    type: Literal["care_plan.safety_alert_assessed.v1"] = "care_plan.safety_alert_assessed.v1"
    alert_id: Id
    result: Annotated[AlertResult, sensitivity("phi")]
    tool: AssessmentTool | None = None
    decided_by: Id
    note_ref: Id
    answers_to = (SafetyAlertRaised,)

    def outcome(self, proposal: ProposalType, question: str) -> Outcome | None:
        if self.result == "false_trigger":
            return "declined"
        return "other" if self.result == "not_reached" else "taken"


class SafetyAlertClosed(AlertFact):
    """A clinician closed it."""

    type: Literal["care_plan.safety_alert_closed.v1"] = "care_plan.safety_alert_closed.v1"
    alert_id: Id
    decided_by: Id
