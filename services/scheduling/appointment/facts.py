"""Private facts: steps that nobody outside needs. They stand in this service's journal only."""

from typing import ClassVar, Literal

from schemas.codes import Discipline
from schemas.fact import Code, Day, Id, Instant, PrivateFact
from schemas.scheduling.v1.codes import Exemption, Purpose


class SlotFact(PrivateFact):
    aggregate: ClassVar[str] = "slot"


class SlotHeld(SlotFact):
    """For an offer or a joint day; free again at `until`."""

    type: Literal["scheduling.slot_held.v1"] = "scheduling.slot_held.v1"
    clinician_id: Id
    start: Instant
    appointment_id: Id
    until: Instant


class SlotTaken(SlotFact):
    type: Literal["scheduling.slot_taken.v1"] = "scheduling.slot_taken.v1"
    clinician_id: Id
    start: Instant
    appointment_id: Id


class SlotReleased(SlotFact):
    type: Literal["scheduling.slot_released.v1"] = "scheduling.slot_released.v1"


class SlotBlocked(SlotFact):
    """The clinic needs the time for something else."""

    type: Literal["scheduling.slot_blocked.v1"] = "scheduling.slot_blocked.v1"
    clinician_id: Id
    start: Instant
    reason: Code


class RequestFact(PrivateFact):
    aggregate: ClassVar[str] = "booking_request"


class PartBooked(RequestFact):
    """Some of the request's appointments have a date."""

    type: Literal["scheduling.part_booked.v1"] = "scheduling.part_booked.v1"
    appointment_ids: tuple[Id, ...]


class Replacing(RequestFact):
    """The request stands for an appointment that did not take place."""

    type: Literal["scheduling.replacing.v1"] = "scheduling.replacing.v1"
    appointment_id: Id


class RequestSuspended(RequestFact):
    """The plan or the activity is on hold: no dates are given."""

    type: Literal["scheduling.request_suspended.v1"] = "scheduling.request_suspended.v1"


class RequestTakenUp(RequestFact):
    type: Literal["scheduling.request_taken_up.v1"] = "scheduling.request_taken_up.v1"


class EntryFact(PrivateFact):
    aggregate: ClassVar[str] = "waitlist_entry"


class EntryRanked(EntryFact):
    """The urgency was decided anew (REF-06)."""

    type: Literal["scheduling.entry_ranked.v1"] = "scheduling.entry_ranked.v1"
    category: Code
    target_date: Day


class EntryPaused(EntryFact):
    """The patient is not available; the place is kept."""

    type: Literal["scheduling.entry_paused.v1"] = "scheduling.entry_paused.v1"
    until: Day | None = None


class EntryResumed(EntryFact):
    type: Literal["scheduling.entry_resumed.v1"] = "scheduling.entry_resumed.v1"


class EntryOffered(EntryFact):
    type: Literal["scheduling.entry_offered.v1"] = "scheduling.entry_offered.v1"
    offer_id: Id


class EntryBack(EntryFact):
    """Declined or expired: waiting again, in the old place."""

    type: Literal["scheduling.entry_back.v1"] = "scheduling.entry_back.v1"


class AppointmentStep(PrivateFact):
    aggregate: ClassVar[str] = "appointment"


class Placed(AppointmentStep):
    """Which request an appointment, or an offer of one, is about. Goes before the first public fact."""

    type: Literal["scheduling.appointment_placed.v1"] = "scheduling.appointment_placed.v1"
    booking_request_id: Id
    no: int
    of: int
    purpose: Purpose
    discipline: Discipline
    activity_id: Id | None = None
    remote: bool
    replaces: Id | None = None


class Relocated(AppointmentStep):
    """The new slot is at another place."""

    type: Literal["scheduling.appointment_relocated.v1"] = "scheduling.appointment_relocated.v1"
    location: Code


class HoldPlaced(AppointmentStep):
    """Until when, and with whom, the slot is held."""

    type: Literal["scheduling.hold_placed.v1"] = "scheduling.hold_placed.v1"
    clinician_id: Id
    end: Instant
    location: Code
    until: Instant


class HoldReleased(AppointmentStep):
    type: Literal["scheduling.hold_released.v1"] = "scheduling.hold_released.v1"


class DatesOffered(AppointmentStep):
    """With whom the offered dates are."""

    type: Literal["scheduling.dates_offered.v1"] = "scheduling.dates_offered.v1"
    clinician_ids: tuple[Id, ...]


class CheckedIn(AppointmentStep):
    type: Literal["scheduling.patient_checked_in.v1"] = "scheduling.patient_checked_in.v1"


class InConsultation(AppointmentStep):
    """The clinician has begun: the consultation's end is the visit's."""

    type: Literal["scheduling.in_consultation.v1"] = "scheduling.in_consultation.v1"
    consultation_id: Id


class RecordFact(PrivateFact):
    aggregate: ClassVar[str] = "referral_record"


class UrgencyNoted(RecordFact):
    """What a clinician decided, for whoever comes back to the list."""

    type: Literal["scheduling.urgency_noted.v1"] = "scheduling.urgency_noted.v1"
    category: Code
    target_date: Day


class CancellationCounted(RecordFact):
    """ATT-03: the patient could not attend."""

    type: Literal["scheduling.cancellation_counted.v1"] = "scheduling.cancellation_counted.v1"
    appointment_id: Id


class CancellationUncounted(RecordFact):
    """The appointment was entered in error."""

    type: Literal["scheduling.cancellation_uncounted.v1"] = "scheduling.cancellation_uncounted.v1"
    appointment_id: Id


class NonAttendanceCounted(RecordFact):
    """ATT-04: the patient did not come, and it counts: once for a whole joint day."""

    type: Literal["scheduling.non_attendance_counted.v1"] = "scheduling.non_attendance_counted.v1"
    appointment_id: Id
    joint_day_id: Id | None = None


class NonAttendanceUncounted(RecordFact):
    """The record was corrected, or the appointment was entered in error."""

    type: Literal["scheduling.non_attendance_uncounted.v1"] = "scheduling.non_attendance_uncounted.v1"
    appointment_id: Id


class RefusalCounted(RecordFact):
    """A reasonable offer was declined."""

    type: Literal["scheduling.refusal_counted.v1"] = "scheduling.refusal_counted.v1"
    offer_id: Id


class ReminderDelivered(RecordFact):
    type: Literal["scheduling.reminder_delivered.v1"] = "scheduling.reminder_delivered.v1"
    message_id: Id
    appointment_id: Id
    version: int


class ReminderFailed(RecordFact):
    type: Literal["scheduling.reminder_failed.v1"] = "scheduling.reminder_failed.v1"
    message_id: Id
    appointment_id: Id


class MoveNoticeDelivered(RecordFact):
    """The patient was told of the new date (SCH-06)."""

    type: Literal["scheduling.move_notice_delivered.v1"] = "scheduling.move_notice_delivered.v1"
    message_id: Id
    appointment_id: Id
    version: int


class CrisisNoted(RecordFact):
    """A suicide alert: who does not come in the following days is exempt (SCH-06)."""

    type: Literal["scheduling.crisis_noted.v1"] = "scheduling.crisis_noted.v1"
    alert_id: Id
    at: Instant


class JointDayStep(PrivateFact):
    aggregate: ClassVar[str] = "joint_day"


class JointDayReleased(JointDayStep):
    """Declined or expired: every hold is free again."""

    type: Literal["scheduling.joint_day_released.v1"] = "scheduling.joint_day_released.v1"
    reason: Code


EXEMPT_BY_CRISIS: Exemption = "mental_health_crisis"
