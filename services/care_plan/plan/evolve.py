"""What each fact makes of a care plan."""

from typing import TypeVar

from msgspec.structs import replace

from backbone.model import Head, Table, like
from schemas.care_plan.v1.consultation import LetterSigned
from schemas.care_plan.v1.discharge import (
    DischargeDeclined,
    DischargeProposed,
    PatientDischarged,
    PifuOpened,
    PifuUsed,
)
from schemas.care_plan.v1.discharge import PifuExpired as PifuHasExpired
from schemas.care_plan.v1.plan import (
    CareTeamChanged,
    PlanActivated,
    PlanClosed,
    PlanDrafted,
    PlanHandoverEnded,
    PlanHandoverOffered,
    PlanHeld,
    PlanResumed,
    PlanReviewed,
    PlanReviewFellDue,
    PlanRevoked,
    PlanUpdated,
)
from services.care_plan.plan.facts import (
    ChecklistItemsMet,
    ContactMonthBegun,
    LevelsRecorded,
    PlanMarked,
    PlanWritten,
    ReviewDated,
    SuggestionNoted,
    WorkAccepted,
    WorkEnded,
)
from services.care_plan.plan.states import (
    Active,
    Completed,
    Course,
    Draft,
    Follow,
    GoalLine,
    Handover,
    InError,
    NoPlan,
    OnHold,
    Open,
    PifuExpired,
    PifuOpen,
    Revoked,
    Running,
    WithCourse,
    Work,
)

S = TypeVar("S", bound=WithCourse)
Followed = Active | Follow
Signable = Running | Follow | Completed


def with_course(state: S, **changes: object) -> S:
    return replace(state, course=replace(state.course, **changes))


def born(head: Head) -> Course:
    return Course(patient_id=head.lane_key, referral_id=head.pathway_id)


def written(state: NoPlan | Active, fact: PlanWritten, head: Head) -> Draft | Active:
    course = state.course if isinstance(state, Active) else born(head)
    lines = zip(fact.goals, fact.weights, fact.baselines, strict=True)
    course = replace(
        course,
        plan_version=fact.plan_version,
        refs=(*course.refs, fact.ref),
        goals=(*course.goals, *(GoalLine(*line) for line in lines)),
        activities=(*course.activities, *fact.activities),
        consultation_id=fact.consultation_id or course.consultation_id,
    )
    return Active(course=course) if isinstance(state, Active) else Draft(course=course)


def drafted(state: Draft, fact: PlanDrafted, head: Head) -> Draft:
    return state


def activated(state: Draft, fact: PlanActivated, head: Head) -> Active:
    known = with_course(
        state,
        lead_id=fact.lead_id,
        started_on=fact.start,
        review_on=fact.review_due,
        high_risk=fact.high_risk,
    )
    return like(Active, known)


def updated(state: Active, fact: PlanUpdated, head: Head) -> Active:
    return with_course(state, plan_version=fact.plan_version)


def held(state: Active, fact: PlanHeld, head: Head) -> OnHold:
    """The day until which it is held is that of its next review."""
    held = with_course(state, review_on=fact.review_on, announced=False)
    return like(OnHold, held, until=fact.review_on)


def resumed(state: OnHold, fact: PlanResumed, head: Head) -> Active:
    return like(Active, state)


def revoked(state: Open | Follow | Completed | Revoked, fact: PlanRevoked, head: Head) -> Revoked:
    return like(Revoked, state)


def marked(state: Revoked, fact: PlanMarked, head: Head) -> InError:
    return like(InError, state)


def team_changed(state: Running, fact: CareTeamChanged, head: Head) -> Running:
    return state


def handover_offered(state: Running, fact: PlanHandoverOffered, head: Head) -> Running:
    return with_course(state, handover=Handover(to_id=fact.to_id, reason=fact.reason))


def handover_ended(state: Running, fact: PlanHandoverEnded, head: Head) -> Running:
    """What was declined is still to be handed over."""
    before = state.course.handover
    left = replace(before, declined=True) if before and fact.result == "declined" else None
    return with_course(state, lead_id=fact.lead_id, handover=left)


def accepted(state: Running, fact: WorkAccepted, head: Head) -> Running:
    return with_course(state, work=(*state.course.work, like(Work, fact)))


def work_ended(state: Running, fact: WorkEnded, head: Head) -> Running:
    left = tuple(each for each in state.course.work if each.activity_id != fact.activity_id)
    return with_course(state, work=left, finished=(*state.course.finished, fact.activity_id))


def announced(state: Running, fact: PlanReviewFellDue, head: Head) -> Running:
    return with_course(state, announced=True)


def levels(state: Running, fact: LevelsRecorded, head: Head) -> Running:
    new = dict(zip(fact.goals, fact.levels, strict=True))
    goals = tuple(replace(goal, level=new.get(goal.goal_id, goal.level)) for goal in state.course.goals)
    return with_course(state, goals=goals)


def suggested(state: Active, fact: SuggestionNoted, head: Head) -> Active:
    """A proposal, which the engine keeps."""
    return state


def reviewed(state: Running, fact: PlanReviewed, head: Head) -> Running:
    """What is on hold keeps its day until somebody decides what was proposed."""
    if isinstance(state, OnHold):
        return state
    return with_course(state, review_on=fact.next_review, announced=False)


def review_dated(state: Followed, fact: ReviewDated, head: Head) -> Active:
    fresh = with_course(
        state,
        review_on=fact.review_on,
        high_risk=fact.high_risk,
        announced=False,
        proposed=False,
        met=(),
    )
    return like(Active, fresh)


def met(
    state: Running | Follow | Completed, fact: ChecklistItemsMet, head: Head
) -> Running | Follow | Completed:
    return with_course(state, met=fact.items)


def proposed(state: Running, fact: DischargeProposed, head: Head) -> Running:
    return with_course(state, proposed=True)


def declined(state: Running, fact: DischargeDeclined, head: Head) -> Running:
    following = fact.next_review or state.course.review_on
    state = with_course(state, proposed=False, review_on=following, announced=False)
    return replace(state, until=following) if isinstance(state, OnHold) and following else state


def signed(state: Signable, fact: LetterSigned, head: Head) -> Signable:
    return with_course(state, letter_ref=fact.letter_ref)


def closed(state: Running, fact: PlanClosed, head: Head) -> Completed:
    return like(Completed, state)


def discharged(state: Completed | Follow, fact: PatientDischarged, head: Head) -> Completed:
    return like(Completed, state)


def pifu_opened(state: NoPlan | Completed, fact: PifuOpened, head: Head) -> PifuOpen:
    course = state.course if isinstance(state, Completed) else born(head)
    return PifuOpen(course=course, ends_on=fact.ends_on)


def pifu_expired(state: PifuOpen, fact: PifuHasExpired, head: Head) -> PifuExpired:
    return like(PifuExpired, state)


def pifu_used(state: Follow, fact: PifuUsed, head: Head) -> PifuOpen | PifuExpired:
    """The new review date follows in the same decision; whoever called has been spoken with."""
    return with_course(state, contact_on=fact.on)


def month_begun(state: Active, fact: ContactMonthBegun, head: Head) -> Active:
    return with_course(state, contact_on=fact.on)


EVOLVE = Table(
    *(written, drafted, activated, updated, held, resumed, revoked, marked),
    *(team_changed, accepted, work_ended, announced, levels, suggested, reviewed, review_dated),
    *(met, proposed, declined, signed, closed, discharged, pifu_opened, pifu_expired, pifu_used),
    *(month_begun, handover_offered, handover_ended),
)
