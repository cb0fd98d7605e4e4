"""Facts of discharge and of patient-initiated follow-up (PIFU). The aggregate is the plan."""

from typing import Annotated, ClassVar, Literal

from schemas.care_plan.v1.codes import CareReason, DischargeBasis, DischargedTo, DischargeReason
from schemas.fact import FEW, Day, Fact, Id, Word, YesNo, sensitivity
from schemas.proposal import Answer, Outcome, Proposal, ProposalType


class DischargeFact(Fact):
    """What every fact of this aggregate is."""

    aggregate: ClassVar[str] = "care_plan"


class DischargeProposed(Proposal, DischargeFact):
    """A review came to discharge; `missing` is what DIS-01 still asks for, `inputs` the measures that
    speak for it."""

    type: Literal["care_plan.discharge_proposed.v1"] = "care_plan.discharge_proposed.v1"
    plan_id: Id
    basis: Annotated[tuple[DischargeBasis, ...], FEW, sensitivity("phi")]
    missing: Annotated[tuple[Word, ...], FEW]


class DischargeDeclined(Answer, DischargeFact):
    """Not now. `next_review`: when the plan, which goes on, is looked at again."""

    type: Literal["care_plan.discharge_declined.v1"] = "care_plan.discharge_declined.v1"
    plan_id: Id
    reason: CareReason | None = None
    decided_by: Id
    next_review: Day | None = None
    answers_to = (DischargeProposed,)

    def outcome(self, proposal: ProposalType, question: str) -> Outcome | None:
        return "declined"


class PifuExpired(Proposal, DischargeFact):
    """The window ended: a person discharges, or care goes on."""

    type: Literal["care_plan.pifu_expired.v1"] = "care_plan.pifu_expired.v1"
    plan_id: Id
    ended_on: Day


class PatientDischarged(Answer, DischargeFact):
    """Confirmed by a clinician. `no_final_measures`: why nothing was measured at the end."""

    type: Literal["care_plan.patient_discharged.v1"] = "care_plan.patient_discharged.v1"
    plan_id: Id | None = None
    reason: Annotated[DischargeReason, sensitivity("phi")]
    to: DischargedTo
    handover_prescriber: YesNo | None = None
    no_final_measures: CareReason | None = None
    followup_measures_on: Annotated[tuple[Day, ...], FEW]
    decided_by: Id
    answers_to = (DischargeProposed, PifuExpired)

    def outcome(self, proposal: ProposalType, question: str) -> Outcome | None:
        return "other" if self.reason == "DIED" else "taken"


class PifuOpened(DischargeFact):
    """The patient may call until `ends_on`."""

    type: Literal["care_plan.pifu_opened.v1"] = "care_plan.pifu_opened.v1"
    plan_id: Id
    ends_on: Day


class PifuUsed(Answer, DischargeFact):
    """The patient called."""

    type: Literal["care_plan.pifu_used.v1"] = "care_plan.pifu_used.v1"
    plan_id: Id
    on: Day
    answers_to = (PifuExpired,)

    def outcome(self, proposal: ProposalType, question: str) -> Outcome | None:
        return "declined"
