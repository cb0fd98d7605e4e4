"""From draft to end: the life of a plan and the team that follows from accepted work."""

from datetime import timedelta

from backbone.model import Content, Decision, Given, Refused, Table, by, decider
from schemas.care_plan.v1.plan import (
    CareTeamChanged,
    PlanActivated,
    PlanDrafted,
    PlanHeld,
    PlanResumed,
    PlanRevoked,
    PlanUpdated,
)
from services.care_plan.domain.facts import PlanMarked, PlanWritten, WorkAccepted, WorkEnded
from services.care_plan.domain.measures.history import History
from services.care_plan.domain.plan.commands import (
    ActivatePlan,
    DraftPlan,
    EndPlan,
    EndWork,
    HoldPlan,
    MarkPlanInError,
    NoteWork,
    ResumePlan,
    RevokePlan,
    UpdatePlan,
)
from services.care_plan.domain.plan.states import (
    Active,
    Completed,
    Course,
    Draft,
    InError,
    NoPlan,
    OnHold,
    PifuExpired,
    PifuOpen,
    Revoked,
    Work,
)
from services.care_plan.domain.roles import CLINICIAN, CLINICIAN_OR_COORDINATOR, PHYSICIAN, REGISTRAR
from services.care_plan.domain.rules import Rules


@by(CLINICIAN_OR_COORDINATOR)
def draft(state: NoPlan, command: DraftPlan, given: Given[Rules]) -> Decision:
    ref = given.ref("plan")
    return [
        Content(ref, "plan", command.body.encode()),
        PlanWritten(
            plan_version=1,
            ref=ref,
            goals=tuple(goal.goal_id for goal in command.goals),
            weights=tuple(goal.weight for goal in command.goals),
            baselines=tuple(goal.level for goal in command.goals),
            activities=command.activities,
            consultation_id=command.consultation_id,
        ),
        PlanDrafted(
            plan_id=given.target,
            plan_version=1,
            goals=len(command.goals),
            activities=len(command.activities),
        ),
    ]


@by(PHYSICIAN)
def activate(state: Draft, command: ActivatePlan, given: Given[Rules]) -> Decision:
    if not command.patient_agreement:
        return Refused("the patient's agreement is needed", code="no-agreement")
    rules, person = given.rules, decider(given)
    reviews, today = rules.care_plan.reviews.values, rules.calendar.day(given.at)
    high_risk = is_high_risk(state.course, given)
    days = reviews.high_risk_weeks * 7 if high_risk else reviews.first_after_days
    lead = command.lead_id or person
    return [
        PlanActivated(
            plan_id=given.target,
            plan_version=state.course.plan_version,
            start=today,
            lead_id=lead,
            review_due=command.review_on or today + timedelta(days=days),
            high_risk=high_risk,
            disciplines=command.disciplines,
        ),
        CareTeamChanged(plan_id=given.target, joined=(lead,), left=(), disciplines=("medical",)),
    ]


def is_high_risk(course: Course, given: Given[Rules]) -> bool:
    """An alert in the last 30 days, or a high opioid dose."""
    history = given.others.get(course.referral_id or "")
    return isinstance(history, History) and history.is_high_risk(given.at)


@by(CLINICIAN)
def update(state: Active, command: UpdatePlan, given: Given[Rules]) -> Decision:
    """A new version; who did not see the last one is refused before this is asked."""
    ref, number = given.ref("plan"), state.course.plan_version + 1
    return [
        Content(ref, "plan", command.body.encode()),
        PlanWritten(
            plan_version=number,
            ref=ref,
            goals=tuple(goal.goal_id for goal in command.goals),
            weights=tuple(goal.weight for goal in command.goals),
            baselines=tuple(goal.level for goal in command.goals),
            activities=command.activities,
        ),
        PlanUpdated(plan_id=given.target, plan_version=number, changed=command.changed),
    ]


@by(PHYSICIAN)
def hold(state: Active, command: HoldPlan, given: Given[Rules]) -> Decision:
    if command.review_on <= given.rules.calendar.day(given.at):
        return Refused("review_on must be a day to come", code="review-in-the-past")
    return [PlanHeld(plan_id=given.target, reason=command.reason, review_on=command.review_on)]


@by(PHYSICIAN)
def resume(state: OnHold, command: ResumePlan, given: Given[Rules]) -> Decision:
    return [PlanResumed(plan_id=given.target)]


@by(PHYSICIAN)
def revoke(state: Draft | Active | OnHold, command: RevokePlan, given: Given[Rules]) -> Decision:
    return [PlanRevoked(plan_id=given.target, reason=command.reason)]


@by(REGISTRAR)
def mark(
    state: Draft | Active | OnHold | PifuOpen | PifuExpired | Completed | Revoked,
    command: MarkPlanInError,
    given: Given[Rules],
) -> Decision:
    return [
        PlanRevoked(plan_id=given.target, reason="entered_in_error"),
        PlanMarked(reason=command.reason),
    ]


def end(state: Draft | Active | OnHold, command: EndPlan, given: Given[Rules]) -> Decision:
    """The referral ended elsewhere: the plan with it."""
    return [PlanRevoked(plan_id=given.target, reason=command.reason)]


def ended_already(
    state: NoPlan | PifuOpen | PifuExpired | Completed | Revoked | InError,
    command: EndPlan,
    given: Given[Rules],
) -> Decision:
    return ()


def note_work(state: Active | OnHold, command: NoteWork, given: Given[Rules]) -> Decision:
    """ORCA: who accepts work joins the team."""
    work = Work(command.activity_id, command.owner_id, command.discipline)
    if work in state.course.work or command.activity_id in state.course.finished:
        return ()
    accepted = WorkAccepted(
        activity_id=command.activity_id, owner_id=command.owner_id, discipline=command.discipline
    )
    joins = (command.owner_id,) if command.owner_id not in state.course.members else ()
    changed = CareTeamChanged(plan_id=given.target, joined=joins, left=(), disciplines=(command.discipline,))
    return [accepted, changed] if joins else [accepted]


def end_work(state: Active | OnHold, command: EndWork, given: Given[Rules]) -> Decision:
    """The last work of a member ends: so does the membership."""
    gone = next((each for each in state.course.work if each.activity_id == command.activity_id), None)
    if gone is None:
        return ()
    ended = WorkEnded(activity_id=command.activity_id)
    still = any(
        each.owner_id == gone.owner_id and each.activity_id != gone.activity_id for each in state.course.work
    )
    if still or gone.owner_id == state.course.lead_id:
        return [ended]
    return [
        ended,
        CareTeamChanged(
            plan_id=given.target, joined=(), left=(gone.owner_id,), disciplines=(gone.discipline,)
        ),
    ]


def no_team(
    state: NoPlan | Draft | PifuOpen | PifuExpired | Completed | Revoked | InError,
    command: NoteWork | EndWork,
    given: Given[Rules],
) -> Decision:
    return ()


PLANNING = Table(
    *(draft, activate, update, hold, resume, revoke, mark, end, ended_already),
    *(note_work, end_work, no_team),
)
