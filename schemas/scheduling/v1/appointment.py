"""Facts of an appointment: held, booked, confirmed, moved, cancelled, attended or not."""

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from schemas.codes import Discipline
from schemas.fact import Code, Fact, Id, Instant, sensitivity
from schemas.scheduling.v1.codes import By, ConfirmedVia, Exemption, MovedTo, NonAttendance, Purpose


class Series(BaseModel):
    """Which of how many appointments of one series."""

    model_config = ConfigDict(frozen=True)

    id: Id
    no: int
    of: int


class AppointmentFact(Fact):
    """What every fact of this aggregate is."""

    aggregate: ClassVar[str] = "appointment"


class AppointmentHeld(AppointmentFact):
    """The slot is held for the patient; something is still open before it can be booked."""

    type: Literal["scheduling.appointment_held.v1"] = "scheduling.appointment_held.v1"
    version: int
    purpose: Purpose
    discipline: Annotated[Discipline, sensitivity("phi")]
    start: Instant
    open_gates: tuple[Code, ...]
    procedure_id: Id | None = None
    joint_day_id: Id | None = None


class AppointmentBooked(AppointmentFact):
    """An agreed date."""

    type: Literal["scheduling.appointment_booked.v1"] = "scheduling.appointment_booked.v1"
    version: int
    purpose: Purpose
    discipline: Annotated[Discipline, sensitivity("phi")]
    start: Instant
    end: Instant
    location: Code
    clinician_id: Id | None = None
    remote: bool
    series: Series | None = None
    activity_id: Id | None = None
    procedure_id: Id | None = None
    joint_day_id: Id | None = None
    replaces: Id | None = None
    notice_days: int


class AppointmentConfirmed(AppointmentFact):
    """The patient confirms."""

    type: Literal["scheduling.appointment_confirmed.v1"] = "scheduling.appointment_confirmed.v1"
    version: int
    via: ConfirmedVia


class AppointmentMoved(AppointmentFact):
    """Another time, the same appointment (SCH-01)."""

    type: Literal["scheduling.appointment_moved.v1"] = "scheduling.appointment_moved.v1"
    version: int
    previous_version: int
    by: By
    reason: Code
    previous_start: Instant
    start: Instant
    end: Instant
    clinician_id: Id | None = None
    status: MovedTo
    gates_reopened: tuple[Code, ...]


class AppointmentCancelled(AppointmentFact):
    """It will not take place (SCH-07). `counts`: against the patient, as one more of `cna_count`."""

    type: Literal["scheduling.appointment_cancelled.v1"] = "scheduling.appointment_cancelled.v1"
    version: int
    by: By
    reason: Code
    notice_hours: int
    counts: bool
    cna_count: int


class PatientArrived(AppointmentFact):
    """The patient is here."""

    type: Literal["scheduling.patient_arrived.v1"] = "scheduling.patient_arrived.v1"
    version: int
    at: Instant


class PatientAttended(AppointmentFact):
    """The visit is done."""

    type: Literal["scheduling.patient_attended.v1"] = "scheduling.patient_attended.v1"
    version: int
    purpose: Purpose
    activity_id: Id | None = None
    procedure_id: Id | None = None


class PatientDidNotAttend(AppointmentFact):
    """Recorded by a person after the grace (SCH-05). `counts` says whether it counts against the patient (SCH-06)."""

    type: Literal["scheduling.patient_did_not_attend.v1"] = "scheduling.patient_did_not_attend.v1"
    version: int
    purpose: Purpose
    activity_id: Id | None = None
    reason: Annotated[NonAttendance, sensitivity("phi")]
    reminders_delivered: int
    counts: bool
    exemptions: Annotated[tuple[Exemption, ...], sensitivity("phi")]
    dna_count: int


class AttendanceCorrected(AppointmentFact):
    """The patient was late and seen, or the record was a mistake."""

    type: Literal["scheduling.attendance_corrected.v1"] = "scheduling.attendance_corrected.v1"
    version: int
    reason: Code
