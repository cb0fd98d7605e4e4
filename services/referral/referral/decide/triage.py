"""How urgent it is, and that the clinic takes it on: decisions of a named clinician (REF-06, REF-11,
REF-12; TID 02)."""

from datetime import date

import msgspec
from msgspec.structs import replace

from backbone.model import Content, Decision, Given, Refused, Ruled, Step, Table, by, decider, ignores
from config.urgency import Category
from schemas.referral.v1.referral import AmendmentReviewed, ReferralAccepted, ReferralTriaged
from services.referral.referral.commands import Accept, AskForTriage, NoteDose, ReviewAmendment, Triage
from services.referral.referral.decide.amendment import proposed_afresh
from services.referral.referral.decide.waiting import moved, target_date
from services.referral.referral.facts import DoseNoted
from services.referral.referral.states import (
    AwaitingInformation,
    CancellationRequested,
    Course,
    Draft,
    OnTheWay,
    Over,
    Received,
    VisitCompleted,
)
from services.referral.roles import CLINICIAN, TRIAGE_CLINICIAN
from services.referral.rules import Rules


@by(CLINICIAN)
def ask_for_triage(state: Received | OnTheWay, command: AskForTriage, given: Given[Rules]) -> Decision:
    """The proposal is made afresh, and becomes the triage clinician's work."""
    return [proposed_afresh(state, given)]


def note_dose(
    state: Received | AwaitingInformation | OnTheWay, command: NoteDose, given: Given[Rules]
) -> Decision:
    """Whoever is about to decide sees it; an older one, told again, changes nothing."""
    course = state.course
    is_older = course.dose_at is not None and command.at < course.dose_at
    if is_older or command.high == course.high_dose:
        return ()
    noted = DoseNoted(high=command.high, at=command.at)
    undecided = isinstance(state, Received) and course.suggestion is not None and course.urgency is None
    if not undecided or course.package_ref not in given.contents:
        return [noted]
    return [noted, proposed_afresh(replace(state, course=replace(course, high_dose=command.high)), given)]


@by(TRIAGE_CLINICIAN)
def triage(state: Received | OnTheWay, command: Triage, given: Given[Rules]) -> Decision:
    """Also the second and every later time; priority may change in the same act."""
    category = given.rules.scheme.values.by_code.get(command.category)
    if category is None:
        return Refused(f"the scheme has no category {command.category}", code="unknown-code")
    if not command.comment.strip():
        return Refused("a comment is mandatory", code="reason-missing")
    if stopped := stops_triage(state.course, given):
        return stopped
    target = target_date(state.course, category.target_days, given.rules.calendar)
    triaged = triage_fact(state.course, command, category, target, given)
    steps: list[Step] = [
        Content(triaged.note_ref, "triage_comment", msgspec.json.encode({"text": command.comment})),
        Ruled(triaged, (given.rules.scheme, given.rules.referral.target)),
    ]
    return [*steps, *moved(state.course.urgency, state.course, category.target_days, "re_triage", given)]


def triage_fact(
    course: Course, command: Triage, category: Category, target: date, given: Given[Rules]
) -> ReferralTriaged:
    return ReferralTriaged(
        triage_no=course.urgency.triage_no + 1 if course.urgency else 1,
        scheme=given.rules.clinic.urgency_scheme,
        category=category.code,
        priority=command.priority or category.priority,
        target_days=category.target_days,
        target_date=target,
        complexity=command.complexity,
        agrees_with_suggestion=course.suggestion is not None and course.suggestion.category == category.code,
        decided_by=decider(given),
        note_ref=given.ref("comment"),
    )


@by(CLINICIAN)
def review_amendment(
    state: OnTheWay | VisitCompleted | CancellationRequested | Over,
    command: ReviewAmendment,
    given: Given[Rules],
) -> Decision:
    """What came after the decision was looked at, also when it is over."""
    if state.course.to_review is None:
        return ()
    return [AmendmentReviewed(version=state.course.to_review, decided_by=decider(given))]


@by(TRIAGE_CLINICIAN)
def accept(state: Received, command: Accept, given: Given[Rules]) -> Decision:
    """TID 02: the clinic takes responsibility."""
    course = state.course
    if course.urgency is None:
        return Refused("how urgent it is has not been decided", instead=("Triage",))
    if any(field not in course.waived for field in course.missing):
        return Refused(
            f"not answered: {', '.join(course.missing)}",
            instead=("RequestInformation", "GoOnWithout"),
            code="incomplete",
        )
    if stopped := stops_triage(course, given) or waits_for_a_decision(course):
        return stopped
    return [
        ReferralAccepted(
            category=course.urgency.category,
            target_date=course.urgency.target_date,
            decided_by=decider(given),
        )
    ]


def accept_again(state: OnTheWay, command: Accept, given: Given[Rules]) -> Decision:
    """A second person's acceptance is not "already done"."""
    return Refused(
        f"accepted already by {state.course.accepted_by}",
        instead=("Triage", "Reject"),
        code="decided-already",
    )


def stops_triage(course: Course, given: Given[Rules]) -> Refused | None:
    """An emergency comes first, also one of a duplicate that was linked with this one, or of the one before it."""
    table = given.rules.red_flags.red_flags.values.flags
    others: list[Course] = [given.others["referral", each].course for each in course.told_before]
    open_flags = (flag.flag for each in (course, *others) for flag in each.open_flags)
    stopping = [flag for flag in dict.fromkeys(open_flags) if table[flag].stops_triage]
    if not stopping:
        return None
    return Refused(f"open red flag: {', '.join(stopping)}", instead=("ResolveRedFlag",), code="red-flag-open")


def waits_for_a_decision(course: Course) -> Refused | None:
    """Whose referral it is, and whether it is a new one, is settled first."""
    if not course.suspected:
        return None
    if all(each.is_of_who_was_seen for each in course.suspected):
        return Refused(
            "the person was here lately: a clinician decides first whether they are taken again",
            instead=("DismissDuplicate",),
            code="seen-recently",
        )
    return Refused(
        "it may be a duplicate: a person decides first",
        instead=("DismissDuplicate", "LinkAsDuplicate"),
        code="duplicate-suspected",
    )


TRIAGE = Table(
    *(ask_for_triage, note_dose, triage, review_amendment, accept, accept_again),
    ignores(NoteDose, when=Draft | VisitCompleted | CancellationRequested | Over),
)
