"""What each fact on the way of a referral makes of its state. Nothing is decided here."""

from typing import Any

from msgspec.structs import replace

from backbone.model import Head, Table, like
from schemas.referral.v1.medication import MedicationsListed
from schemas.referral.v1.referral import (
    AmendmentReviewed,
    FoundComplete,
    FoundIncomplete,
    InformationNotReceived,
    InformationRequested,
    InformationSupplied,
    RedFlagRaised,
    RedFlagResolved,
    RedFlagUnclear,
    ReferralAccepted,
    ReferralAmended,
    ReferralCompleted,
    ReferralProgressed,
    ReferralReceived,
    ReferralRedirected,
    ReferralRejected,
    ReferralTriaged,
    ReferralWaitlisted,
    TargetChanged,
    TriageSuggested,
)
from schemas.referral.v1.wait import WaitBreached, WaitBreachForecast, WaitReviewed, WaitReviewFellDue
from services.referral.referral.decide.intake import first_course
from services.referral.referral.evolve.course import with_course
from services.referral.referral.facts import (
    ClockReset,
    DoseNoted,
    NoteFiled,
    PackageFiled,
    RedFlagAcknowledged,
    UnavailabilityNoted,
    VisitNoted,
)
from services.referral.referral.states import (
    Accepted,
    Active,
    AppointmentLost,
    AwaitingInformation,
    CancellationRequested,
    Completed,
    Draft,
    Flag,
    Known,
    OnTheWay,
    Open,
    Period,
    Received,
    Rejected,
    Scheduled,
    Suggestion,
    Unattended,
    Urgency,
    Visit,
    VisitCompleted,
    Wait,
    Waitlisted,
)


def received(state: Draft, fact: ReferralReceived, head: Head) -> Received:
    return Received(course=first_course(fact, head.lane_key))


def amended(state: Known, fact: ReferralAmended, head: Head) -> Known:
    """What is sent before the decision is part of it; what comes after is looked at."""
    to_review = state.course.to_review if isinstance(state, Received | AwaitingInformation) else fact.version
    return with_course(state, package_version=fact.version, to_review=to_review)


def amendment_reviewed(state: Known, fact: AmendmentReviewed, head: Head) -> Known:
    return with_course(state, to_review=None)


def package_filed(state: Known, fact: PackageFiled, head: Head) -> Known:
    return with_course(
        state,
        package_ref=fact.package_ref,
        submitted_ref=fact.submitted_ref,
        package_version=fact.version,
        age_years=fact.age_years,
    )


def nothing_to_keep(state: Known, fact: MedicationsListed | NoteFiled | WaitReviewed, head: Head) -> Known:
    """The package or the note is kept elsewhere; a review only says how the patient is."""
    return state


def target_changed(state: Known, fact: TargetChanged, head: Head) -> Known:
    if state.course.urgency is None:
        return state
    return with_course(state, urgency=replace(state.course.urgency, target_date=fact.target_date))


def red_flag_raised(state: Known, fact: RedFlagRaised, head: Head) -> Known:
    raised = Flag(fact.flag_id, fact.flag, fact.severity)
    unclear = tuple(flag for flag in state.course.unclear if flag != fact.flag)
    others = tuple(flag for flag in state.course.flags if flag.flag_id != fact.flag_id)
    return with_course(state, flags=(*others, raised), unclear=unclear)


def red_flag_unclear(state: Known, fact: RedFlagUnclear, head: Head) -> Known:
    return with_course(state, unclear=tuple(fact.flags))


def red_flag_resolved(state: Known, fact: RedFlagResolved, head: Head) -> Known:
    flags = tuple(
        replace(flag, result=fact.result) if flag.flag_id == fact.flag_id else flag
        for flag in state.course.flags
    )
    was_raised = state.course.flag(fact.flag_id) is not None
    left = tuple(flag for flag in state.course.unclear if was_raised or flag != fact.flag)
    return with_course(state, flags=flags, unclear=left)


def red_flag_acknowledged(state: Known, fact: RedFlagAcknowledged, head: Head) -> Known:
    flags = tuple(
        replace(flag, acknowledged_by=fact.by_id) if flag.flag_id == fact.flag_id else flag
        for flag in state.course.flags
    )
    return with_course(state, flags=flags)


def found_incomplete(state: Received, fact: FoundIncomplete, head: Head) -> Received:
    return with_course(state, missing=tuple(fact.missing), complete=False)


def found_complete(state: Received, fact: FoundComplete, head: Head) -> Received:
    return with_course(state, missing=(), complete=True)


def triage_suggested(state: Received | OnTheWay, fact: TriageSuggested, head: Head) -> Received | OnTheWay:
    suggestion = Suggestion(fact.category, tuple(fact.concerns), tuple(fact.advisories))
    return with_course(state, suggestion=suggestion)


def dose_noted(
    state: Received | AwaitingInformation | OnTheWay, fact: DoseNoted, head: Head
) -> Received | AwaitingInformation | OnTheWay:
    return with_course(state, high_dose=fact.high, dose_at=fact.at)


def information_requested(state: Received, fact: InformationRequested, head: Head) -> AwaitingInformation:
    return AwaitingInformation(
        course=state.course, asked=tuple(fact.missing), reminder_on=fact.reminder_on, decide_on=fact.decide_on
    )


def information_not_received(
    state: AwaitingInformation, fact: InformationNotReceived, head: Head
) -> AwaitingInformation:
    return replace(state, reminded=True, overdue=fact.stage == "decision")


def information_supplied(state: AwaitingInformation, fact: InformationSupplied, head: Head) -> Received:
    return Received(course=replace(state.course, missing=tuple(fact.still_missing)))


def progressed(
    state: AwaitingInformation | OnTheWay | VisitCompleted, fact: ReferralProgressed, head: Head
) -> Received | Active | Scheduled | Unattended | AppointmentLost | VisitCompleted:
    """X03 goes on without information; the other moves are those of the first visit."""
    if isinstance(state, AwaitingInformation):
        return Received(course=replace(state.course, went_on_without=True, waived=state.course.missing))
    course = state.course
    if fact.to in (
        "unattended",
        "appointment_cancelled",
    ):  # without a date again: the wait says anew what it is
        course = replace(course, wait=Wait(reviews=course.wait.reviews))
    moved: Active | Scheduled | Unattended | AppointmentLost | VisitCompleted = MOVES[fact.to](course=course)
    return moved


MOVES: dict[str, Any] = {
    "active": Active,
    "scheduled": Scheduled,
    "unattended": Unattended,
    "appointment_cancelled": AppointmentLost,
    "visit_completed": VisitCompleted,
}


def waitlisted(state: OnTheWay, fact: ReferralWaitlisted, head: Head) -> Waitlisted:
    return Waitlisted(course=state.course)


def visit_noted(state: OnTheWay | VisitCompleted, fact: VisitNoted, head: Head) -> OnTheWay | VisitCompleted:
    sources = (*state.course.visit.sources, fact.source_id)
    visit = like(Visit, fact, sources=sources)
    return with_course(state, visit=visit)


def unavailability_noted(state: Known, fact: UnavailabilityNoted, head: Head) -> Known:
    others = tuple(each for each in state.course.unavailable if each.period_id != fact.period_id)
    return with_course(state, unavailable=(*others, Period(fact.period_id, fact.start, fact.end)))


def breach_forecast(state: Known, fact: WaitBreachForecast, head: Head) -> Known:
    return with_course(state, wait=replace(state.course.wait, forecast_for=fact.target_date))


def breached(state: Known, fact: WaitBreached, head: Head) -> Known:
    return with_course(state, wait=replace(state.course.wait, breached_for=fact.target_date))


def review_fell_due(state: Known, fact: WaitReviewFellDue, head: Head) -> Known:
    return with_course(state, wait=replace(state.course.wait, reviews=state.course.wait.reviews + 1))


def clock_reset(state: OnTheWay, fact: ClockReset, head: Head) -> OnTheWay:
    return with_course(state, clock_start=fact.clock_start, wait=Wait())


def completed(
    state: OnTheWay | VisitCompleted | CancellationRequested, fact: ReferralCompleted, head: Head
) -> Completed:
    return Completed(course=state.course, outcome=fact.outcome, decided_by=fact.decided_by)


def triaged(state: Received | OnTheWay, fact: ReferralTriaged, head: Head) -> Received | OnTheWay:
    urgency = Urgency(
        fact.triage_no, fact.scheme, fact.category, fact.target_date, fact.decided_by, fact.target_days
    )
    return with_course(state, urgency=urgency)


def accepted(state: Received, fact: ReferralAccepted, head: Head) -> Accepted:
    course = replace(state.course, accepted_by=fact.decided_by)
    return Accepted(course=course, decided_by=fact.decided_by)


def rejected(state: Open, fact: ReferralRejected, head: Head) -> Rejected:
    return Rejected(
        course=state.course,
        code=fact.code,
        disposition=fact.disposition,
        decided_by=fact.decided_by,
        advice_ref=fact.advice_ref,
    )


def redirected(state: Received, fact: ReferralRedirected, head: Head) -> Rejected:
    return Rejected(
        course=state.course,
        code=fact.code,
        disposition="redirected",
        decided_by=fact.decided_by,
        advice_ref=fact.advice_ref,
    )


PROGRESS = Table(
    received,
    amended,
    amendment_reviewed,
    package_filed,
    nothing_to_keep,
    target_changed,
    red_flag_raised,
    red_flag_unclear,
    red_flag_resolved,
    red_flag_acknowledged,
    found_incomplete,
    found_complete,
    triage_suggested,
    dose_noted,
    information_requested,
    information_not_received,
    information_supplied,
    progressed,
    waitlisted,
    visit_noted,
    unavailability_noted,
    breach_forecast,
    breached,
    review_fell_due,
    clock_reset,
    completed,
    triaged,
    accepted,
    rejected,
    redirected,
)
