"""What may happen to the plan for antithrombotics around a procedure."""

from datetime import date, datetime
from decimal import Decimal

import msgspec

from backbone.model import Command
from schemas.care_plan.v1.codes import BleedingRisk, RenalMeasure, SpinalRegion
from schemas.codes import ProcedureFamily


class FollowProcedure(Command, tag="follow_procedure", kw_only=True):
    """It is ordered."""

    procedure_id: str
    patient_id: str
    referral_id: str | None = None
    family: ProcedureFamily
    region: SpinalRegion
    risk: BleedingRisk


class LookAtDrugs(Command, tag="look_at_antithrombotics", kw_only=True):
    """What is known of the patient's drugs and kidneys may be different now."""

    patient_id: str


class LookBeside(Command, tag="look_at_procedures_beside", kw_only=True):
    """Another record of the person may have a procedure of these days."""

    patient_id: str


class NoteDate(Command, tag="note_procedure_date", kw_only=True):
    """A date is held, booked or moved."""

    appointment_id: str
    version: int
    start: datetime


class DropDate(Command, tag="drop_procedure_date", kw_only=True):
    """It is cancelled, or nobody came."""

    appointment_id: str
    missed: bool = False


class CancelPlan(Command, tag="cancel_antithrombotic_plan"):
    """The procedure does not go ahead, or the referral ended."""


class FinishPlan(Command, tag="finish_antithrombotic_plan"):
    """The procedure was performed."""


class NoteInr(Command, tag="note_failed_inr", kw_only=True):
    """The INR was too high; `fact_id` says so."""

    fact_id: str
    at: datetime


class Choice(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a proceduralist says of one drug; what they leave out is as the table has it."""

    drug: str
    use: str | None = None
    hold_hours: int | None = None
    goes_on: bool = False


class DraftPlan(Command, tag="draft_antithrombotic_plan", kw_only=True):
    """A line for each drug: those that are known, and those named here."""

    choices: tuple[Choice, ...] = ()


class RecordAgreement(Command, tag="record_hold_agreement", kw_only=True):
    """Who prescribes the drug agreed that it is held; `prescriber` names them (ANT-02)."""

    drug: str
    prescriber: str


class StateRenalFunction(Command, tag="state_renal_function", kw_only=True):
    """The value of a day, for all plans of the person. Without `ml_per_min`: what was stated for that day was a
    mistake."""

    taken_on: date
    measure: RenalMeasure
    ml_per_min: Decimal | None = None


class SignPlan(Command, tag="sign_antithrombotic_plan", kw_only=True):
    """For this version of this date. `text`: what the patient is told. `already_stopped`: the last dose was taken."""

    appointment_id: str
    appointment_version: int
    text: str
    already_stopped: bool = False
