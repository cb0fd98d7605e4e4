"""Two referrals that may be one: suspected by rule, linked or dismissed by a named person (X13)."""

from typing import cast

import msgspec

from backbone.model import (
    Decision,
    Given,
    Refused,
    Ruled,
    Step,
    Table,
    by,
    decider,
    ignores,
    like,
    permits,
    tag_of,
)
from schemas.codes import ReferralStatus
from schemas.referral.v1.duplicate import DuplicateDismissed, DuplicateLinked, DuplicateSuspected
from services.referral.patient.states import Patient, person_of
from services.referral.referral.commands import (
    DismissDuplicate,
    FollowLink,
    KeepWithDuplicate,
    LinkAsDuplicate,
    SuspectDuplicate,
)
from services.referral.referral.decide.evaluation import suggested, unclear_of_both
from services.referral.referral.decide.waiting import moved, target_date, target_days
from services.referral.referral.facts import DuplicateAttached, LinkedAsDuplicate, LinkFollowed
from services.referral.referral.states import (
    CancellationRequested,
    Cancelled,
    Completed,
    Course,
    Draft,
    EnteredInError,
    Known,
    OnTheWay,
    Open,
    Over,
    Received,
    Rejected,
    Suspicion,
)
from services.referral.roles import CLINICIAN, DECIDES_DUPLICATES, DISMISSES_DUPLICATES
from services.referral.rules import Rules


def suspect(state: Open, command: SuspectDuplicate, given: Given[Rules]) -> Decision:
    """Told once of each other referral and each reason; what was decided is not asked again."""
    known = {
        reason
        for each in state.course.suspicions
        if each.other_referral_id == command.other_referral_id
        for reason in each.basis
    }
    if set(command.basis) <= known or command.other_referral_id == state.course.predecessor_id:
        return ()
    return [suspected(like(Suspicion, command), given)]


def suspected(suspicion: Suspicion, given: Given[Rules]) -> Step:
    fact = DuplicateSuspected(
        other_referral_id=suspicion.other_referral_id, basis=suspicion.basis, more=suspicion.more
    )
    return Ruled(fact, (given.rules.referral.duplicates,))


@by(DISMISSES_DUPLICATES)
def dismiss(state: Open | CancellationRequested, command: DismissDuplicate, given: Given[Rules]) -> Decision:
    """What else is suspected stays somebody's work."""
    asked = [each for each in state.course.suspected if each.other_referral_id == command.other_referral_id]
    if not asked:
        return Refused("nothing is suspected of these two", code="not-found")
    if asked[0].is_of_who_was_seen and not permits(CLINICIAN, given.actor, given.rights, given.rules):
        return Refused(
            "whether somebody seen lately is taken again, a clinician decides", code="not-permitted"
        )
    told = DuplicateDismissed(other_referral_id=command.other_referral_id, decided_by=decider(given))
    return [told, *still_suspected(state.course, command.other_referral_id, given)]


def still_suspected(course: Course, decided_id: str, given: Given[Rules]) -> list[Step]:
    """What is decided of one closes the work: what is suspected of another opens it again."""
    others = [each for each in course.suspected if each.other_referral_id != decided_id]
    return [suspected(each, given) for each in others[:1]]


@by(DECIDES_DUPLICATES)
def link(state: Received, command: LinkAsDuplicate, given: Given[Rules]) -> Decision:
    """X13: only an open referral of the same person can go on in its place."""
    kept = given.others["referral", command.kept_id]
    if isinstance(kept, Draft | Over) or command.kept_id == given.target:
        return Refused("the other referral does not go on", instead=("DismissDuplicate",), code="not-open")
    patient: Patient = given.others["patient", state.course.patient_id]
    if kept.course.patient_id not in person_of(state.course.patient_id, patient):
        return Refused("their patients are not known as one", code="another-patient")
    told = LinkedAsDuplicate(kept_id=command.kept_id, decided_by=decider(given), before=state.course.linked)
    return [told]


@by(DECIDES_DUPLICATES)
def link_again(state: Cancelled, command: LinkAsDuplicate, given: Given[Rules]) -> Decision:
    return Refused(f"cancelled already by {state.decided_by}", code="decided-already")


def follow(state: Cancelled, command: FollowLink, given: Given[Rules]) -> Decision:
    return () if state.kept_id == command.kept_id else [LinkFollowed(kept_id=command.kept_id)]


@by(DECIDES_DUPLICATES)
def keep(state: Open | CancellationRequested, command: KeepWithDuplicate, given: Given[Rules]) -> Decision:
    """The earliest clock start, the higher urgency, the documents of both. Whoever treats the patient already looks at
    what the other one says, as at an amendment."""
    duplicate: Course = given.others["referral", command.duplicate_id].course
    start = min(state.course.clock_start, duplicate.clock_start)
    course = msgspec.structs.replace(state.course, clock_start=start)
    decided = more_urgent(state.course, duplicate, given.rules)
    urgency, days = decided.urgency, target_days(decided, given.rules.calendar)
    told = DuplicateLinked(
        duplicate_id=command.duplicate_id,
        clock_start=start,
        category=urgency.category if urgency else None,
        decided_by=decider(given),
        status=cast(ReferralStatus, tag_of(type(state))),
    )
    also = unclear_of_both(state.course, duplicate, given)
    also += still_suspected(state.course, command.duplicate_id, given)
    also += [DuplicateAttached(package_ref=each) for each in duplicate.attached]
    linked = (command.duplicate_id, *duplicate.linked)
    if urgency is None or days is None:
        attached = DuplicateAttached(package_ref=duplicate.package_ref, linked=linked)
        return [told, *also, attached, *asked_anew(state, duplicate, given)]
    target = target_date(course, days, given.rules.calendar)
    attached = DuplicateAttached(
        package_ref=duplicate.package_ref,
        linked=linked,
        triage_no=max(each.triage_no for each in (state.course.urgency, duplicate.urgency) if each),
        scheme=urgency.scheme,
        category=urgency.category,
        target_date=target,
        target_days=days,
        decided_by=urgency.decided_by,
    )
    changed = moved(state.course.urgency, course, days, "merge", given)
    return [told, *also, attached, *changed, *asked_anew(state, duplicate, given)]


def more_urgent(one: Course, other: Course, rules: Rules) -> Course:
    """Who is to be seen within fewer days, as it was decided: whether its category is still in the scheme or not."""
    decided = [each for each in (one, other) if each.urgency] or [one]
    return min(decided, key=lambda each: target_days(each, rules.calendar) or 0)


def rank(category: str, rules: Rules) -> int:
    """The most urgent first."""
    ranks = rules.scheme.values.ranks
    return ranks.get(category, len(ranks))


def asked_anew(state: Known, duplicate: Course, given: Given[Rules]) -> list[Step]:
    """Nobody has decided how urgent the duplicate is, and it looks more urgent than what was decided."""
    seems, is_now = duplicate.suggestion, state.course.urgency or state.course.suggestion
    if duplicate.urgency or seems is None or not isinstance(state, Received | OnTheWay):
        return []
    if is_now is not None and rank(seems.category, given.rules) >= rank(is_now.category, given.rules):
        return []
    return [suggested(seems, duplicate.package_ref, given.rules)]


DUPLICATES = Table(
    *(suspect, dismiss, link, link_again, follow, keep),
    ignores(FollowLink, when=Draft | Open | CancellationRequested | Completed | Rejected | EnteredInError),
    ignores(SuspectDuplicate, when=Draft | CancellationRequested | Over),
)
