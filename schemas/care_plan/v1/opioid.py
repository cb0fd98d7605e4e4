"""Facts of opioid exposure."""

from typing import Annotated, ClassVar, Literal

from schemas.care_plan.v1.codes import (
    CheckResult,
    ExposureContext,
    ExposureProfile,
    ExposureStatus,
    OpioidCheck,
    RiskFactor,
    TaperEnd,
)
from schemas.fact import FEW, Day, Dec, Fact, Id, RuleId, Version, YesNo, sensitivity
from schemas.proposal import Answer, Outcome, Proposal, ProposalType


class OpioidFact(Fact):
    """What every fact of this aggregate is."""

    aggregate: ClassVar[str] = "opioid_profile"


class OpioidExposureAssessed(OpioidFact):
    """The drug list was read. `incomplete` is treated as high, never as none."""

    type: Literal["care_plan.opioid_exposure_assessed.v1"] = "care_plan.opioid_exposure_assessed.v1"
    mme_per_day: Annotated[Dec | None, sensitivity("phi")] = None
    status: Annotated[ExposureStatus, sensitivity("phi")]
    has_buprenorphine: Annotated[YesNo, sensitivity("phi")]
    factor_set: Version
    risk_factors: Annotated[tuple[RiskFactor, ...], FEW, sensitivity("phi")]
    profile: Annotated[ExposureProfile, sensitivity("phi")]
    context: ExposureContext


class CheckFact(Fact):
    """What every fact of the checks of a referral is."""

    aggregate: ClassVar[str] = "opioid_checks"


class OpioidCheckFellDue(Proposal, CheckFact):
    """What a patient takes asks for somebody to look, or to talk with them."""

    type: Literal["care_plan.opioid_check_fell_due.v1"] = "care_plan.opioid_check_fell_due.v1"
    check_id: Id
    check: Annotated[OpioidCheck, sensitivity("phi")]
    due_on: Day
    rule: RuleId

    @property
    def questions(self) -> tuple[str, ...]:
        return (self.check_id,)


class OpioidCheckRecorded(Answer, CheckFact):
    """Somebody did. `next_due`: when it is asked again, as long as its reason lasts."""

    type: Literal["care_plan.opioid_check_recorded.v1"] = "care_plan.opioid_check_recorded.v1"
    check_id: Id
    check: Annotated[OpioidCheck, sensitivity("phi")]
    result: Annotated[CheckResult, sensitivity("phi")]
    next_due: Day | None = None
    decided_by: Id
    answers_to = (OpioidCheckFellDue,)

    def outcome(self, proposal: ProposalType, question: str) -> Outcome | None:
        if question != self.check_id:
            return None
        return "declined" if self.result == "declined" else "taken"


class TaperFact(Fact):
    """What every fact of a taper is."""

    aggregate: ClassVar[str] = "taper"


class TaperStarted(TaperFact):
    """A slow decrease, agreed with the patient (OPI-03)."""

    type: Literal["care_plan.taper_started.v1"] = "care_plan.taper_started.v1"
    taper_id: Id
    from_mme: Annotated[Dec, sensitivity("phi")]
    next_followup: Day
    decided_by: Id


class TaperStepRecorded(TaperFact):
    """A dose was reached. Not `as_planned`: faster than agreed, or with no plan at all."""

    type: Literal["care_plan.taper_step_recorded.v1"] = "care_plan.taper_step_recorded.v1"
    taper_id: Id
    mme: Annotated[Dec, sensitivity("phi")]
    on: Day
    as_planned: YesNo


class TaperEnded(TaperFact):
    """Finished, paused or given up."""

    type: Literal["care_plan.taper_ended.v1"] = "care_plan.taper_ended.v1"
    taper_id: Id
    mme: Annotated[Dec, sensitivity("phi")]
    reason: TaperEnd
