"""What taking back, marking in error, and duplicates make of a referral. Nothing is decided here."""

from collections.abc import Iterable

from msgspec.structs import replace

from backbone.model import Head, Table
from schemas.referral.v1.duplicate import DuplicateDismissed, DuplicateLinked, DuplicateSuspected
from schemas.referral.v1.ends import MarkedInError
from schemas.referral.v1.referral import CancellationRequested as AskedBack
from schemas.referral.v1.referral import (
    ReferralWithdrawn,
)
from services.referral.referral.evolve.course import with_course
from services.referral.referral.facts import (
    DuplicateAttached,
    LinkedAsDuplicate,
    LinkFollowed,
    ReferralContinued,
    ReferralReopened,
)
from services.referral.referral.states import (
    AwaitingInformation,
    CancellationRequested,
    Cancelled,
    Course,
    EnteredInError,
    Open,
    Over,
    Received,
    Suspicion,
    Urgency,
)

Going = Open | CancellationRequested


def cancellation_requested(state: Open, fact: AskedBack, head: Head) -> CancellationRequested:
    return CancellationRequested(course=state.course, by=fact.by, reason=fact.reason)


def withdrawn(state: CancellationRequested, fact: ReferralWithdrawn, head: Head) -> Cancelled:
    return Cancelled(course=state.course, reason=fact.reason, decided_by=fact.confirmed_by)


def marked_in_error(state: Going, fact: MarkedInError, head: Head) -> EnteredInError:
    return EnteredInError(course=state.course, reason=fact.reason, by_id=fact.by_id)


def reopened(state: Over, fact: ReferralReopened, head: Head) -> Over:
    return with_course(state, successor_id=fact.successor_id)


def continued(state: Received, fact: ReferralContinued, head: Head) -> Received:
    return with_course(state, predecessor_id=fact.predecessor_id)


def duplicate_suspected(state: Going, fact: DuplicateSuspected, head: Head) -> Going:
    """Also once more, of what was suspected before."""
    known = state.course.suspicions
    before = [each.basis for each in known if each.other_referral_id == fact.other_referral_id]
    basis = dict.fromkeys(reason for reasons in (*before, fact.basis) for reason in reasons)
    others = tuple(each for each in known if each.other_referral_id != fact.other_referral_id)
    return with_course(
        state, suspicions=(*others, Suspicion(fact.other_referral_id, tuple(basis), more=fact.more))
    )


def duplicate_dismissed(state: Going, fact: DuplicateDismissed, head: Head) -> Going:
    return with_course(
        state, suspicions=tuple(decided(state.course, fact.other_referral_id, fact.decided_by))
    )


def decided(course: Course, other_referral_id: str, by: str) -> Iterable[Suspicion]:
    for each in course.suspicions:
        yield replace(each, decided_by=by) if each.other_referral_id == other_referral_id else each


def linked_as_duplicate(state: Received, fact: LinkedAsDuplicate, head: Head) -> Cancelled:
    return Cancelled(
        course=state.course,
        reason="DUPLICATE_ACTIVE_REFERRAL",
        decided_by=fact.decided_by,
        kept_id=fact.kept_id,
    )


def link_followed(state: Cancelled, fact: LinkFollowed, head: Head) -> Cancelled:
    return replace(state, kept_id=fact.kept_id)


def duplicate_linked(state: Going, fact: DuplicateLinked, head: Head) -> Going:
    """What was suspected of these two is decided. After the decision, what the other one says is looked at."""
    suspicions = tuple(decided(state.course, fact.duplicate_id, fact.decided_by))
    course, is_undecided = state.course, isinstance(state, Received | AwaitingInformation)
    to_review = course.to_review if fact.status is None or is_undecided else course.package_version
    return with_course(state, clock_start=fact.clock_start, suspicions=suspicions, to_review=to_review)


def duplicate_attached(state: Going, fact: DuplicateAttached, head: Head) -> Going:
    attached = (*state.course.attached, fact.package_ref)
    state = with_course(state, attached=attached, linked=(*state.course.linked, *fact.linked))
    if fact.category is None or fact.target_date is None:
        return state
    urgency = Urgency(
        fact.triage_no or 1,
        fact.scheme or "",
        fact.category,
        fact.target_date,
        fact.decided_by or "",
        fact.target_days or 0,
    )
    return with_course(state, urgency=urgency)


ENDING = Table(
    *(cancellation_requested, withdrawn, marked_in_error, reopened, continued),
    *(
        duplicate_suspected,
        duplicate_dismissed,
        linked_as_duplicate,
        link_followed,
        duplicate_linked,
        duplicate_attached,
    ),
)
