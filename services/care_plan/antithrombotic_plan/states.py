"""The states of the plan for antithrombotics around a procedure."""

from datetime import date, datetime

import msgspec

from backbone.ids import derive
from backbone.model import State
from schemas.care_plan.v1.codes import BleedingRisk, SpinalRegion
from schemas.codes import ProcedureFamily
from services.care_plan.renal_function.states import RenalValue


class Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One drug. Without `hold_hours` it goes on."""

    drug: str
    use: str | None = None
    hold_hours: int | None = None
    restart_hours: int | None = None
    needs_inr: bool = False
    settled: bool = False
    """The table has one answer, or a clinician gave theirs."""
    unknown: bool = False
    """The table can't tell (ANT-06)."""
    agreement_ref: str | None = None
    """Who prescribes it and agreed to the hold (ANT-02)."""

    @property
    def lacks_agreement(self) -> bool:
        return self.hold_hours is not None and self.agreement_ref is None


class Appointment(msgspec.Struct, frozen=True):
    """The date that is held or booked for the procedure."""

    id: str
    version: int
    start: datetime


class Beside(msgspec.Struct, frozen=True, order=True):
    """A procedure under another record of the person, so near that the same drug would be held for both."""

    day: date
    procedure_id: str


class Known(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the plan goes by, whatever becomes of it."""

    procedure_id: str = ""
    patient_id: str | None = None
    referral_id: str | None = None
    family: ProcedureFamily = ""
    region: SpinalRegion = "none"
    risk: BleedingRisk = "none"
    drugs: tuple[str, ...] = ()
    """Those that prevent clots, on the lists of all records of the person."""
    ways: tuple[str, ...] = ()
    """How those are taken whose hold depends on it: an id for each."""
    whole: bool = False
    """The lists hide none: they are complete, and every drug on them is known."""
    kidneys: RenalValue | None = None
    """The newest value of the person; None: nobody knows, or not any more."""
    appointment: Appointment | None = None
    beside: tuple[Beside, ...] = ()
    """Those that somebody was asked about."""
    blocking: bool = False
    override_id: str | None = None
    """The question whether it goes on although the table can't tell all of it."""
    untold: tuple[str, ...] = ()
    """What the question is about: drugs, and `list` where lists may hide some."""
    inr_failed: tuple[str, ...] = ()
    """Facts that said so on the day: none calls twice."""


class Plan(State, kw_only=True):
    known: Known = Known()


class NoPlan(Plan, tag="none"):
    """No procedure is ordered."""


class NotNeeded(Plan, tag="not_needed"):
    """Nothing that is known asks for one."""


class Requested(Plan, tag="requested"):
    """A proceduralist has to look."""


class Proposed(Plan, kw_only=True):
    lines: tuple[Line, ...] = ()
    text_ref: str | None = None

    @property
    def untold(self) -> tuple[str, ...]:
        """What the table can't tell (ANT-06)."""
        return (*(() if self.known.whole else ("list",)), *(each.drug for each in self.lines if each.unknown))


class Drafted(Proposed, tag="drafted"):
    """Somebody has to agree, or to sign."""


class Agreed(Proposed, tag="agreed"):
    """Who prescribes what is held agreed to all of it."""


class Signed(Proposed, tag="signed", kw_only=True):
    """For one date; the patient reads the text."""

    appointment_id: str
    appointment_version: int
    last_dose_at: datetime | None = None
    signed_by: str


class Invalidated(Plan, tag="invalidated"):
    """The date, the drugs or the kidneys are not those of the plan any more."""


class Cancelled(Plan, tag="cancelled"):
    """The procedure does not go ahead."""


class Finished(Plan, tag="finished"):
    """The procedure was performed."""


Waiting = NotNeeded | Requested | Invalidated
Written = Drafted | Agreed | Signed
Live = Waiting | Written
Over = Cancelled | Finished
AntithromboticPlan = NoPlan | Live | Over


def plan_id(procedure_id: str) -> str:
    """The plan of a procedure."""
    return derive(procedure_id, "antithrombotic plan")
