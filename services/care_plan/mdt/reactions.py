"""Steps of care → cases and actions of the team; and the groups of orders that a decision and a meeting's end are."""

from collections.abc import Sequence

from backbone.model import (
    Event,
    On,
    Order,
    Orders,
    PersonJoined,
    Send,
    Snapshot,
    all_of,
    like,
    on,
    one,
    together,
    together_for,
)
from schemas.care_plan.v1.consultation import ConsultationCompleted
from schemas.care_plan.v1.measure import MeasureScored
from schemas.care_plan.v1.plan import (
    PlanActivated,
    PlanClosed,
    PlanHeld,
    PlanResumed,
    PlanReviewed,
    PlanRevoked,
)
from schemas.codes import Priority
from schemas.fact import Code
from schemas.referral.v1.ends import ENDS, ReferralEnd
from schemas.scheduling.v1.joint_day import JointDayBooked
from services.care_plan.history.facts import StepUpSuggested
from services.care_plan.mdt.aggregate import (
    MDT_ACTION,
    MDT_CASE,
    MDT_MEETING,
    MdtActions,
    MdtCases,
    case_id,
)
from services.care_plan.mdt.commands import (
    BeginInterval,
    CancelMeeting,
    CloseMeeting,
    CountDecision,
    DecideCase,
    DeferCase,
    EndCase,
    HoldInterval,
    NoteActionDone,
    OpenAction,
    RequestCase,
    ShortenInterval,
)
from services.care_plan.mdt.states import MdtCase, MdtMeeting
from services.care_plan.opioid_check.facts import SecondReviewAsked
from services.care_plan.risk.facts import AlertNoted, DoseNoted, TaperNoted
from services.care_plan.rules import Rules


def put_forward(reason: Code, referral_id: str, priority: Priority = "routine") -> Send:
    command = RequestCase(reason=reason, priority=priority, referral_id=referral_id)
    return MDT_CASE.send(command, to=one(case_id(referral_id)))


def request_case(event: Event[ConsultationCompleted], rules: Rules) -> Orders:
    """A new programme goes before the team."""
    if event.head.pathway_id and event.fact.outcome == "MDT_PROGRAMME":
        yield put_forward("new_programme", event.head.pathway_id)


def review_high_dose(event: Event[SecondReviewAsked], rules: Rules) -> Orders:
    """A dose as high as this goes before the team, soon (OPI-02)."""
    yield put_forward(rules.opioid.second_review.id, event.fact.referral_id, "urgent")


def begin_interval(event: Event[PlanActivated], rules: Rules) -> Orders:
    """MDT-01 counts from the activation."""
    if event.head.pathway_id:
        command = BeginInterval(
            on=event.fact.start, at=event.head.occurred_at, patient_id=event.head.lane_key
        )
        yield MDT_CASE.send(command, to=one(case_id(event.head.pathway_id)))


def begin_interval_anew(event: Event[PlanReviewed], rules: Rules) -> Orders:
    """MDT-01 counts from the review; stepping up is the team's matter (OUT-05)."""
    if event.head.pathway_id is None:
        return
    to, at = one(case_id(event.head.pathway_id)), event.head.occurred_at
    again = BeginInterval(on=rules.calendar.day(at), at=at, patient_id=event.head.lane_key)
    yield MDT_CASE.send(again, to=to)
    if event.fact.result == "step_up":
        yield put_forward(rules.measures.step_up.id, event.head.pathway_id)


def step_up(event: Event[StepUpSuggested], rules: Rules) -> Orders:
    """Two reviews showed no response of somebody who comes: the team looks (OUT-05)."""
    yield put_forward(rules.measures.step_up.id, event.head.aggregate_id)


def look_at_worse(event: Event[MeasureScored], rules: Rules) -> Orders:
    """Pain is worse than at the start (OUT-04). Whoever has no baseline yet is triaged again, and is not the team's."""
    has_base = event.fact.change is not None
    if event.head.pathway_id and has_base and "peg_worse" in event.fact.findings:
        yield put_forward(rules.measures.worsening.id, event.head.pathway_id)


def shorten_intervals(event: Event[AlertNoted | DoseNoted | TaperNoted], rules: Rules) -> Orders:
    """Of every running plan of the person."""
    for patient_id in (event.head.aggregate_id, *event.fact.also):
        yield from shorten(patient_id)


def shorten_for_person(event: Event[PersonJoined], rules: Rules) -> Orders:
    """What puts one record's patient at risk holds for the plans of the other."""
    for patient_id in (event.head.aggregate_id, event.fact.other_id):
        yield from shorten(patient_id)


def shorten(patient_id: str) -> Orders:
    target = all_of(MdtCases.patient_id(patient_id))
    yield MDT_CASE.send(ShortenInterval(patient_id=patient_id), to=target)


def hold_interval(event: Event[PlanHeld | PlanResumed], rules: Rules) -> Orders:
    """MDT-01 is about plans that are active."""
    if event.head.pathway_id:
        command = HoldInterval(held=isinstance(event.fact, PlanHeld), at=event.head.occurred_at)
        yield MDT_CASE.send(command, to=one(case_id(event.head.pathway_id)))


def end_interval(event: Event[PlanClosed | PlanRevoked], rules: Rules) -> Orders:
    if event.head.pathway_id:
        at = event.head.occurred_at
        command = BeginInterval(on=rules.calendar.day(at), at=at, running=False)
        yield MDT_CASE.send(command, to=one(case_id(event.head.pathway_id)))


def end_case(event: Event[ReferralEnd], rules: Rules) -> Orders:
    target = all_of(MdtCases.referral_id(event.head.aggregate_id))
    yield MDT_CASE.send(EndCase(reason=event.head.type.split(".")[1]), to=target)


def finish_joint_day(event: Event[JointDayBooked], rules: Rules) -> Orders:
    """The team asked for a joint day: there it is."""
    yield from finish("book_joint_day", event.head.pathway_id)


def finish_activation(event: Event[PlanActivated], rules: Rules) -> Orders:
    """The team asked for the plan's activation."""
    yield from finish("activate_plan", event.head.pathway_id)


def finish(kind: Code, referral_id: str | None) -> Orders:
    if referral_id:
        target = all_of(MdtActions.referral_id(referral_id), MdtActions.kind_of_action(kind), MdtActions.open)
        yield MDT_ACTION.send(NoteActionDone(), to=target)


def decide(case: Snapshot[MdtCase], command: DecideCase, expecting: int | None) -> Order:
    """The decision, counted at its meeting, and what it leaves to be done."""
    return together_for(
        case,
        MDT_CASE.send(command, to=one(case.id), expecting=expecting),
        MDT_MEETING.send(like(CountDecision, command, case_id=case.id), to=one(command.meeting_id)),
        *(
            MDT_ACTION.send(like(OpenAction, each, case_id=case.id), to=one(each.action_id))
            for each in command.actions
        ),
    )


def end_meeting(
    meeting: Snapshot[MdtMeeting],
    command: CloseMeeting | CancelMeeting,
    undecided: Sequence[Snapshot[MdtCase]],
    why: Code,
    expecting: int | None,
) -> Order:
    """Every case that was to be decided is deferred in the same act."""
    defer = DeferCase(meeting_id=meeting.id, reason=why)
    return together(
        MDT_MEETING.send(command, to=one(meeting.id), expecting=expecting),
        *(MDT_CASE.send(defer, to=one(each.id)) for each in undecided),
    )


REACTIONS: tuple[On, ...] = (
    *(on(fact, end_case) for fact in ENDS),
    on(JointDayBooked, finish_joint_day),
    on(ConsultationCompleted, request_case),
    on(MeasureScored, look_at_worse),
    on(PlanActivated, finish_activation, begin_interval),
    on(PlanReviewed, begin_interval_anew),
    on(PlanHeld, hold_interval),
    on(PlanResumed, hold_interval),
    on(PlanClosed, end_interval),
    on(PlanRevoked, end_interval),
)

OWN: tuple[On, ...] = (
    on(StepUpSuggested, step_up),
    on(AlertNoted, shorten_intervals),
    on(DoseNoted, shorten_intervals),
    on(TaperNoted, shorten_intervals),
    on(SecondReviewAsked, review_high_dose),
    on(PersonJoined, shorten_for_person),
)
"""Handled in the transaction that writes the facts."""
