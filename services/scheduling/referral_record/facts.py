"""Private facts of a referral's record: they stand in this service's journal only."""

from typing import Literal

from schemas.fact import Code, Day, Id, PrivateFact


class UrgencyNoted(PrivateFact):
    """What a clinician decided, for whoever comes back to the list."""

    type: Literal["scheduling.urgency_noted.v1"] = "scheduling.urgency_noted.v1"
    category: Code
    target_date: Day


class TargetNoted(PrivateFact):
    """The date by which the patient should be seen moved."""

    type: Literal["scheduling.target_noted.v1"] = "scheduling.target_noted.v1"
    target_date: Day


class EndNoted(PrivateFact):
    """The referral is over."""

    type: Literal["scheduling.end_noted.v1"] = "scheduling.end_noted.v1"


class ReviewAsked(PrivateFact):
    """A visit was asked for at which a plan is looked at."""

    type: Literal["scheduling.review_asked.v1"] = "scheduling.review_asked.v1"
    booking_request_id: Id


class ReviewSettled(PrivateFact):
    """It has a date, or is not wanted any more."""

    type: Literal["scheduling.review_settled.v1"] = "scheduling.review_settled.v1"
    booking_request_id: Id


class CancellationCounted(PrivateFact):
    """ATT-03: the patient could not attend."""

    type: Literal["scheduling.cancellation_counted.v1"] = "scheduling.cancellation_counted.v1"
    appointment_id: Id
    joint_day_id: Id | None = None


class CancellationUncounted(PrivateFact):
    """The appointment was entered in error."""

    type: Literal["scheduling.cancellation_uncounted.v1"] = "scheduling.cancellation_uncounted.v1"
    appointment_id: Id


class NonAttendanceCounted(PrivateFact):
    """ATT-04: the patient did not come, and it counts: once for a whole joint day."""

    type: Literal["scheduling.non_attendance_counted.v1"] = "scheduling.non_attendance_counted.v1"
    appointment_id: Id
    joint_day_id: Id | None = None


class NonAttendanceUncounted(PrivateFact):
    """The record was corrected, or the appointment was entered in error."""

    type: Literal["scheduling.non_attendance_uncounted.v1"] = "scheduling.non_attendance_uncounted.v1"
    appointment_id: Id


class RefusalCounted(PrivateFact):
    """A reasonable offer was declined."""

    type: Literal["scheduling.refusal_counted.v1"] = "scheduling.refusal_counted.v1"
    offer_id: Id


class ReminderDelivered(PrivateFact):
    type: Literal["scheduling.reminder_delivered.v1"] = "scheduling.reminder_delivered.v1"
    message_id: Id
    appointment_id: Id
    version: int


class ReminderFailed(PrivateFact):
    type: Literal["scheduling.reminder_failed.v1"] = "scheduling.reminder_failed.v1"
    message_id: Id
    appointment_id: Id


class MoveNoticeDelivered(PrivateFact):
    """The patient was told of the new date (SCH-06)."""

    type: Literal["scheduling.move_notice_delivered.v1"] = "scheduling.move_notice_delivered.v1"
    message_id: Id
    appointment_id: Id
    version: int
