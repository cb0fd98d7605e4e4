"""What one step of care leads to in another: visits, plans, activities, team and MDT. Pure."""

from typing import Any

from backbone.ids import derive
from backbone.model import Event, Orders, all_of, one
from schemas.care_plan.v1.activity import (
    ActivityAccepted,
    ActivityCancelled,
    ActivityCompleted,
    ActivityStopped,
)
from schemas.care_plan.v1.consultation import ConsultationCompleted
from schemas.care_plan.v1.discharge import PatientDischarged
from schemas.care_plan.v1.plan import PlanActivated, PlanClosed, PlanDrafted, PlanReviewed, PlanRevoked
from schemas.scheduling.v1.appointment import (
    AppointmentBooked,
    AppointmentMoved,
    PatientDidNotAttend,
)
from schemas.scheduling.v1.joint_day import JointDayBooked
from services.care_plan.domain.activity.aggregate import ACTIVITY, Activities
from services.care_plan.domain.activity.states import EndWithPlan, NoteBooked, NoteMissed
from services.care_plan.domain.consultation import CONSULTATION, Consultations, NoteDraft
from services.care_plan.domain.mdt_case import MDT_CASE, MdtCases, case_id
from services.care_plan.domain.mdt_meeting import MDT_ACTION, MdtActions, NoteActionDone
from services.care_plan.domain.mdt_states import BeginInterval, EndCase, RequestCase
from services.care_plan.domain.plan.aggregate import CARE_PLAN, CarePlans
from services.care_plan.domain.plan.commands import EndPlan, EndWork, NoteWork, OpenPifuAtOnce
from services.care_plan.domain.rules import Rules
from services.care_plan.domain.visit import VISIT, EndVisit, MoveVisit, NoteVisit


def note_visit(event: Event[AppointmentBooked], rules: Rules) -> Orders:
    fact = event.fact
    command = NoteVisit(
        purpose=fact.purpose,
        discipline=fact.discipline,
        start=fact.start,
        version=fact.version,
        activity_id=fact.activity_id,
    )
    yield VISIT.send(command, to=one(event.head.aggregate_id))


def move_visit(event: Event[AppointmentMoved], rules: Rules) -> Orders:
    command = MoveVisit(start=event.fact.start, version=event.fact.version)
    yield VISIT.send(command, to=one(event.head.aggregate_id))


def end_visit(event: Event[Any], rules: Rules) -> Orders:
    yield VISIT.send(EndVisit(how=event.head.type.split(".")[1]), to=one(event.head.aggregate_id))


def note_booked(event: Event[AppointmentBooked], rules: Rules) -> Orders:
    if event.fact.activity_id:
        yield ACTIVITY.send(NoteBooked(), to=one(event.fact.activity_id))


def note_missed_session(event: Event[PatientDidNotAttend], rules: Rules) -> Orders:
    """MOD-03"""
    if event.fact.activity_id:
        command = NoteMissed(appointment_id=event.head.aggregate_id)
        yield ACTIVITY.send(command, to=one(event.fact.activity_id))


def finish_joint_day_action(event: Event[JointDayBooked], rules: Rules) -> Orders:
    """The MDT asked for a joint day: there it is."""
    yield from finish("book_joint_day", event)


def finish(kind: str, event: Event[Any]) -> Orders:
    if event.head.pathway_id:
        target = all_of(
            MdtActions.referral_id(event.head.pathway_id), MdtActions.kind_of_action(kind), MdtActions.open
        )
        yield MDT_ACTION.send(NoteActionDone(), to=target)


def follow_consultation(event: Event[ConsultationCompleted], rules: Rules) -> Orders:
    """A new programme goes before the MDT; patient-initiated follow-up opens its window."""
    fact, referral_id = event.fact, event.head.pathway_id
    if referral_id and fact.outcome == "MDT_PROGRAMME":
        yield MDT_CASE.send(RequestCase(reason="new_programme"), to=one(case_id(referral_id)))
    if fact.outcome == "PIFU":
        plan_id = derive(fact.consultation_id, "plan")
        yield CARE_PLAN.send(OpenPifuAtOnce(), to=one(plan_id))


def note_draft(event: Event[PlanDrafted], rules: Rules) -> Orders:
    if event.head.pathway_id:
        target = all_of(Consultations.referral_id(event.head.pathway_id), Consultations.plan_wanted)
        yield CONSULTATION.send(NoteDraft(), to=target)


def follow_activation(event: Event[PlanActivated], rules: Rules) -> Orders:
    yield from finish("activate_plan", event)
    if event.head.pathway_id:
        command = BeginInterval(
            on=event.fact.start, at=event.head.occurred_at, high_risk=event.fact.high_risk
        )
        yield MDT_CASE.send(command, to=one(case_id(event.head.pathway_id)))


def follow_review(event: Event[PlanReviewed], rules: Rules) -> Orders:
    """MDT-01 counts anew; stepping up is the MDT's matter (OUT-05)."""
    if event.head.pathway_id is None:
        return
    to = one(case_id(event.head.pathway_id))
    at = event.head.occurred_at
    yield MDT_CASE.send(BeginInterval(on=rules.calendar.day(at), at=at), to=to)
    if event.fact.result == "step_up":
        rule = rules.measures.step_up.named
        yield MDT_CASE.send(RequestCase(reason="OUT-05", rule=rule), to=to)


def end_interval(event: Event[PlanClosed | PlanRevoked], rules: Rules) -> Orders:
    if event.head.pathway_id:
        at = event.head.occurred_at
        command = BeginInterval(on=rules.calendar.day(at), at=at, running=False)
        yield MDT_CASE.send(command, to=one(case_id(event.head.pathway_id)))


def end_activities(event: Event[PlanRevoked | PatientDischarged], rules: Rules) -> Orders:
    if event.head.pathway_id:
        command = EndWithPlan(reason=event.head.type.split(".")[1])
        yield ACTIVITY.send(
            command, to=all_of(Activities.referral_id(event.head.pathway_id), Activities.open)
        )


def end_with_referral(event: Event[Any], rules: Rules) -> Orders:
    """What is still planned ends with the referral."""
    referral_id, reason = event.head.aggregate_id, event.head.type.split(".")[1]
    yield CARE_PLAN.send(
        EndPlan(reason=reason), to=all_of(CarePlans.referral_id(referral_id), CarePlans.open)
    )
    yield ACTIVITY.send(
        EndWithPlan(reason=reason), to=all_of(Activities.referral_id(referral_id), Activities.open)
    )
    yield MDT_CASE.send(EndCase(reason=reason), to=all_of(MdtCases.referral_id(referral_id)))


def join_team(event: Event[ActivityAccepted], rules: Rules) -> Orders:
    fact = event.fact
    if event.head.pathway_id:
        command = NoteWork(activity_id=fact.activity_id, owner_id=fact.owner_id, discipline=fact.discipline)
        yield CARE_PLAN.send(command, to=all_of(CarePlans.referral_id(event.head.pathway_id), CarePlans.open))


def leave_team(event: Event[ActivityCompleted | ActivityStopped | ActivityCancelled], rules: Rules) -> Orders:
    if event.head.pathway_id:
        command = EndWork(activity_id=event.fact.activity_id)
        yield CARE_PLAN.send(command, to=all_of(CarePlans.referral_id(event.head.pathway_id), CarePlans.open))
