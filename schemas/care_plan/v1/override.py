"""Facts of an override: a rule says no, and a person of a named role may say yes, with a reason."""

from typing import Annotated, ClassVar, Literal

from schemas.care_plan.v1.codes import CoverageRisk, OverrideReason
from schemas.fact import Fact, Id, RuleId, Word, YesNo, sensitivity
from schemas.proposal import Answer, Outcome, Proposal, ProposalType


class OverrideFact(Fact):
    """What every fact of this aggregate is."""

    aggregate: ClassVar[str] = "override"


class OverrideRequested(Proposal, OverrideFact):
    """A rule asks the `role` that it names whether to go on."""

    type: Literal["care_plan.override_requested.v1"] = "care_plan.override_requested.v1"
    override_id: Id
    rule: RuleId
    role: Word
    subject_id: Id
    coverage_risk: Annotated[CoverageRisk | None, sensitivity("phi")] = None

    @property
    def questions(self) -> tuple[str, ...]:
        return (self.override_id,)


class OverrideRecorded(Answer, OverrideFact):
    """That role decided."""

    type: Literal["care_plan.override_recorded.v1"] = "care_plan.override_recorded.v1"
    override_id: Id
    granted: YesNo
    reason: OverrideReason
    decided_by: Id
    answers_to = (OverrideRequested,)

    def outcome(self, proposal: ProposalType, question: str) -> Outcome | None:
        if question != self.override_id:
            return None
        return "taken" if self.granted else "declined"


class OverrideLapsed(OverrideFact):
    """The question is gone: what it was about is cancelled, or has a date for which the rule says nothing."""

    type: Literal["care_plan.override_lapsed.v1"] = "care_plan.override_lapsed.v1"
    override_id: Id
