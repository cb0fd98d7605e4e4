"""Facts → what has to be booked, and what no longer: after acceptance, activities, plans and lost dates. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date

from msgspec.structs import replace

from backbone.model import AllOf, Event, On, Order, Orders, Send, all_of, like, on, one, together
from schemas.care_plan.v1.activity import (
    ActivityAccepted,
    ActivityCancelled,
    ActivityCompleted,
    ActivityPaused,
    ActivityResumed,
    ActivityReviewed,
    ActivityStarted,
    ActivityStopped,
)
from schemas.care_plan.v1.consultation import InvestigationResultRecorded
from schemas.care_plan.v1.discharge import PatientDischarged, PifuUsed
from schemas.care_plan.v1.plan import PlanClosed, PlanHeld, PlanResumed, PlanReviewFellDue, PlanRevoked
from schemas.referral.v1.ends import ENDS, MarkedInError, ReferralEnd
from schemas.referral.v1.referral import (
    CancellationRequested,
    ReferralAccepted,
    ReferralCompleted,
    ReferralRedirected,
    ReferralRejected,
    ReferralWithdrawn,
)
from schemas.scheduling.v1.appointment import AppointmentCancelled
from schemas.scheduling.v1.attendance import AttendanceReviewed
from schemas.scheduling.v1.codes import LeftBecause
from schemas.scheduling.v1.waitlist import WaitlistLeft
from services.scheduling.appointment.aggregate import APPOINTMENT, Appointments
from services.scheduling.appointment.commands import CancelAppointment, StopOffer
from services.scheduling.booking_request.aggregate import (
    BOOKING_REQUEST,
    BookingRequests,
    PassAppointment,
    RequestAgain,
    RequestBooking,
    RequestMore,
    SuspendRequest,
    TakeUpRequest,
    WithdrawRequest,
    request_of,
)
from services.scheduling.booking_request.states import Wish
from services.scheduling.referral_record.states import IN_ERROR
from services.scheduling.rules import Rules
from services.scheduling.waiting_list.aggregate import WAITLIST_ENTRY, WaitlistEntries, entry_of
from services.scheduling.waiting_list.commands import JoinAgain, JoinList, LeaveList
from services.scheduling.waiting_list.states import Place


def ask(source_id: str, what: str, wish: Wish) -> Send:
    return BOOKING_REQUEST.send(RequestBooking(wish=wish), to=one(request_of(source_id, what)))


def first_visit(source_id: str, wish: Wish, category: str | None, target_date: date | None) -> Order:
    """A first consultation is asked for and waits on the list, or neither."""
    request_id = request_of(source_id, wish.purpose)
    place = like(Place, wish, booking_request_id=request_id, category=category, target_date=target_date)
    return together(
        ask(source_id, wish.purpose, wish),
        WAITLIST_ENTRY.send(JoinList(place=place), to=one(entry_of(request_id))),
    )


def book_first_visit(event: Event[ReferralAccepted], rules: Rules) -> Orders:
    priority = rules.priority_of(event.fact.category)
    wish = Wish(purpose="initial_consultation", discipline="medical", priority=priority)
    yield first_visit(event.head.aggregate_id, wish, event.fact.category, event.fact.target_date)


def book_activity(event: Event[ActivityAccepted], rules: Rules) -> Orders:
    """One request for the assessment and one for the series, each if there is any."""
    fact = event.fact
    purpose = rules.purpose_of(fact.kind, fact.discipline)
    series = like(Wish, fact, purpose=purpose, priority="routine", count=fact.sessions or 1)
    if fact.assessment:
        assessment = replace(series, purpose="assessment", count=1, every_days=None)
        yield ask(fact.activity_id, "assessment", assessment)
    if fact.sessions:
        yield ask(fact.activity_id, "series", series)


def leave_out_assessment(event: Event[ActivityStarted], rules: Rules) -> Orders:
    """SCH-04: who performs it has begun, and needs no assessment that nobody has booked yet."""
    still_wanted = all_of(
        BookingRequests.activity_id(event.fact.activity_id),
        BookingRequests.purpose("assessment"),
        BookingRequests.open,
    )
    yield BOOKING_REQUEST.send(WithdrawRequest(reason="activity_started"), to=still_wanted)


def book_more(event: Event[ActivityReviewed], rules: Rules) -> Orders:
    """The series goes on: as many more sessions as the review added."""
    if event.fact.sessions:
        more = RequestMore(series_id=request_of(event.fact.activity_id, "series"), count=event.fact.sessions)
        yield BOOKING_REQUEST.send(more, to=one(request_of(event.head.event_id, "series")))


def book_review(event: Event[PlanReviewFellDue], rules: Rules) -> Orders:
    wish = replace(
        REVIEW, priority="urgent" if event.fact.high_risk else "routine", not_after=event.fact.due_on
    )
    yield review_once(event, request_of(event.fact.plan_id, f"review:{event.fact.due_on}"), wish)


REVIEW = Wish(purpose="review", discipline="medical", priority="routine")


def book_after_contact(event: Event[PifuUsed], rules: Rules) -> Orders:
    yield review_once(event, request_of(event.fact.plan_id, f"pifu:{event.fact.on}"), REVIEW)


def review_once(event: Event[PlanReviewFellDue | PifuUsed], request_id: str, wish: Wish) -> Send:
    """The visit at which the plan is looked at, whatever it is asked for by."""
    return BOOKING_REQUEST.send(RequestBooking(wish=wish, once_for=event.head.pathway_id), to=one(request_id))


def book_after_investigation(event: Event[InvestigationResultRecorded], rules: Rules) -> Orders:
    if event.fact.result == "back_to_clinic":
        yield ask(event.fact.consultation_id, "investigation", REVIEW)


def lost_a_date(fact: AppointmentCancelled) -> bool:
    """What a fact cancelled is not wanted any more; what was a mistake is still to be booked."""
    return fact.version > 0 and (fact.by != "system" or fact.reason == IN_ERROR)


def go_on_without(event: Event[AppointmentCancelled], rules: Rules) -> Orders:
    """The request of what nobody had agreed to goes on. A procedure's date that was only held is not counted as booked:
    another date is another request."""
    fact, request_id = event.fact, event.fact.booking_request_id
    if request_id and fact.procedure_id and lost_a_date(fact):
        yield BOOKING_REQUEST.send(WithdrawRequest(reason=fact.reason), to=one(request_id))
    elif request_id:
        yield BOOKING_REQUEST.send(
            PassAppointment(appointment_id=event.head.aggregate_id), to=one(request_id)
        )


def book_again_after_cancellation(event: Event[AppointmentCancelled], rules: Rules) -> Orders:
    """ATT-03, ATT-10: another date, unless a clinician looks first."""
    referral_id = event.head.pathway_id
    if referral_id and lost_a_date(event.fact) and not rules.needs_review(event.fact):
        yield book_again(event.head.aggregate_id, referral_id)


def book_again_after_review(event: Event[AttendanceReviewed], rules: Rules) -> Orders:
    """ATT-03, ATT-04: a clinician decided that the patient gets another date."""
    if event.fact.decision in ("reoffer", "reset_clock") and event.head.pathway_id:
        yield book_again(event.fact.case_id, event.head.pathway_id)


def book_again(appointment_id: str, referral_id: str) -> Order:
    """Another date for an appointment that did not take place; a first visit waits on the list again."""
    request_id = request_of(appointment_id, "again")
    again = RequestAgain(appointment_id=appointment_id, referral_id=referral_id)
    return together(
        BOOKING_REQUEST.send(again, to=one(request_id)),
        WAITLIST_ENTRY.send(
            like(JoinAgain, again, booking_request_id=request_id), to=one(entry_of(request_id))
        ),
    )


def withdraw_with_place(event: Event[WaitlistLeft], rules: Rules) -> Orders:
    """Who is off the list without a date waits for none, and is not asked to choose one."""
    if event.fact.reason != "booked":
        request_id = event.fact.booking_request_id
        yield BOOKING_REQUEST.send(WithdrawRequest(reason=event.fact.reason), to=one(request_id))
        yield APPOINTMENT.send(StopOffer(), to=all_of(Appointments.booking_request_id(request_id)))


def open_of(referral_id: str) -> AllOf:
    return all_of(BookingRequests.referral_id(referral_id), BookingRequests.open)


def open_of_activity(activity_id: str) -> AllOf:
    return all_of(BookingRequests.activity_id(activity_id), BookingRequests.open)


EndOfReferral = ReferralEnd | PatientDischarged
LEFT_BECAUSE: Mapping[type[EndOfReferral], LeftBecause] = {
    ReferralRejected: "rejected",
    ReferralRedirected: "redirected",
    ReferralCompleted: "completed",
    ReferralWithdrawn: "withdrawn",
    MarkedInError: "marked_in_error",
    PatientDischarged: "discharged",
}


def end_everything(event: Event[EndOfReferral], rules: Rules) -> Orders:
    """The referral is over: nothing more is booked, what is booked is cancelled."""
    referral_id = event.head.pathway_id or event.head.aggregate_id
    reason = LEFT_BECAUSE[type(event.fact)]
    yield WAITLIST_ENTRY.send(
        LeaveList(reason=reason), to=all_of(WaitlistEntries.referral_id(referral_id), WaitlistEntries.open)
    )
    yield from withdraw_all(referral_id, reason)


def stop_offers(event: Event[CancellationRequested], rules: Rules) -> Orders:
    """Taken back: nothing more is offered. What is booked stands until it is confirmed."""
    referral_id = event.head.aggregate_id
    yield BOOKING_REQUEST.send(SuspendRequest(by="cancellation"), to=open_of(referral_id))
    yield APPOINTMENT.send(StopOffer(), to=all_of(Appointments.referral_id(referral_id), Appointments.open))


def end_plan(event: Event[PlanRevoked | PlanClosed], rules: Rules) -> Orders:
    """What the plan asked for is no longer wanted."""
    if event.head.pathway_id:
        yield from withdraw_all(event.head.pathway_id, event.head.type.split(".")[1])


def withdraw_all(referral_id: str, reason: str) -> Iterable[Send]:
    yield BOOKING_REQUEST.send(WithdrawRequest(reason=reason), to=open_of(referral_id))
    yield APPOINTMENT.send(
        CancelAppointment(by="system", reason=reason),
        to=all_of(Appointments.referral_id(referral_id), Appointments.ahead),
    )


def end_activity(
    event: Event[ActivityStopped | ActivityCancelled | ActivityCompleted], rules: Rules
) -> Orders:
    activity_id = event.fact.activity_id
    reason = event.head.type.split(".")[1]
    yield BOOKING_REQUEST.send(WithdrawRequest(reason=reason), to=open_of_activity(activity_id))
    yield APPOINTMENT.send(
        CancelAppointment(by="system", reason=reason),
        to=all_of(Appointments.activity_id(activity_id), Appointments.ahead),
    )


def suspend_plan(event: Event[PlanHeld], rules: Rules) -> Orders:
    """No dates are given meanwhile, and nobody is asked to choose one. What is booked stands."""
    if referral_id := event.head.pathway_id:
        yield BOOKING_REQUEST.send(
            SuspendRequest(by="plan", until=event.fact.review_on), to=open_of(referral_id)
        )
        yield APPOINTMENT.send(
            StopOffer(), to=all_of(Appointments.referral_id(referral_id), Appointments.open)
        )


def take_up_plan(event: Event[PlanResumed], rules: Rules) -> Orders:
    if event.head.pathway_id:
        yield BOOKING_REQUEST.send(TakeUpRequest(by="plan"), to=open_of(event.head.pathway_id))


def suspend_activity(event: Event[ActivityPaused], rules: Rules) -> Orders:
    activity_id = event.fact.activity_id
    yield BOOKING_REQUEST.send(SuspendRequest(by="activity"), to=open_of_activity(activity_id))
    yield APPOINTMENT.send(StopOffer(), to=all_of(Appointments.activity_id(activity_id), Appointments.open))


def take_up_activity(event: Event[ActivityResumed], rules: Rules) -> Orders:
    to = open_of_activity(event.fact.activity_id)
    yield BOOKING_REQUEST.send(TakeUpRequest(by="activity"), to=to)


REACTIONS: tuple[On, ...] = (
    on(ReferralAccepted, book_first_visit),
    on(CancellationRequested, stop_offers),
    *(on(fact, end_everything) for fact in ENDS),
    on(ActivityStarted, leave_out_assessment),
    on(ActivityAccepted, book_activity),
    on(ActivityReviewed, book_more),
    on(ActivityPaused, suspend_activity),
    on(ActivityResumed, take_up_activity),
    on(ActivityStopped, end_activity),
    on(ActivityCancelled, end_activity),
    on(ActivityCompleted, end_activity),
    on(InvestigationResultRecorded, book_after_investigation),
    on(PlanReviewFellDue, book_review),
    on(PlanHeld, suspend_plan),
    on(PlanResumed, take_up_plan),
    on(PlanRevoked, end_plan),
    on(PlanClosed, end_plan),
    on(PifuUsed, book_after_contact),
    on(PatientDischarged, end_everything),
    on(AppointmentCancelled, go_on_without),
    on(AppointmentCancelled, book_again_after_cancellation),
    on(AttendanceReviewed, book_again_after_review),
    on(WaitlistLeft, withdraw_with_place),
)
