"""Facts → what counts for and against a patient, and how urgent the referral is. Pure."""

from collections import defaultdict
from collections.abc import Iterable

from backbone.model import Command, Event, On, Orders, Send, like, on, one
from schemas.fact import Fact
from schemas.notifications.v1.message import MessageDelivered, MessageFailed
from schemas.referral.v1.ends import ENDS, ReferralEnd
from schemas.referral.v1.referral import ReferralAccepted, ReferralTriaged, TargetChanged
from schemas.scheduling.v1.appointment import (
    AppointmentCancelled,
    AttendanceCorrected,
    PatientDidNotAttend,
)
from schemas.scheduling.v1.booking import BookingFulfilled, BookingRequested
from schemas.scheduling.v1.offer import OfferDeclined
from services.scheduling.referral_record.aggregate import (
    RECORD,
    CountCancellation,
    CountNonAttendance,
    CountRefusal,
    ForgetAppointment,
    NoteEnd,
    NoteMoveNotice,
    NoteReminder,
    NoteReviewAsked,
    NoteReviewSettled,
    NoteTarget,
    NoteUrgency,
    UncountNonAttendance,
)
from services.scheduling.referral_record.states import IN_ERROR, Delivered
from services.scheduling.rules import Rules

REMINDERS = ("APPT_D3", "APPT_D1", "APPT_DIGEST", "PROC_PREP_D7", "APPT_CONFIRMED", "APPT_MOVED")
"""Messages that tell a patient of a date."""


def recorded(event: Event[Fact], command: Command) -> Iterable[Send]:
    """For the record of the referral that the fact is about, if it is about one."""
    if event.head.pathway_id:
        yield RECORD.send(command, to=one(event.head.pathway_id))


def note_urgency(event: Event[ReferralAccepted | ReferralTriaged], rules: Rules) -> Orders:
    yield RECORD.send(like(NoteUrgency, event.fact), to=one(event.head.aggregate_id))


def note_target(event: Event[TargetChanged], rules: Rules) -> Orders:
    yield RECORD.send(like(NoteTarget, event.fact), to=one(event.head.aggregate_id))


def note_end(event: Event[ReferralEnd], rules: Rules) -> Orders:
    yield RECORD.send(NoteEnd(), to=one(event.head.aggregate_id))


def note_review(event: Event[BookingRequested], rules: Rules) -> Orders:
    if event.fact.purpose == "review":
        yield from recorded(event, like(NoteReviewAsked, event.fact))


def settle_review(event: Event[BookingFulfilled], rules: Rules) -> Orders:
    yield from recorded(event, like(NoteReviewSettled, event.fact))


def count_refusal(event: Event[OfferDeclined], rules: Rules) -> Orders:
    """ATT-02"""
    if event.fact.counts:
        yield from recorded(event, like(CountRefusal, event.fact))


def count_cancellation(event: Event[AppointmentCancelled], rules: Rules) -> Orders:
    """ATT-03; and nothing counts of what was entered in error."""
    if event.fact.reason == IN_ERROR:
        yield from recorded(event, ForgetAppointment(appointment_id=event.head.aggregate_id))
    elif event.fact.counts:
        counted = like(CountCancellation, event.fact, appointment_id=event.head.aggregate_id)
        yield from recorded(event, counted)


def count_non_attendance(event: Event[PatientDidNotAttend], rules: Rules) -> Orders:
    """ATT-04"""
    if event.fact.counts:
        yield from recorded(event, CountNonAttendance(appointment_id=event.head.aggregate_id))


def uncount_non_attendance(event: Event[AttendanceCorrected], rules: Rules) -> Orders:
    yield from recorded(event, UncountNonAttendance(appointment_id=event.head.aggregate_id))


def note_reminder(event: Event[MessageDelivered], rules: Rules) -> Orders:
    """SCH-06: reminders that were pushed, and notices of a move, of this version that reached the patient. One reminder
    tells of every date of a day, or of a week."""
    fact = event.fact
    notice = like(NoteMoveNotice, fact, appointment_id=fact.subject_id, version=fact.subject_version or 1)
    if fact.template in ("APPT_D3", "APPT_D1", "APPT_DIGEST") and fact.channel != "portal":
        yield from reminded(event, like(Delivered, notice))
    if fact.template == "APPT_MOVED":
        yield from recorded(event, notice)


def reminded(event: Event[MessageDelivered], first: Delivered) -> Iterable[Send]:
    """By referral, the dates of which it told."""
    told = defaultdict[str | None, list[Delivered]](list, {event.head.pathway_id: [first]})
    for each in event.fact.also or ():
        told[each.referral_id].append(like(Delivered, each, message_id=first.message_id))
    for referral_id, (one_of_them, *also) in told.items():
        if referral_id:
            command = like(NoteReminder, one_of_them, delivered=True, also=tuple(also))
            yield RECORD.send(command, to=one(referral_id))


def note_failed_reminder(event: Event[MessageFailed], rules: Rules) -> Orders:
    fact = event.fact
    if fact.template in REMINDERS:
        failed = like(NoteReminder, fact, appointment_id=fact.subject_id, version=0, delivered=False)
        yield from recorded(event, failed)


REACTIONS: tuple[On, ...] = (
    on(ReferralAccepted, note_urgency),
    on(ReferralTriaged, note_urgency),
    on(TargetChanged, note_target),
    *(on(fact, note_end) for fact in ENDS),
    on(BookingRequested, note_review),
    on(BookingFulfilled, settle_review),
    on(OfferDeclined, count_refusal),
    on(AppointmentCancelled, count_cancellation),
    on(PatientDidNotAttend, count_non_attendance),
    on(AttendanceCorrected, uncount_non_attendance),
    on(MessageDelivered, note_reminder),
    on(MessageFailed, note_failed_reminder),
)
