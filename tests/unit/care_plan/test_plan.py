"""A plan from draft to end: agreed, changed, held, reviewed; and the team that follows from accepted work (ORCA)."""

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from schemas.care_plan.v1.plan import (
    CareTeamChanged,
    PlanActivated,
    PlanDrafted,
    PlanHeld,
    PlanResumed,
    PlanReviewed,
    PlanReviewFellDue,
    PlanRevoked,
    PlanUpdated,
)
from services.care_plan.plan.aggregate import CARE_PLAN
from services.care_plan.plan.commands import (
    AnnounceReview,
    EndPlan,
    EndWork,
    HoldPlan,
    MarkPlanInError,
    NoteWork,
    RecordLevels,
    ResumePlan,
    ReviewPlan,
    RevokePlan,
)
from services.care_plan.plan.states import Active, Draft, GoalLine, InError, OnHold, Revoked
from services.care_plan.risk.states import Risk
from tests.support.deciding import START, Deciding, Situation, deciding, like, nothing, refused
from tests.unit.care_plan.plans import ACTIVATE, DRAFT, GOALS, UPDATE, beside
from tests.unit.care_plan.situations import (
    CLERK,
    COORDINATOR,
    NURSE,
    OUTSIDERS,
    PHYSICIAN,
    PHYSIOTHERAPIST,
    rules,
    some_id,
)

START_DAY = date(2027, 1, 4)
HOLD = HoldPlan(reason="operation", review_on=date(2027, 6, 1))
given_plan: Deciding = deciding(CARE_PLAN, rules(), actor=PHYSICIAN)


def plan(*steps: Any, risk: Risk | None = None) -> Situation:
    situation = given_plan().beside(beside(risk=risk))
    assert situation.when(*steps).refusal is None
    return situation


def active(*steps: Any, risk: Risk | None = None) -> Situation:
    return plan(DRAFT, ACTIVATE, *steps, risk=risk)


def day_of(result: Any) -> date:
    [timer] = result.timers.values()
    return rules().calendar.day(timer.due)


def test_a_coordinator_may_draft_and_nothing_runs_yet() -> None:
    result = plan().when(COORDINATOR, DRAFT)
    result.then(like(PlanDrafted, plan_version=1, goals=2, activities=1)).then_state(Draft)
    assert not result.timers
    plan(DRAFT).when(DRAFT).then(refused("not possible"))


def test_a_plan_needs_the_patient_s_agreement() -> None:
    silent = msgspec.structs.replace(ACTIVATE, patient_agreement=False)
    plan(DRAFT).when(silent).then(refused(code="no-agreement")).then_state(Draft)


def test_who_activates_it_leads_it_and_it_is_reviewed_after_six_weeks() -> None:
    result = plan(DRAFT).when(ACTIVATE)
    activated = like(PlanActivated, lead_id=PHYSICIAN.id, review_due=date(2027, 2, 15), high_risk=False)
    result.then(activated, like(CareTeamChanged, joined=(PHYSICIAN.id,)))
    assert day_of(result) == date(2027, 2, 15) - timedelta(days=21)


@pytest.mark.parametrize(
    "risky",
    [
        Risk(open_alerts=("an alert",)),
        Risk(alert_at=START - timedelta(days=30)),
        Risk(high_dose=True),
        Risk(closely=True),
    ],
)
def test_a_high_risk_plan_is_reviewed_after_four_weeks(risky: Risk) -> None:
    result = plan(DRAFT, risk=risky).when(ACTIVATE)
    result.then(like(PlanActivated, review_due=date(2027, 2, 1), high_risk=True), CareTeamChanged)


def test_an_alert_of_long_ago_is_no_high_risk() -> None:
    past = Risk(alert_at=START - timedelta(days=31))
    plan(DRAFT, risk=past).when(ACTIVATE).then(like(PlanActivated, high_risk=False), CareTeamChanged)


def test_every_update_is_a_new_version_with_its_own_text() -> None:
    result = active(NURSE, UPDATE).when(UPDATE).then(like(PlanUpdated, plan_version=3, changed=("note",)))
    assert len(set(result.state.course.refs)) == 3
    assert result.world.contents[result.state.course.refs[-1]] == msgspec.json.encode(UPDATE.text)


def test_a_coordinator_changes_no_plan_and_a_draft_is_not_updated() -> None:
    active(COORDINATOR).when(UPDATE).then(refused(code="not-permitted"))
    plan(DRAFT).when(UPDATE).then(refused("not possible", instead="ActivatePlan"))


def test_a_plan_on_hold_has_a_day_on_which_somebody_looks() -> None:
    result = active().when(HOLD).then(like(PlanHeld, review_on=date(2027, 6, 1))).then_state(OnHold)
    assert day_of(result) == date(2027, 6, 1) - timedelta(days=21)
    announced = AnnounceReview(due_on=date(2027, 6, 1))
    active(HOLD).when(announced).then(like(PlanReviewFellDue, due_on=date(2027, 6, 1)))


def test_the_review_that_was_due_before_the_hold_is_no_longer_announced() -> None:
    active(HOLD).when(AnnounceReview(due_on=date(2027, 2, 15))).then(nothing())


@pytest.mark.parametrize("days", [-1, 0])
def test_a_plan_is_held_until_a_day_to_come(days: int) -> None:
    past = HoldPlan(reason="operation", review_on=START_DAY + timedelta(days=days))
    active().when(past).then(refused(code="review-in-the-past")).then_state(Active)


def test_it_goes_on_with_the_review_of_the_hold() -> None:
    result = active(HOLD).when(ResumePlan()).then(PlanResumed).then_state(Active)
    assert result.state.course.review_on == date(2027, 6, 1)
    active().when(ResumePlan()).then(refused("not possible"))


def test_a_review_names_the_next_one() -> None:
    on = ReviewPlan(result="continue", next_review=date(2027, 4, 8))
    result = (
        active(NURSE).when(on).then(like(PlanReviewed, next_review=date(2027, 4, 8), decided_by=NURSE.id))
    )
    assert day_of(result) == date(2027, 3, 18)
    active().when(ReviewPlan(result="continue")).then(refused(code="no-next-review"))
    today = ReviewPlan(result="continue", next_review=START_DAY)
    active().when(today).then(refused(code="no-next-review"))


def test_a_review_is_announced_once() -> None:
    due = AnnounceReview(due_on=date(2027, 2, 15))
    active().when(due).then(like(PlanReviewFellDue, due_on=date(2027, 2, 15), high_risk=False))
    assert not active(due).when(due).then(nothing()).timers


def test_levels_are_those_of_this_plan_s_goals() -> None:
    levels = RecordLevels(goals=GOALS, levels=(1, 0))
    result = active().when(levels)
    assert result.state.course.goals == (GoalLine(GOALS[0], 2, 1), GoalLine(GOALS[1], 1, 0))
    strange = RecordLevels(goals=(some_id("another goal"),), levels=(1,))
    active().when(strange).then(refused(code="unknown-goal"))


@pytest.mark.parametrize("steps", [(DRAFT,), (DRAFT, ACTIVATE), (DRAFT, ACTIVATE, HOLD)])
def test_a_plan_is_revoked_from_every_open_state(steps: Any) -> None:
    result = plan(*steps).when(RevokePlan(reason="withdrawn"))
    result.then(like(PlanRevoked, reason="withdrawn")).then_state(Revoked)
    plan(*steps).when(EndPlan(reason="completed")).then(like(PlanRevoked, reason="completed"))


def test_only_a_registrar_marks_it_in_error_and_only_once() -> None:
    mark = MarkPlanInError(reason="wrong_patient")
    active().when(CLERK, mark).then(like(PlanRevoked, reason="entered_in_error")).then_state(InError)
    active().when(NURSE, mark).then(refused(code="not-permitted"))
    active(CLERK, mark).when(mark).then(refused("not possible"))


@pytest.mark.parametrize(
    "actor", [*OUTSIDERS, NURSE, COORDINATOR], ids=lambda actor: actor.role or actor.kind
)
@pytest.mark.parametrize("command", [HOLD, RevokePlan(reason="withdrawn")])
def test_only_a_lead_holds_or_revokes_it(actor: Any, command: Any) -> None:
    active(actor).when(command).then(refused(code="not-permitted"))


FIRST, SECOND = some_id("activity 1"), some_id("activity 2")


def work(activity_id: str, owner: Any = PHYSIOTHERAPIST) -> NoteWork:
    return NoteWork(activity_id=activity_id, owner_id=owner.id, discipline="physiotherapy")


def test_who_accepts_work_joins_the_team_once() -> None:
    active().when(work(FIRST)).then(like(CareTeamChanged, joined=(PHYSIOTHERAPIST.id,), left=()))
    active(work(FIRST)).when(work(SECOND)).then()
    active(work(FIRST)).when(work(FIRST)).then(nothing())


def test_who_has_other_work_stays_in_the_team() -> None:
    active(work(FIRST), work(SECOND)).when(EndWork(activity_id=FIRST)).then()


def test_with_the_last_work_a_member_leaves() -> None:
    last = active(work(FIRST)).when(EndWork(activity_id=FIRST))
    last.then(like(CareTeamChanged, joined=(), left=(PHYSIOTHERAPIST.id,)))
    active(work(FIRST), EndWork(activity_id=FIRST)).when(work(FIRST)).then(nothing())


def test_the_lead_stays() -> None:
    active(work(FIRST, PHYSICIAN)).when(EndWork(activity_id=FIRST)).then()


def test_rejected_work_makes_no_member() -> None:
    active().when(EndWork(activity_id=FIRST)).then(nothing())
