"""What each fact makes of a care plan."""

from msgspec.structs import replace

from backbone.model import Head, Table
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
    PlanHeld,
    PlanResumed,
    PlanReviewed,
    PlanReviewFellDue,
    PlanRevoked,
    PlanUpdated,
)
from services.care_plan.domain.facts import (
    ChecklistItemsMet,
    LevelsRecorded,
    PlanMarked,
    PlanWritten,
    ReviewDated,
    WorkAccepted,
    WorkEnded,
)
from services.care_plan.domain.plan.states import (
    Active,
    Completed,
    Course,
    Draft,
    GoalLine,
    InError,
    NoPlan,
    OnHold,
    PifuExpired,
    PifuOpen,
    Revoked,
    Work,
)


def written(state: NoPlan | Active, fact: PlanWritten, head: Head) -> Draft | Active:
    course = state.course if isinstance(state, Active) else Course(referral_id=head.pathway_id)
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
    course = replace(
        state.course,
        lead_id=fact.lead_id,
        started_on=fact.start,
        review_on=fact.review_due,
        high_risk=fact.high_risk,
    )
    return Active(course=course)


def updated(state: Active, fact: PlanUpdated, head: Head) -> Active:
    return Active(course=replace(state.course, plan_version=fact.plan_version))


def held(state: Active, fact: PlanHeld, head: Head) -> OnHold:
    """The day until which it is held is that of its next review."""
    course = replace(state.course, review_on=fact.review_on, announced=False)
    return OnHold(course=course, until=fact.review_on)


def resumed(state: OnHold, fact: PlanResumed, head: Head) -> Active:
    return Active(course=state.course)


def revoked(
    state: Draft | Active | OnHold | PifuOpen | PifuExpired | Completed | Revoked,
    fact: PlanRevoked,
    head: Head,
) -> Revoked:
    return Revoked(course=state.course)


def marked(state: Revoked, fact: PlanMarked, head: Head) -> InError:
    return InError(course=state.course)


def team_changed(state: Active | OnHold, fact: CareTeamChanged, head: Head) -> Active | OnHold:
    return state


def accepted(state: Active | OnHold, fact: WorkAccepted, head: Head) -> Active | OnHold:
    work = Work(fact.activity_id, fact.owner_id, fact.discipline)
    return replace(state, course=replace(state.course, work=(*state.course.work, work)))


def work_ended(state: Active | OnHold, fact: WorkEnded, head: Head) -> Active | OnHold:
    left = tuple(each for each in state.course.work if each.activity_id != fact.activity_id)
    finished = (*state.course.finished, fact.activity_id)
    return replace(state, course=replace(state.course, work=left, finished=finished))


def announced(state: Active | OnHold, fact: PlanReviewFellDue, head: Head) -> Active | OnHold:
    return replace(state, course=replace(state.course, announced=True))


def levels(state: Active, fact: LevelsRecorded, head: Head) -> Active:
    new = dict(zip(fact.goals, fact.levels, strict=True))
    goals = tuple(
        GoalLine(goal.goal_id, goal.weight, new.get(goal.goal_id, goal.level)) for goal in state.course.goals
    )
    return Active(course=replace(state.course, goals=goals))


def reviewed(state: Active, fact: PlanReviewed, head: Head) -> Active:
    return Active(course=replace(state.course, review_on=fact.next_review, announced=False))


def review_dated(state: Active | PifuOpen | PifuExpired, fact: ReviewDated, head: Head) -> Active:
    course = replace(
        state.course,
        review_on=fact.review_on,
        high_risk=fact.high_risk,
        announced=False,
        proposed=False,
        met=(),
    )
    return Active(course=course)


def met(
    state: Active | PifuOpen | PifuExpired, fact: ChecklistItemsMet, head: Head
) -> Active | PifuOpen | PifuExpired:
    return replace(state, course=replace(state.course, met=fact.items))


def proposed(state: Active, fact: DischargeProposed, head: Head) -> Active:
    return Active(course=replace(state.course, proposed=True))


def declined(state: Active, fact: DischargeDeclined, head: Head) -> Active:
    return Active(course=replace(state.course, proposed=False))


def signed(
    state: Active | PifuOpen | PifuExpired, fact: LetterSigned, head: Head
) -> Active | PifuOpen | PifuExpired:
    return state


def closed(state: Active, fact: PlanClosed, head: Head) -> Completed:
    return Completed(course=state.course)


def discharged(state: Completed | PifuExpired, fact: PatientDischarged, head: Head) -> Completed:
    return Completed(course=state.course)


def pifu_opened(state: NoPlan | Completed, fact: PifuOpened, head: Head) -> PifuOpen:
    course = state.course if isinstance(state, Completed) else Course(referral_id=head.pathway_id)
    return PifuOpen(course=course, ends_on=fact.ends_on)


def pifu_expired(state: PifuOpen, fact: PifuHasExpired, head: Head) -> PifuExpired:
    return PifuExpired(course=state.course)


def pifu_used(state: PifuOpen | PifuExpired, fact: PifuUsed, head: Head) -> PifuOpen | PifuExpired:
    """The new review date follows in the same decision."""
    return state


EVOLVE = Table(
    *(written, drafted, activated, updated, held, resumed, revoked, marked),
    *(team_changed, accepted, work_ended, announced, levels, reviewed, review_dated),
    *(met, proposed, declined, signed, closed, discharged, pifu_opened, pifu_expired, pifu_used),
)
