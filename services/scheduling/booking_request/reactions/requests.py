"""What has to be booked, and what no longer: reactions to acceptance, plan, activities and their ends. Pure."""

from collections.abc import Iterable
from typing import Any

from backbone.ids import derive
from backbone.model import Event, Order, Orders, Send, all_of, one, together
from schemas.care_plan.v1.activity import (
    ActivityAccepted,
    ActivityCancelled,
    ActivityCompleted,
    ActivityPaused,
    ActivityResumed,
    ActivityStopped,
)
from schemas.care_plan.v1.consultation import (
    InvestigationResultRecorded,
)
from schemas.care_plan.v1.discharge import PatientDischarged, PifuUsed
from schemas.care_plan.v1.plan import PlanClosed, PlanHeld, PlanResumed, PlanReviewFellDue, PlanRevoked
from schemas.referral.v1.referral import (
    ReferralAccepted,
    ReferralCompleted,
    ReferralRedirected,
    ReferralRejected,
    ReferralTriaged,
)
from schemas.scheduling.v1.codes import LeftBecause
from services.scheduling.appointment.aggregate import APPOINTMENT, Appointments
from services.scheduling.appointment.commands import (
    CancelAppointment,
)
from services.scheduling.booking_request.aggregate import (
    BOOKING_REQUEST,
    BookingRequests,
    RequestBooking,
    SuspendRequest,
    TakeUpRequest,
    Wish,
    WithdrawRequest,
)
from services.scheduling.referral_record.aggregate import (
    RECORD,
    NoteUrgency,
)
from services.scheduling.rules import Rules
from services.scheduling.waiting_list.aggregate import (
    WAITLIST_ENTRY,
    JoinList,
    LeaveList,
    Place,
    RankEntry,
    WaitlistEntries,
)


def request_of(source_id: str, what: str) -> str:
    """The booking request that this source asks for."""
    return derive(source_id, f"booking:{what}")


def entry_of(booking_request_id: str) -> str:
    """The waiting-list entry of a request."""
    return derive(booking_request_id, "entry")


def ask(source_id: str, what: str, wish: Wish) -> Send:
    return BOOKING_REQUEST.send(RequestBooking(wish=wish), to=one(request_of(source_id, what)))


def first_visit(source_id: str, wish: Wish, category: str | None, target_date: Any) -> Order:
    """A first consultation is asked for and waits on the list, or neither."""
    request_id = request_of(source_id, "initial_consultation")
    place = Place(
        booking_request_id=request_id,
        purpose=wish.purpose,
        discipline=wish.discipline,
        category=category,
        target_date=target_date,
    )
    return together(
        BOOKING_REQUEST.send(RequestBooking(wish=wish), to=one(request_id)),
        WAITLIST_ENTRY.send(JoinList(place=place), to=one(entry_of(request_id))),
    )


def book_first_visit(event: Event[ReferralAccepted], rules: Rules) -> Orders:
    urgency = NoteUrgency(category=event.fact.category, target_date=event.fact.target_date)
    yield RECORD.send(urgency, to=one(event.head.aggregate_id))
    priority = rules.priority_of(event.fact.category)
    wish = Wish(purpose="initial_consultation", discipline="medical", priority=priority)
    yield first_visit(event.head.aggregate_id, wish, event.fact.category, event.fact.target_date)


def rank_entries(event: Event[ReferralTriaged], rules: Rules) -> Orders:
    urgency = NoteUrgency(category=event.fact.category, target_date=event.fact.target_date)
    yield RECORD.send(urgency, to=one(event.head.aggregate_id))
    command = RankEntry(category=event.fact.category, target_date=event.fact.target_date)
    yield WAITLIST_ENTRY.send(
        command, to=all_of(WaitlistEntries.referral_id(event.head.aggregate_id), WaitlistEntries.open)
    )


def book_activity(event: Event[ActivityAccepted], rules: Rules) -> Orders:
    """One request for the assessment and one for the series, each if there is any."""
    fact = event.fact
    wish = Wish(
        purpose="session",
        discipline=fact.discipline,
        priority="routine",
        not_before=fact.not_before,
        activity_id=fact.activity_id,
        remote=fact.remote,
    )
    if fact.assessment:
        yield ask(fact.activity_id, "assessment", replaced(wish, purpose="assessment"))
    if fact.sessions:
        series = replaced(wish, count=fact.sessions, every_days=fact.every_days)
        yield ask(fact.activity_id, "series", series)


def replaced(wish: Wish, **changes: Any) -> Wish:
    return Wish(**({name: getattr(wish, name) for name in Wish.__struct_fields__} | changes))


def book_review(event: Event[PlanReviewFellDue], rules: Rules) -> Orders:
    priority = "urgent" if event.fact.high_risk else "routine"
    wish = Wish(purpose="review", discipline="medical", priority=priority, not_after=event.fact.due_on)  # type: ignore[arg-type]
    yield ask(event.fact.plan_id, f"review:{event.fact.due_on}", wish)


def book_after_contact(event: Event[PifuUsed], rules: Rules) -> Orders:
    wish = Wish(purpose="review", discipline="medical", priority="routine")
    yield ask(event.fact.plan_id, f"pifu:{event.fact.on}", wish)


def book_after_investigation(event: Event[InvestigationResultRecorded], rules: Rules) -> Orders:
    if event.fact.result == "back_to_clinic":
        wish = Wish(purpose="review", discipline="medical", priority="routine")
        yield ask(event.fact.consultation_id, "investigation", wish)


ENDS: dict[type[Any], LeftBecause] = {
    ReferralRejected: "rejected",
    ReferralRedirected: "redirected",
    ReferralCompleted: "completed",
    PatientDischarged: "discharged",
}


def end_everything(event: Event[Any], rules: Rules) -> Orders:
    """The referral is over: nothing more is booked, what is booked is cancelled."""
    referral_id = event.head.pathway_id or event.head.aggregate_id
    reason = ENDS[type(event.fact)]
    yield WAITLIST_ENTRY.send(
        LeaveList(reason=reason), to=all_of(WaitlistEntries.referral_id(referral_id), WaitlistEntries.open)
    )
    yield from withdraw_all(referral_id, reason)


def end_plan(event: Event[PlanRevoked | PlanClosed], rules: Rules) -> Orders:
    """What the plan asked for is no longer wanted."""
    if event.head.pathway_id:
        yield from withdraw_all(event.head.pathway_id, event.fact.reason)


def withdraw_all(referral_id: str, reason: str) -> Iterable[Send]:
    yield BOOKING_REQUEST.send(
        WithdrawRequest(reason=reason),
        to=all_of(BookingRequests.referral_id(referral_id), BookingRequests.open),
    )
    yield APPOINTMENT.send(
        CancelAppointment(by="system", reason=reason),
        to=all_of(Appointments.referral_id(referral_id), Appointments.ahead),
    )


def end_activity(
    event: Event[ActivityStopped | ActivityCancelled | ActivityCompleted], rules: Rules
) -> Orders:
    activity_id = event.fact.activity_id
    reason = event.head.type.split(".")[1]
    yield BOOKING_REQUEST.send(
        WithdrawRequest(reason=reason),
        to=all_of(BookingRequests.activity_id(activity_id), BookingRequests.open),
    )
    yield APPOINTMENT.send(
        CancelAppointment(by="system", reason=reason),
        to=all_of(Appointments.activity_id(activity_id), Appointments.ahead),
    )


def suspend_plan(event: Event[PlanHeld], rules: Rules) -> Orders:
    if event.head.pathway_id:
        yield BOOKING_REQUEST.send(
            SuspendRequest(),
            to=all_of(BookingRequests.referral_id(event.head.pathway_id), BookingRequests.open),
        )


def take_up_plan(event: Event[PlanResumed], rules: Rules) -> Orders:
    if event.head.pathway_id:
        yield BOOKING_REQUEST.send(
            TakeUpRequest(),
            to=all_of(BookingRequests.referral_id(event.head.pathway_id), BookingRequests.open),
        )


def suspend_activity(event: Event[ActivityPaused], rules: Rules) -> Orders:
    yield BOOKING_REQUEST.send(
        SuspendRequest(), to=all_of(BookingRequests.activity_id(event.fact.activity_id), BookingRequests.open)
    )


def take_up_activity(event: Event[ActivityResumed], rules: Rules) -> Orders:
    yield BOOKING_REQUEST.send(
        TakeUpRequest(), to=all_of(BookingRequests.activity_id(event.fact.activity_id), BookingRequests.open)
    )
