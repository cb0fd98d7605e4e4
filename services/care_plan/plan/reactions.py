"""Facts → orders to plans; and the groups of orders that a draft, a new version, a review or a discharge is."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import asdict

from backbone.ids import derive
from backbone.model import (
    Event,
    On,
    Order,
    Orders,
    Send,
    Snapshot,
    all_of,
    like,
    on,
    one,
    together,
    together_for,
)
from schemas.care_plan.v1.activity import (
    ActivityAccepted,
    ActivityCancelled,
    ActivityCompleted,
    ActivityStopped,
)
from schemas.care_plan.v1.consultation import ConsultationCompleted
from schemas.care_plan.v1.discharge import PatientDischarged
from schemas.care_plan.v1.goal import GoalAssessed
from schemas.referral.v1.ends import ENDS, ReferralEnd
from schemas.referral.v1.patient import PatientDeceased
from services.care_plan.activity.aggregate import ACTIVITY
from services.care_plan.activity.commands import OrderActivity
from services.care_plan.activity.states import Activity, NotOrdered
from services.care_plan.activity.states import Order as Ordered
from services.care_plan.goal.aggregate import GOAL
from services.care_plan.goal.states import AssessGoal, CloseGoal, SetGoal
from services.care_plan.plan.aggregate import CARE_PLAN, CarePlans
from services.care_plan.plan.commands import (
    ActivatePlan,
    Discharge,
    DischargeDeceased,
    DraftPlan,
    EndPlan,
    EndWork,
    NoteSuggestion,
    NoteWork,
    OpenPifu,
    OpenPifuAtOnce,
    RecordLevels,
    ReviewPlan,
    UpdatePlan,
)
from services.care_plan.plan.content import PlanText, changes, extended
from services.care_plan.plan.decide.discharge import DIED
from services.care_plan.plan.states import CarePlan, NoPlan
from services.care_plan.rules import Rules


def open_pifu(event: Event[ConsultationCompleted], rules: Rules) -> Orders:
    """Patient-initiated follow-up was the outcome: its window opens without a plan."""
    if event.fact.outcome == "PIFU":
        plan_id = derive(event.fact.consultation_id, "plan")
        yield CARE_PLAN.send(OpenPifuAtOnce(referral_id=event.head.pathway_id), to=one(plan_id))


def end_plan(event: Event[ReferralEnd], rules: Rules) -> Orders:
    """What is still planned ends with the referral."""
    target = all_of(CarePlans.referral_id(event.head.aggregate_id))
    yield CARE_PLAN.send(EndPlan(reason=event.head.type.split(".")[1]), to=target)


def discharge_deceased(event: Event[PatientDeceased | PatientDischarged], rules: Rules) -> Orders:
    """Every plan of who died; a clinician's discharge says so, or whoever recorded the death."""
    fact, patient_id = event.fact, event.head.lane_key
    is_death = isinstance(fact, PatientDeceased) or fact.reason == DIED
    by = event.head.actor.id if isinstance(fact, PatientDeceased) else fact.decided_by
    if is_death and by and patient_id:
        target = all_of(CarePlans.patient_id(patient_id))
        yield CARE_PLAN.send(DischargeDeceased(decided_by=by), to=target)


def join_team(event: Event[ActivityAccepted], rules: Rules) -> Orders:
    if event.head.pathway_id:
        target = all_of(CarePlans.referral_id(event.head.pathway_id), CarePlans.open)
        yield CARE_PLAN.send(like(NoteWork, event.fact), to=target)


def leave_team(event: Event[ActivityCompleted | ActivityStopped | ActivityCancelled], rules: Rules) -> Orders:
    if event.head.pathway_id:
        target = all_of(CarePlans.referral_id(event.head.pathway_id), CarePlans.open)
        yield CARE_PLAN.send(like(EndWork, event.fact), to=target)


def note_suggestion(event: Event[GoalAssessed], rules: Rules) -> Orders:
    """What the goals suggest is for the next review of their plan."""
    if event.fact.findings and event.head.pathway_id:
        command = NoteSuggestion(by_event=event.head.event_id, findings=event.fact.findings)
        target = all_of(CarePlans.referral_id(event.head.pathway_id), CarePlans.open)
        yield CARE_PLAN.send(command, to=target)


def draft(plan_id: str, patient_id: str, referral_id: str, text: PlanText) -> Order:
    """The plan with its goals."""
    first = CARE_PLAN.send(DraftPlan(referral_id=referral_id, text=text), to=one(plan_id))
    about, pathway = one(patient_id), one(referral_id)
    return together(*set_goals(plan_id, text, PlanText()), first, about=about, pathway=pathway)


Standing = Sequence[Snapshot[Activity]]
"""Activities of the referral that are open."""


def activate(
    plan: Snapshot[CarePlan],
    command: ActivatePlan,
    text: PlanText,
    standing: Standing,
    expecting: int | None,
) -> Order:
    """Every activity is ordered in the same act."""
    first = CARE_PLAN.send(command, to=one(plan.id), expecting=expecting)
    return together_for(plan, first, *order_activities(plan.id, text, PlanText(), standing))


def update(
    plan: Snapshot[CarePlan], before: PlanText, added: PlanText, standing: Standing, expecting: int
) -> Order:
    """A new version; what is added begins in the same act."""
    text = extended(plan.id, before, added)
    command = UpdatePlan(text=text, changed=changes(added))
    return together_for(
        plan,
        CARE_PLAN.send(command, to=one(plan.id), expecting=expecting),
        *set_goals(plan.id, text, before),
        *order_activities(plan.id, text, before, standing),
    )


def review(
    plan: Snapshot[CarePlan], levels: Mapping[str, int], command: ReviewPlan, expecting: int | None
) -> Order:
    """The plan learns the levels of all goals, and what is there, before any of them is assessed."""
    record = RecordLevels(goals=tuple(levels), levels=tuple(levels.values()), met=command.met)
    return together_for(
        plan,
        CARE_PLAN.send(record, to=one(plan.id), expecting=expecting),
        *(GOAL.send(AssessGoal(level=level), to=one(goal)) for goal, level in levels.items()),
        CARE_PLAN.send(command, to=one(plan.id)),
    )


def end(plan: Snapshot[CarePlan], command: Discharge | OpenPifu, expecting: int | None) -> Order:
    """Its goals are closed in the same act."""
    goals = () if isinstance(plan.state, NoPlan) else plan.state.course.goals
    return together_for(
        plan,
        *(GOAL.send(CloseGoal(), to=one(goal.goal_id)) for goal in goals),
        CARE_PLAN.send(command, to=one(plan.id), expecting=expecting),
    )


def set_goals(plan_id: str, text: PlanText, before: PlanText) -> Iterable[Send]:
    """The goals that were not there before."""
    for goal, goal_id in list(zip(text.goals, text.goal_ids, strict=True))[len(before.goals) :]:
        yield GOAL.send(SetGoal(plan_id=plan_id, **asdict(goal)), to=one(goal_id))


def order_activities(plan_id: str, text: PlanText, before: PlanText, standing: Standing) -> Iterable[Send]:
    """The activities that were not there before. Each names those of the same kind, unless it is wanted again."""
    same: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for each in standing:
        if not isinstance(each.state, NotOrdered):
            known = each.state.course.order
            same[known.discipline, known.kind].append(each.id)
    planned = list(zip(text.activities, text.activity_ids, strict=True))[len(before.activities) :]
    for new, activity_id in planned:
        twins = () if new.again else tuple(same[new.what])
        order = OrderActivity(like(Ordered, new, plan_id=plan_id), twins)
        yield ACTIVITY.send(order, to=one(activity_id))
        same[new.what].append(activity_id)


REACTIONS: tuple[On, ...] = (
    *(on(fact, end_plan) for fact in ENDS),
    on(GoalAssessed, note_suggestion),
    on(PatientDeceased, discharge_deceased),
    on(PatientDischarged, discharge_deceased),
    on(ConsultationCompleted, open_pifu),
    on(ActivityAccepted, join_team),
    on(ActivityCompleted, leave_team),
    on(ActivityStopped, leave_team),
    on(ActivityCancelled, leave_team),
)
