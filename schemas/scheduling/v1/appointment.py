"""Facts of an appointment: held, booked, confirmed, moved, cancelled, attended or not."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import model_validator

from schemas.codes import Discipline, GateKind
from schemas.fact import FEW, SOME, Count, Fact, Id, Instant, Part, Slug, Word, YesNo, sensitivity
from schemas.period import LONGEST_VISIT, in_order
from schemas.scheduling.v1.codes import (
    DATE_REASON,
    By,
    Checkpoint,
    ConfirmedVia,
    DateReason,
    Exemption,
    GateScope,
    MovedTo,
    NonAttendance,
    Purpose,
)


class Series(Part):
    """Which of how many appointments of one series."""

    id: Id
    no: Count
    of: Count


class AppointmentFact(Fact):
    """What every fact of this aggregate is."""

    aggregate: ClassVar[str] = "appointment"


class AppointmentHeld(AppointmentFact):
    """The slot is held for the patient; something is still open before it can be booked."""

    type: Literal["scheduling.appointment_held.v1"] = "scheduling.appointment_held.v1"
    version: Count
    purpose: Purpose
    discipline: Annotated[Discipline, sensitivity("phi")]
    start: Instant
    open_gates: Annotated[tuple[Word, ...], SOME]
    procedure_id: Id | None = None
    joint_day_id: Id | None = None


class AppointmentBooked(AppointmentFact):
    """An agreed date."""

    type: Literal["scheduling.appointment_booked.v1"] = "scheduling.appointment_booked.v1"
    version: Count
    purpose: Purpose
    discipline: Annotated[Discipline, sensitivity("phi")]
    start: Instant
    end: Instant
    location: Slug
    clinician_id: Id | None = None
    remote: YesNo
    series: Series | None = None
    activity_id: Id | None = None
    procedure_id: Id | None = None
    joint_day_id: Id | None = None
    replaces: Id | None = None
    notice_days: Count

    @model_validator(mode="after")
    def ends_later_than_it_starts(self) -> Self:
        return in_order(self, LONGEST_VISIT)


class AppointmentConfirmed(AppointmentFact):
    """The patient confirms."""

    type: Literal["scheduling.appointment_confirmed.v1"] = "scheduling.appointment_confirmed.v1"
    version: Count
    via: ConfirmedVia


class AppointmentMoved(AppointmentFact):
    """Another time, the same appointment (SCH-01)."""

    type: Literal["scheduling.appointment_moved.v1"] = "scheduling.appointment_moved.v1"
    version: Count
    previous_version: Count
    by: By
    reason: DateReason
    previous_start: Instant
    start: Instant
    end: Instant
    location: Slug | None = None
    clinician_id: Id | None = None
    status: MovedTo
    gates_reopened: Annotated[tuple[Word, ...], SOME]
    procedure_id: Id | None = None
    purpose: Purpose | None = None
    activity_id: Id | None = None

    @model_validator(mode="after")
    def ends_later_than_it_starts(self) -> Self:
        return in_order(self, LONGEST_VISIT)


class AppointmentCancelled(AppointmentFact):
    """It will not take place (SCH-07). `counts`: against the patient, as one more of `cna_count`."""

    type: Literal["scheduling.appointment_cancelled.v1"] = "scheduling.appointment_cancelled.v1"
    version: Count
    by: By
    reason: Annotated[str, DATE_REASON.passed_on]
    notice_hours: Count
    counts: YesNo
    cna_count: Count
    joint_day_id: Id | None = None
    procedure_id: Id | None = None
    booking_request_id: Id | None = None
    purpose: Purpose | None = None
    activity_id: Id | None = None


class PatientArrived(AppointmentFact):
    """The patient is here."""

    type: Literal["scheduling.patient_arrived.v1"] = "scheduling.patient_arrived.v1"
    version: Count
    at: Instant


class PatientAttended(AppointmentFact):
    """The visit is done."""

    type: Literal["scheduling.patient_attended.v1"] = "scheduling.patient_attended.v1"
    version: Count
    purpose: Purpose
    activity_id: Id | None = None
    procedure_id: Id | None = None


class PatientDidNotAttend(AppointmentFact):
    """Recorded by a person after the grace (SCH-05). `counts` says whether it counts against the patient (SCH-06)."""

    type: Literal["scheduling.patient_did_not_attend.v1"] = "scheduling.patient_did_not_attend.v1"
    version: Count
    purpose: Purpose
    activity_id: Id | None = None
    procedure_id: Id | None = None
    reason: Annotated[NonAttendance, sensitivity("phi")]
    reminders_delivered: Count
    counts: YesNo
    exemptions: Annotated[tuple[Exemption, ...], FEW, sensitivity("phi")]
    dna_count: Count


class AttendanceCorrected(AppointmentFact):
    """The patient was late and seen, or the record was a mistake."""

    type: Literal["scheduling.attendance_corrected.v1"] = "scheduling.attendance_corrected.v1"
    version: Count
    reason: DateReason
    purpose: Purpose | None = None
    activity_id: Id | None = None


class SessionOutOfOrder(AppointmentFact):
    """SCH-04: the assessment that this session is to follow is off, was missed, or is later now. Somebody decides."""

    type: Literal["scheduling.session_out_of_order.v1"] = "scheduling.session_out_of_order.v1"
    version: Count
    discipline: Annotated[Discipline, sensitivity("phi")]
    start: Instant
    activity_id: Id
    assessment_id: Id


class SessionInOrder(AppointmentFact):
    """It follows an assessment again, or needs none any more."""

    type: Literal["scheduling.session_in_order.v1"] = "scheduling.session_in_order.v1"
    version: Count
    activity_id: Id


class VisitsOverlap(AppointmentFact):
    """The person has another appointment at this time, booked under another record. Somebody decides which is another
    time's."""

    type: Literal["scheduling.visits_overlap.v1"] = "scheduling.visits_overlap.v1"
    version: Count
    discipline: Annotated[Discipline, sensitivity("phi")]
    start: Instant
    other_id: Id


class VisitsApart(AppointmentFact):
    """At this time there is no other one any more, or it was somebody else's."""

    type: Literal["scheduling.visits_apart.v1"] = "scheduling.visits_apart.v1"
    version: Count


class GatesCleared(AppointmentFact):
    """Nothing of the scope is open any more: booking may go on, or the procedure."""

    type: Literal["scheduling.gates_cleared.v1"] = "scheduling.gates_cleared.v1"
    version: Count
    scope: GateScope


class GateCheckFailed(AppointmentFact):
    """PRC-06: so short before the start something is still open."""

    type: Literal["scheduling.gate_check_failed.v1"] = "scheduling.gate_check_failed.v1"
    version: Count
    checkpoint: Checkpoint
    start: Instant | None = None
    open_gates: Annotated[tuple[GateKind, ...], FEW, sensitivity("phi")]
