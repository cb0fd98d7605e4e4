"""Reviews: announced some weeks before, recorded with the levels of goals, going on or coming to discharge."""

import msgspec

from backbone.model import Content, Decision, Given, Refused, Ruled, Step, Table, by, decider, ignores, like
from schemas.care_plan.v1.codes import DischargeBasis
from schemas.care_plan.v1.discharge import DischargeDeclined, DischargeProposed
from schemas.care_plan.v1.goal import GoalAssessed
from schemas.care_plan.v1.plan import PlanReviewed, PlanReviewFellDue
from services.care_plan.history.states import history_of
from services.care_plan.plan.commands import AnnounceReview, NoteSuggestion, RecordLevels, ReviewPlan
from services.care_plan.plan.decide.checklist import SELF_MANAGEMENT, missing, ticked
from services.care_plan.plan.facts import ChecklistItemsMet, LevelsRecorded, SuggestionNoted
from services.care_plan.plan.states import Active, Course, Draft, NoPlan, OnHold, Over, Running
from services.care_plan.risk.states import is_high_risk
from services.care_plan.roles import CLINICIAN
from services.care_plan.rules import Rules


def announce(state: Running, command: AnnounceReview, given: Given[Rules]) -> Decision:
    """Some weeks before its date, so that it can be booked."""
    course = state.course
    if course.review_on != command.due_on or course.announced:
        return ()
    high_risk = is_high_risk(given)
    due = PlanReviewFellDue(plan_id=given.target, due_on=command.due_on, high_risk=high_risk)
    return [Ruled(due, (given.rules.care_plan.reviews,))]


@by(CLINICIAN)
def record_levels(state: Running, command: RecordLevels, given: Given[Rules]) -> Decision:
    known = {goal.goal_id for goal in state.course.goals}
    if not set(command.goals) <= known:
        return Refused("not a goal of this plan", code="unknown-goal")
    met = ticked(state.course, command.met)
    return [
        *([like(LevelsRecorded, command)] if command.goals else ()),
        *([ChecklistItemsMet(items=met)] if met != state.course.met else ()),
    ]


def note_suggestion(state: Active, command: NoteSuggestion, given: Given[Rules]) -> Decision:
    """Each once until the next review, whichever goal it was seen at (OUT-06, OUT-07)."""
    known = {each.question for each in state.proposals if each.type == GoalAssessed.wire_type}
    rules = given.rules.care_plan
    new = Ruled(like(SuggestionNoted, command), (rules.gas, rules.step_down, rules.discharge_ready))
    return () if known.issuperset(command.findings) else [new]


@by(CLINICIAN)
def review(state: Active, command: ReviewPlan, given: Given[Rules]) -> Decision:
    """A review is recorded on the plan. Discharge is a proposal until a physician confirms it or care goes on."""
    ref = given.ref("note")
    note = [Content(ref, "note", msgspec.json.encode(command.note))] if command.note else []
    reviewed = PlanReviewed(
        plan_id=given.target,
        result=command.result,
        next_review=command.next_review,
        decided_by=decider(given),
    )
    if command.result == "discharge":
        reviewed = reviewed.model_copy(update={"next_review": None})
        return [*note, *proposal(state.course, reviewed, command, given)]
    if command.next_review is None or command.next_review <= given.rules.calendar.day(given.at):
        return Refused("next_review must name a day to come", code="no-next-review")
    declined = DischargeDeclined(
        plan_id=given.target, decided_by=decider(given), next_review=command.next_review
    )
    return [*note, reviewed, *([declined] if state.course.proposed else ())]


@by(CLINICIAN)
def review_held(state: OnHold, command: ReviewPlan, given: Given[Rules]) -> Decision:
    """It comes to discharge from where it is; whatever else is to come of it, it goes on first."""
    if command.result != "discharge":
        return Refused("the plan is on hold", instead=("ResumePlan",), code="on-hold")
    return review(Active(course=state.course), command, given)


def proposal(course: Course, reviewed: PlanReviewed, command: ReviewPlan, given: Given[Rules]) -> list[Step]:
    met, today = ticked(course, command.met), given.rules.calendar.day(given.at)
    basis, inputs = speaks_for_it(course, met, given)
    proposed = DischargeProposed(
        plan_id=given.target, basis=(basis,), missing=missing(course, met, today, given), inputs=inputs
    )
    rules = given.rules.care_plan
    by_rules = (rules.discharge, rules.discharge_ready) if basis == "plateau" else (rules.discharge,)
    return [
        *([ChecklistItemsMet(items=met)] if met != course.met else ()),
        reviewed,
        Ruled(proposed, by_rules),
    ]


def speaks_for_it(
    course: Course, met: tuple[str, ...], given: Given[Rules]
) -> tuple[DischargeBasis, tuple[str, ...] | None]:
    """OUT-07: pain is better; or it stays as it is, and the patient knows what to do then; with the measures in which
    that is seen. Else it is what the clinician judges."""
    history, ready = history_of(course.referral_id, given), given.rules.care_plan.discharge_ready.values
    if history.responds():
        return "peg_responder", history.looked_at()
    steady = history.plateau(ready.plateau_below, ready.plateau_weeks, given.rules.calendar)
    if steady and SELF_MANAGEMENT in met:
        return "plateau", tuple(dict.fromkeys(each.request_id for each in steady if each.request_id)) or None
    return "clinical_judgement", None


REVIEW = Table(
    *(announce, record_levels, note_suggestion, review, review_held),
    ignores(AnnounceReview, when=NoPlan | Draft | Over),
    ignores(NoteSuggestion, when=NoPlan | Draft | OnHold | Over),
)
