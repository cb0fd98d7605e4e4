"""Private facts of plans for antithrombotics."""

from typing import Annotated, Literal

from schemas.care_plan.v1.codes import RENAL_MEASURE, BleedingRisk, SpinalRegion
from schemas.codes import PROCEDURE_FAMILY
from schemas.fact import (
    SOME,
    Count,
    Day,
    Dec,
    Id,
    Instant,
    Part,
    PrivateFact,
    RuleId,
    Word,
    YesNo,
    sensitivity,
)

Drugs = Annotated[tuple[Word, ...], SOME, sensitivity("phi")]

Ways = Annotated[tuple[Id, ...], SOME, sensitivity("phi")]


class StatedKidneys(Part):
    """Millilitres per minute, of the blood of that day."""

    taken_on: Day
    ml_per_min: Annotated[Dec, sensitivity("phi")]
    measure: Annotated[str, RENAL_MEASURE.passed_on]


class ProcedureFollowed(PrivateFact):
    """A procedure is ordered, and what is known of the patient's drugs."""

    type: Literal["care_plan.antithrombotic_procedure_followed.v1"] = (
        "care_plan.antithrombotic_procedure_followed.v1"
    )
    procedure_id: Id
    patient_id: Id
    referral_id: Id | None = None
    family: Annotated[str, PROCEDURE_FAMILY.passed_on, sensitivity("phi")]
    region: Annotated[SpinalRegion, sensitivity("phi")]
    risk: Annotated[BleedingRisk, sensitivity("phi")]
    drugs: Drugs
    ways: Ways = ()
    whole: YesNo
    kidneys: StatedKidneys | None = None


class DrugsSeen(PrivateFact):
    """The drugs are others now, or taken in another way; the lists say more or less; or other kidneys are known."""

    type: Literal["care_plan.antithrombotics_seen.v1"] = "care_plan.antithrombotics_seen.v1"
    drugs: Drugs
    ways: Ways = ()
    whole: YesNo
    kidneys: StatedKidneys | None = None


class SeenBeside(Part):
    """A procedure under another record of the person."""

    day: Day
    procedure_id: Id


class ProceduresSeenBeside(PrivateFact):
    """Procedures of the same days under other records of the person; somebody is asked in the same decision."""

    type: Literal["care_plan.procedures_seen_beside.v1"] = "care_plan.procedures_seen_beside.v1"
    procedures: Annotated[tuple[SeenBeside, ...], SOME]


class DateNoted(PrivateFact):
    """The date of the procedure."""

    type: Literal["care_plan.procedure_date_noted.v1"] = "care_plan.procedure_date_noted.v1"
    appointment_id: Id
    version: Count
    start: Instant


class DateDropped(PrivateFact):
    """There is none any more."""

    type: Literal["care_plan.procedure_date_dropped.v1"] = "care_plan.procedure_date_dropped.v1"


class StatedLine(Part):
    """One drug of a draft."""

    drug: Annotated[Word, sensitivity("phi")]
    use: Annotated[Word | None, sensitivity("phi")] = None
    hold_hours: Annotated[Count | None, sensitivity("phi")] = None
    restart_hours: Annotated[Count | None, sensitivity("phi")] = None
    needs_inr: YesNo
    settled: YesNo
    unknown: YesNo


class PlanDrafted(PrivateFact):
    """Line by line."""

    type: Literal["care_plan.antithrombotic_plan_drafted.v1"] = "care_plan.antithrombotic_plan_drafted.v1"
    lines: Annotated[tuple[StatedLine, ...], SOME]
    drafted_by: Id
    override_id: Id | None = None
    untold: Drugs = ()


class OverrideNeeded(PrivateFact):
    """The table can't tell all of it: whoever may depart from it is asked (ANT-06)."""

    type: Literal["care_plan.antithrombotic_override_needed.v1"] = (
        "care_plan.antithrombotic_override_needed.v1"
    )
    override_id: Id
    rule: RuleId
    subject_id: Id
    """The procedure."""


class OverrideGone(PrivateFact):
    """Nobody needs an answer any more."""

    type: Literal["care_plan.antithrombotic_override_gone.v1"] = "care_plan.antithrombotic_override_gone.v1"
    override_id: Id


class AgreementRecorded(PrivateFact):
    """Who prescribes it agreed."""

    type: Literal["care_plan.hold_agreement_recorded.v1"] = "care_plan.hold_agreement_recorded.v1"
    drug: Annotated[Word, sensitivity("phi")]
    agreement_ref: Id
    recorded_by: Id


class RenalImpairmentStated(PrivateFact):
    """As journals have it from before values had a day: whether the kidneys were impaired, of one plan. Nothing says it
    any more."""

    type: Literal["care_plan.renal_function_stated.v1"] = "care_plan.renal_function_stated.v1"
    impaired: Annotated[bool | None, sensitivity("phi")] = None
    stated_by: Id


class RenalFunctionStated(PrivateFact):
    """A clinician said it, of the person; all plans of the person look at it in the same transaction."""

    type: Literal["care_plan.renal_function_stated.v2"] = "care_plan.renal_function_stated.v2"
    patient_id: Id
    """The record that keeps it."""
    taken_on: Day
    measure: Annotated[str, RENAL_MEASURE.passed_on]
    ml_per_min: Annotated[Dec | None, sensitivity("phi")] = None
    stated_by: Id


class TextSigned(PrivateFact):
    """What the patient reads; goes before the public fact."""

    type: Literal["care_plan.hold_text_signed.v1"] = "care_plan.hold_text_signed.v1"
    text_ref: Id


class InrFailed(PrivateFact):
    """On the day of the procedure (ANT-05)."""

    type: Literal["care_plan.inr_failed_on_the_day.v1"] = "care_plan.inr_failed_on_the_day.v1"
    fact_id: Id


class PlanCancelled(PrivateFact):
    """With its procedure."""

    type: Literal["care_plan.antithrombotic_plan_cancelled.v1"] = "care_plan.antithrombotic_plan_cancelled.v1"


class PlanFinished(PrivateFact):
    """The procedure was performed."""

    type: Literal["care_plan.antithrombotic_plan_finished.v1"] = "care_plan.antithrombotic_plan_finished.v1"
