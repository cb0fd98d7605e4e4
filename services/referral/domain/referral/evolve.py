"""What each fact makes of a referral's state. Nothing is decided here."""

from typing import Any, TypeVar

from msgspec.structs import replace

from backbone.head import Head
from backbone.table import Table
from schemas.referral.v1.referral import (
    FoundComplete,
    FoundIncomplete,
    InformationNotReceived,
    InformationRequested,
    InformationSupplied,
    MedicationsListed,
    RedFlagRaised,
    RedFlagResolved,
    RedFlagUnclear,
    ReferralAccepted,
    ReferralAmended,
    ReferralProgressed,
    ReferralReceived,
    ReferralRedirected,
    ReferralRejected,
    ReferralTriaged,
    TargetChanged,
    TriageSuggested,
)
from services.referral.domain.facts import NoteFiled, PackageFiled
from services.referral.domain.referral.intake import first_course
from services.referral.domain.referral.states import (
    Accepted,
    AwaitingInformation,
    Draft,
    Flag,
    Known,
    Received,
    Rejected,
    Suggestion,
    Urgency,
)

S = TypeVar("S", bound=Known)


def with_course(state: S, **changes: Any) -> S:
    return replace(state, course=replace(state.course, **changes))


def received(state: Draft, fact: ReferralReceived, head: Head) -> Received:
    return Received(course=first_course(fact, head.lane_key))


def amended(state: Known, fact: ReferralAmended, head: Head) -> Known:
    return with_course(state, package_version=fact.version)


def package_filed(state: Known, fact: PackageFiled, head: Head) -> Known:
    return with_course(
        state,
        package_ref=fact.package_ref,
        submitted_ref=fact.submitted_ref,
        package_version=fact.version,
        age_years=fact.age_years,
    )


def nothing_to_keep(state: Known, fact: MedicationsListed | NoteFiled | TargetChanged, head: Head) -> Known:
    """The package, the note or the urgency is kept elsewhere."""
    return state


def red_flag_raised(state: Known, fact: RedFlagRaised, head: Head) -> Known:
    raised = Flag(fact.flag_id, fact.flag, fact.severity)
    unclear = tuple(flag for flag in state.course.unclear if flag != fact.flag)
    return with_course(state, flags=(*state.course.flags, raised), unclear=unclear)


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


def found_incomplete(state: Received, fact: FoundIncomplete, head: Head) -> Received:
    return with_course(state, missing=tuple(fact.missing), complete=False)


def found_complete(state: Received, fact: FoundComplete, head: Head) -> Received:
    return with_course(state, missing=(), complete=True)


def triage_suggested(state: Received | Accepted, fact: TriageSuggested, head: Head) -> Received | Accepted:
    suggestion = Suggestion(fact.category, tuple(fact.concerns), tuple(fact.advisories))
    return with_course(state, suggestion=suggestion)


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


def went_on_without(state: AwaitingInformation, fact: ReferralProgressed, head: Head) -> Received:
    return Received(course=replace(state.course, went_on_without=True))


def triaged(state: Received | Accepted, fact: ReferralTriaged, head: Head) -> Received | Accepted:
    urgency = Urgency(fact.triage_no, fact.scheme, fact.category, fact.target_date, fact.decided_by)
    return with_course(state, urgency=urgency)


def accepted(state: Received, fact: ReferralAccepted, head: Head) -> Accepted:
    return Accepted(course=state.course, decided_by=fact.decided_by)


def rejected(
    state: Received | AwaitingInformation | Accepted, fact: ReferralRejected, head: Head
) -> Rejected:
    return Rejected(
        course=state.course, code=fact.code, disposition=fact.disposition, decided_by=fact.decided_by
    )


def redirected(state: Received, fact: ReferralRedirected, head: Head) -> Rejected:
    return Rejected(course=state.course, code=fact.code, disposition="redirected", decided_by=fact.decided_by)


EVOLVE = Table(
    received,
    amended,
    package_filed,
    nothing_to_keep,
    red_flag_raised,
    red_flag_unclear,
    red_flag_resolved,
    found_incomplete,
    found_complete,
    triage_suggested,
    information_requested,
    information_not_received,
    information_supplied,
    went_on_without,
    triaged,
    accepted,
    rejected,
    redirected,
)
