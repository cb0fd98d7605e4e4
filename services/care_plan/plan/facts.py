"""Private facts of care plans."""

from typing import Annotated, Literal

from schemas.care_plan.v1.goal import GoalAssessed
from schemas.codes import Discipline
from schemas.fact import Code, Day, Id, PrivateFact, sensitivity
from schemas.proposal import Proposal


class PlanWritten(PrivateFact):
    """A version of the plan. What it says stands in content; ids of its new goals and activities stand here."""

    type: Literal["care_plan.plan_written.v1"] = "care_plan.plan_written.v1"
    plan_version: int
    ref: Id
    goals: tuple[Id, ...]
    weights: tuple[int, ...]
    baselines: tuple[int, ...]
    activities: tuple[Id, ...]
    consultation_id: Id | None = None


class LevelsRecorded(PrivateFact):
    """Levels of goals, in the order of `goals`."""

    type: Literal["care_plan.levels_recorded.v1"] = "care_plan.levels_recorded.v1"
    goals: tuple[Id, ...]
    levels: Annotated[tuple[int, ...], sensitivity("phi")]


class SuggestionNoted(Proposal, PrivateFact):
    """The goals of the plan suggest another step, until the next review."""

    type: Literal["care_plan.suggestion_noted.v1"] = "care_plan.suggestion_noted.v1"
    by_event: Id
    findings: Annotated[tuple[Code, ...], sensitivity("phi")]
    instead_of = GoalAssessed

    @property
    def made_by(self) -> str:
        return self.by_event

    @property
    def questions(self) -> tuple[str, ...]:
        return self.findings


class ReviewDated(PrivateFact):
    """The plan goes on; when it is reviewed next."""

    type: Literal["care_plan.review_dated.v1"] = "care_plan.review_dated.v1"
    review_on: Day
    high_risk: bool


class WorkAccepted(PrivateFact):
    """Somebody of the care team has this work."""

    type: Literal["care_plan.work_accepted.v1"] = "care_plan.work_accepted.v1"
    activity_id: Id
    owner_id: Id
    discipline: Discipline


class WorkEnded(PrivateFact):
    """It is over."""

    type: Literal["care_plan.work_ended.v1"] = "care_plan.work_ended.v1"
    activity_id: Id


class ChecklistItemsMet(PrivateFact):
    """What DIS-01 asks for and is there."""

    type: Literal["care_plan.checklist_items_met.v1"] = "care_plan.checklist_items_met.v1"
    items: tuple[Code, ...]


class ContactMonthBegun(PrivateFact):
    """Whoever has the plan is to be called in the month that begins on this day."""

    type: Literal["care_plan.contact_month_begun.v1"] = "care_plan.contact_month_begun.v1"
    on: Day


class PlanMarked(PrivateFact):
    """It was entered in error."""

    type: Literal["care_plan.plan_marked_in_error.v1"] = "care_plan.plan_marked_in_error.v1"
    reason: Code
