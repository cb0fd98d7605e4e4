"""Facts of discharge and of patient-initiated follow-up (PIFU). The aggregate is the plan."""

from typing import Annotated, ClassVar, Literal

from schemas.care_plan.v1.codes import DischargeBasis, DischargedTo, DischargeReason
from schemas.fact import FEW, Day, Fact, Id, Word, YesNo, sensitivity


class DischargeFact(Fact):
    """What every fact of this aggregate is."""

    aggregate: ClassVar[str] = "care_plan"


class DischargeProposed(DischargeFact):
    """A review came to discharge; `missing` is what DIS-01 still asks for."""

    type: Literal["care_plan.discharge_proposed.v1"] = "care_plan.discharge_proposed.v1"
    plan_id: Id
    basis: Annotated[tuple[DischargeBasis, ...], FEW, sensitivity("phi")]
    missing: Annotated[tuple[Word, ...], FEW]


class DischargeDeclined(DischargeFact):
    """Not now."""

    type: Literal["care_plan.discharge_declined.v1"] = "care_plan.discharge_declined.v1"
    plan_id: Id
    decided_by: Id


class PatientDischarged(DischargeFact):
    """Confirmed by a clinician."""

    type: Literal["care_plan.patient_discharged.v1"] = "care_plan.patient_discharged.v1"
    plan_id: Id | None = None
    reason: Annotated[DischargeReason, sensitivity("phi")]
    to: DischargedTo
    handover_prescriber: YesNo | None = None
    followup_measures_on: Annotated[tuple[Day, ...], FEW]
    decided_by: Id


class PifuOpened(DischargeFact):
    """The patient may call until `ends_on`."""

    type: Literal["care_plan.pifu_opened.v1"] = "care_plan.pifu_opened.v1"
    plan_id: Id
    ends_on: Day


class PifuUsed(DischargeFact):
    """The patient called."""

    type: Literal["care_plan.pifu_used.v1"] = "care_plan.pifu_used.v1"
    plan_id: Id
    on: Day


class PifuExpired(DischargeFact):
    """The window ended."""

    type: Literal["care_plan.pifu_expired.v1"] = "care_plan.pifu_expired.v1"
    plan_id: Id
    ended_on: Day
