"""What counts for and against a patient, and what follows: reactions to missed and cancelled visits. Pure."""

from backbone.model import Event, Order, Orders, all_of, one, together
from schemas.care_plan.v1.safety import SafetyAlertRaised
from schemas.notifications.v1.message import MessageDelivered, MessageFailed
from schemas.scheduling.v1.appointment import (
    AppointmentCancelled,
    AttendanceCorrected,
    PatientDidNotAttend,
)
from schemas.scheduling.v1.attendance import AttendanceReviewed
from schemas.scheduling.v1.offer import OfferDeclined, OfferExpired
from schemas.scheduling.v1.unavailability import UnavailabilityEnded, UnavailabilityRecorded
from services.scheduling.appointment.decide.attendance import IN_ERROR
from services.scheduling.attendance_case.aggregate import ATTENDANCE_CASE, AskForReview
from services.scheduling.booking_request.aggregate import (
    BOOKING_REQUEST,
    RequestAgain,
)
from services.scheduling.booking_request.reactions.requests import entry_of, request_of
from services.scheduling.referral_record.aggregate import (
    RECORD,
    CountCancellation,
    CountNonAttendance,
    CountRefusal,
    ForgetAppointment,
    NoteCrisis,
    NoteMoveNotice,
    NoteReminder,
    UncountNonAttendance,
)
from services.scheduling.rules import Rules
from services.scheduling.waiting_list.aggregate import (
    WAITLIST_ENTRY,
    GoBack,
    JoinAgain,
    PauseEntry,
    ResumeEntry,
    WaitlistEntries,
)


def book_again_after_review(event: Event[AttendanceReviewed], rules: Rules) -> Orders:
    """ATT-03, ATT-04: a clinician decided that the patient gets another date."""
    if event.fact.decision in ("reoffer", "reset_clock"):
        assert event.head.pathway_id is not None
        yield book_again(event.fact.case_id, event.head.pathway_id)


def book_again(appointment_id: str, referral_id: str) -> Order:
    """Another date for an appointment that did not take place; a first visit waits on the list again."""
    request_id = request_of(appointment_id, "again")
    again = RequestAgain(appointment_id=appointment_id, referral_id=referral_id)
    place = JoinAgain(booking_request_id=request_id, appointment_id=appointment_id, referral_id=referral_id)
    return together(
        BOOKING_REQUEST.send(again, to=one(request_id)),
        WAITLIST_ENTRY.send(place, to=one(entry_of(request_id))),
    )


def go_back_to_the_list(event: Event[OfferDeclined | OfferExpired], rules: Rules) -> Orders:
    if event.head.pathway_id:
        yield WAITLIST_ENTRY.send(
            GoBack(offer_id=event.fact.offer_id),
            to=all_of(WaitlistEntries.referral_id(event.head.pathway_id), WaitlistEntries.open),
        )
        if isinstance(event.fact, OfferDeclined) and event.fact.counts:
            yield RECORD.send(CountRefusal(offer_id=event.fact.offer_id), to=one(event.head.pathway_id))


def follow_cancellation(event: Event[AppointmentCancelled], rules: Rules) -> Orders:
    """ATT-03, ATT-10: count it, then another date, or a clinician's look at the third."""
    fact, referral_id = event.fact, event.head.pathway_id
    if referral_id and fact.reason == IN_ERROR:
        yield RECORD.send(ForgetAppointment(appointment_id=event.head.aggregate_id), to=one(referral_id))
    if fact.version == 0 or fact.by == "system" or referral_id is None:
        return
    if fact.counts:
        yield RECORD.send(CountCancellation(appointment_id=event.head.aggregate_id), to=one(referral_id))
    if fact.counts and fact.cna_count >= rules.scheduling.cancellations.values.review_after:
        command = AskForReview(trigger="ATT-03", cna_count=fact.cna_count)
        yield ATTENDANCE_CASE.send(command, to=one(event.head.aggregate_id))
    else:
        yield book_again(event.head.aggregate_id, referral_id)


def follow_non_attendance(event: Event[PatientDidNotAttend], rules: Rules) -> Orders:
    """ATT-04: it is counted if it counts, and a clinician looks in any case."""
    fact, referral_id = event.fact, event.head.pathway_id
    if referral_id is None:
        return
    if fact.counts:
        yield RECORD.send(CountNonAttendance(appointment_id=event.head.aggregate_id), to=one(referral_id))
    command = AskForReview(trigger="ATT-04", dna_count=fact.dna_count)
    yield ATTENDANCE_CASE.send(command, to=one(event.head.aggregate_id))


def uncount(event: Event[AttendanceCorrected], rules: Rules) -> Orders:
    if event.head.pathway_id:
        command = UncountNonAttendance(appointment_id=event.head.aggregate_id)
        yield RECORD.send(command, to=one(event.head.pathway_id))


def pause_entries(event: Event[UnavailabilityRecorded | UnavailabilityEnded], rules: Rules) -> Orders:
    """ATT-06: who is not available now keeps the place and gets no offer; who is available again, does."""
    fact, referral_id = event.fact, event.head.pathway_id
    today = rules.calendar.day(event.head.occurred_at)
    over = fact.end is not None and fact.end <= today
    if referral_id is None or fact.start > today or (over and isinstance(fact, UnavailabilityRecorded)):
        return
    command = ResumeEntry() if over else PauseEntry(until=fact.end)
    yield WAITLIST_ENTRY.send(
        command, to=all_of(WaitlistEntries.referral_id(referral_id), WaitlistEntries.open)
    )


REMINDERS = ("APPT_D3", "APPT_D1", "APPT_DIGEST", "PROC_PREP_D7", "APPT_CONFIRMED", "APPT_MOVED")


def note_reminder(event: Event[MessageDelivered], rules: Rules) -> Orders:
    """SCH-06: reminders, and notices of a move, of this version that reached the patient."""
    fact = event.fact
    if fact.template in ("APPT_D3", "APPT_D1") and event.head.pathway_id:
        command = NoteReminder(
            message_id=fact.message_id,
            appointment_id=fact.subject_id,
            version=fact.subject_version or 1,
            delivered=True,
        )
        yield RECORD.send(command, to=one(event.head.pathway_id))
    if fact.template == "APPT_MOVED" and event.head.pathway_id:
        notice = NoteMoveNotice(
            message_id=fact.message_id, appointment_id=fact.subject_id, version=fact.subject_version or 1
        )
        yield RECORD.send(notice, to=one(event.head.pathway_id))


def note_failed_reminder(event: Event[MessageFailed], rules: Rules) -> Orders:
    fact = event.fact
    if fact.template in REMINDERS and event.head.pathway_id:
        command = NoteReminder(
            message_id=fact.message_id, appointment_id=fact.subject_id, version=0, delivered=False
        )
        yield RECORD.send(command, to=one(event.head.pathway_id))


def note_crisis(event: Event[SafetyAlertRaised], rules: Rules) -> Orders:
    if event.fact.code == "suicide_risk" and event.head.pathway_id:
        command = NoteCrisis(alert_id=event.fact.alert_id, at=event.head.occurred_at)
        yield RECORD.send(command, to=one(event.head.pathway_id))
