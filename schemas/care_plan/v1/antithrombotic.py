"""Facts of the plan for antithrombotics around a procedure: asked for, signed for one date, no longer valid."""

from typing import Annotated, ClassVar, Literal

from schemas.care_plan.v1.codes import BleedingRisk, PlanInvalidated
from schemas.fact import Count, Dec, Fact, Id, Instant, YesNo, sensitivity


class AntithromboticPlanFact(Fact):
    """What every fact of this aggregate is."""

    aggregate: ClassVar[str] = "antithrombotic_plan"


class AntithromboticPlanRequested(AntithromboticPlanFact):
    """A procedure meets drugs that make bleeding likelier (ANT-01, ANT-07). `blocking`: nothing is booked before it.
    `first_stop_at`: where a date is known, when the first drug would have to stop. `needs_inr`: a drug of the list asks
    for it before the procedure (ANT-05)."""

    type: Literal["care_plan.antithrombotic_plan_requested.v1"] = "care_plan.antithrombotic_plan_requested.v1"
    antithrombotic_plan_id: Id
    procedure_id: Id
    risk: Annotated[BleedingRisk, sensitivity("phi")]
    drug_count: Annotated[Count, sensitivity("phi")]
    blocking: YesNo
    needs_inr: YesNo | None = None
    first_stop_at: Annotated[Instant | None, sensitivity("phi")] = None


class AntithromboticPlanSigned(AntithromboticPlanFact):
    """A proceduralist signed it for this date of this appointment, and for no other (ANT-02 to ANT-05). `corrects`: the
    patient may have read an older text, in whose place this one is."""

    type: Literal["care_plan.antithrombotic_plan_signed.v1"] = "care_plan.antithrombotic_plan_signed.v1"
    antithrombotic_plan_id: Id
    procedure_id: Id
    appointment_id: Id
    appointment_version: Count
    last_dose_at: Annotated[Instant | None, sensitivity("phi")] = None
    restart_not_before: Annotated[Instant | None, sensitivity("phi")] = None
    inr_from: Annotated[Instant | None, sensitivity("phi")] = None
    inr_max: Annotated[Dec | None, sensitivity("phi")] = None
    prescriber_agreed: YesNo
    corrects: YesNo | None = None
    signed_by: Id


class AntithromboticPlanInvalidated(AntithromboticPlanFact):
    """The date, the drugs or the kidneys changed (ANT-04). `hold_running`: a drug may be stopped already."""

    type: Literal["care_plan.antithrombotic_plan_invalidated.v1"] = (
        "care_plan.antithrombotic_plan_invalidated.v1"
    )
    antithrombotic_plan_id: Id
    procedure_id: Id | None = None
    cause: PlanInvalidated
    was_signed: YesNo
    hold_running: YesNo
    first_stop_at: Annotated[Instant | None, sensitivity("phi")] = None
