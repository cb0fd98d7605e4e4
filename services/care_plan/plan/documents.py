"""What requests about plans say, and what is shown of one. Unknown fields are errors."""

from datetime import date
from typing import Annotated

import msgspec
from pydantic import BaseModel, Field

from backbone.http.calls import Document, RequestBody
from schemas.care_plan.v1.codes import DischargeReason, ReviewResult
from schemas.codes import Discipline, Priority
from schemas.fact import Code, Id
from services.care_plan.plan.content import PlanText, difference
from services.care_plan.rules import Text

Level = Annotated[int, Field(ge=-2, le=2)]


class NewGoal(RequestBody):
    """SMART, in the patient's words. Levels run from -2 to 2; the baseline is -1 or -2."""

    text: Text
    weight: Annotated[int, Field(ge=0, le=10)] = 1
    baseline_level: Annotated[int, Field(ge=-2, le=-1)]
    domain: Code
    target_on: date


class NewActivity(RequestBody):
    discipline: Discipline
    kind: Code
    assessment: bool = False
    remote: bool = False
    sessions: Annotated[int, Field(ge=1, le=60)] | None = None
    every_days: Annotated[int, Field(ge=1, le=90)] | None = None
    priority: Priority = "routine"
    not_before: date | None = None
    replaces: Id | None = None


class NewPlan(RequestBody):
    """At least one goal and one activity (CON-01)."""

    patient_id: Id
    referral_id: Id
    consultation_id: Id | None = None
    goals: Annotated[tuple[NewGoal, ...], Field(min_length=1, max_length=20)]
    activities: Annotated[tuple[NewActivity, ...], Field(min_length=1, max_length=20)]
    note: Text | None = None

    @property
    def written(self) -> PlanText:
        return written(self.goals, self.activities, consultation_id=self.consultation_id, note=self.note)


class PlanIds(BaseModel):
    plan_id: Id
    goal_ids: list[Id]
    activity_ids: list[Id]


class Activation(RequestBody):
    patient_agreement: bool
    lead_id: Id | None = None
    review_on: date | None = None


class Change(RequestBody):
    """A new version: why, and what is added."""

    reason: Text
    goals_add: Annotated[tuple[NewGoal, ...], Field(max_length=20)] = ()
    activities_add: Annotated[tuple[NewActivity, ...], Field(max_length=20)] = ()
    note: Text | None = None

    @property
    def written(self) -> PlanText:
        return written(self.goals_add, self.activities_add, reason=self.reason, note=self.note)


class Holding(RequestBody):
    reason: Code
    review_on: date


class GoalLevel(RequestBody):
    goal_id: Id
    level: Level


class PlanReview(RequestBody):
    """`checklist`: what of DIS-01 is there, where the result is discharge."""

    result: ReviewResult
    next_review: date | None = None
    goals: tuple[GoalLevel, ...] = ()
    checklist: tuple[Code, ...] = ()
    note: Text | None = None


class Discharging(RequestBody):
    reason: DischargeReason
    to: Code = "referrer"
    handover_prescriber: bool | None = None
    checklist: tuple[Code, ...] = ()


def written(goals: tuple[NewGoal, ...], activities: tuple[NewActivity, ...], **said: str | None) -> PlanText:
    """As the plan keeps it."""
    parts = {
        name: [each.model_dump(exclude_none=True) for each in listed]
        for name, listed in (("goals", goals), ("activities", activities))
    }
    return msgspec.convert(parts | said, PlanText)


def shown(before: PlanText, now: PlanText) -> Document:
    """The present text, and how it differs from the one before."""
    return {"text": msgspec.to_builtins(now), "difference": difference(before, now)}
