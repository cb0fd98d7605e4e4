"""What requests about plans say, and what is shown of one. Unknown fields are errors."""

from typing import Annotated, Any

import msgspec
from pydantic import BaseModel, Field

from backbone.http.calls import Document, RequestBody
from backbone.http.identity import Principal
from backbone.http.listing import Listed
from backbone.http.resources import state
from backbone.model import Snapshot
from schemas.care_plan.v1.codes import (
    ACTIVITY_KIND,
    CARE_REASON,
    DISCHARGE_REASON,
    DISCHARGED_TO,
    GOAL_DOMAIN,
    HANDOVER_REASON,
    ReviewResult,
)
from schemas.codes import Discipline, Priority
from schemas.fact import FEW, SOME, Code, Day, Id, Instant, Level, Word, YesNo, whole
from schemas.said import LongText as Text
from schemas.said import Sentences, each_once
from services.care_plan.activity.documents import Why
from services.care_plan.plan.content import PlanText, difference

SomeFew = Field(min_length=1, max_length=20)


class NewGoal(RequestBody):
    """SMART, in the patient's words. Levels run from -2 to 2; the baseline is -1 or -2."""

    text: Sentences
    weight: Annotated[int, whole(0, 10)] = 1
    baseline_level: Annotated[int, whole(-2, -1)]
    domain: Annotated[str, GOAL_DOMAIN.only]
    target_on: Day


class NewActivity(RequestBody):
    """What is left out of `sessions` and `every_days` is the clinic's default for such work, where it has one."""

    discipline: Discipline
    kind: Annotated[str, ACTIVITY_KIND.only]
    assessment: YesNo = False
    remote: YesNo = False
    sessions: Annotated[int, whole(1, 60)] | None = None
    every_days: Annotated[int, whole(1, 90)] | None = None
    priority: Priority = "routine"
    not_before: Day | None = None
    replaces: Id | None = None
    again: YesNo = False


class NewPlan(RequestBody):
    """At least one goal and one activity (CON-01)."""

    patient_id: Id
    referral_id: Id
    consultation_id: Id | None = None
    goals: Annotated[tuple[NewGoal, ...], SomeFew]
    activities: Annotated[tuple[NewActivity, ...], SomeFew]
    note: Text | None = None

    @property
    def written(self) -> PlanText:
        return written(self.goals, self.activities, consultation_id=self.consultation_id, note=self.note)


class PlanIds(BaseModel):
    plan_id: Id
    goal_ids: list[Id]
    activity_ids: list[Id]


class Activation(RequestBody):
    patient_agreement: YesNo
    lead_id: Id | None = None
    review_on: Day | None = None


class OfferedTo(RequestBody):
    """`absence` and `leaving` are management's matter until somebody has accepted."""

    to_id: Id
    reason: Annotated[str, HANDOVER_REASON.only]


class Change(RequestBody):
    """A new version: why, and what is added."""

    reason: Text
    goals_add: Annotated[tuple[NewGoal, ...], FEW] = ()
    activities_add: Annotated[tuple[NewActivity, ...], FEW] = ()
    note: Text | None = None

    @property
    def written(self) -> PlanText:
        return written(self.goals_add, self.activities_add, reason=self.reason, note=self.note)


class Holding(RequestBody):
    reason: Annotated[str, CARE_REASON.only]
    review_on: Day


class GoalLevel(RequestBody):
    goal_id: Id
    level: Level


class PlanReview(RequestBody):
    """`checklist`: what of DIS-01 is there."""

    result: ReviewResult
    next_review: Day | None = None
    goals: Annotated[tuple[GoalLevel, ...], SOME, each_once("goal_id")] = ()
    checklist: Annotated[tuple[Word, ...], FEW] = ()
    note: Text | None = None


class Discharging(RequestBody):
    """`checklist`: what people have seen to. The letter and the measures are looked for."""

    reason: Annotated[str, DISCHARGE_REASON.only]
    to: Annotated[str, DISCHARGED_TO.only] = "referrer"
    handover_prescriber: YesNo | None = None
    no_final_measures: Annotated[str, CARE_REASON.only] | None = None
    checklist: Annotated[tuple[Word, ...], FEW] = ()


class DecliningDischarge(Why):
    """Care goes on; `next_review`: when it is looked at again, where it is not the clinic's rule."""

    next_review: Day | None = None


class PlanVersions(BaseModel):
    """The latest first; `next` is the cursor of the page after, absent on the last one."""

    class Version(BaseModel):
        plan_version: int
        at: Instant | None = None
        by: Id | None = None
        reason: str | None = None
        difference: dict[str, Any] = Field(description="By part: what was added, removed or changed")

    patient_id: Id | None
    versions: list[Version]
    next: int | None = None


class GoalList(BaseModel):
    class Goal(BaseModel):
        id: Id
        patient_id: Id | None
        text: str
        weight: int
        baseline_level: int
        domain: Code
        target_on: Day
        status: str
        level: int | None = None
        achievement: Code | None = None

    patient_id: Id | None
    goals: list[Goal]


class ActivityList(BaseModel):
    class Ordered(Listed):
        activity_status: str

    patient_id: Id | None
    activities: list[Ordered]


class Team(BaseModel):
    """`name` as the staff directory has it; `disciplines` of the work that each has accepted."""

    class Member(BaseModel):
        staff_id: Id
        name: str | None
        lead: bool
        disciplines: list[Discipline]

    patient_id: Id | None
    team: list[Member]


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


FOUND = frozenset({"goals", "high_risk", "met"})


def status_of(plan: Snapshot[Any], caller: Principal) -> Document:
    """Status, dates and team; neither goals nor risk."""
    whole = state(plan, caller)
    course = {name: value for name, value in whole.get("course", {}).items() if name not in FOUND}
    return whole | ({"course": course} if "course" in whole else {})
