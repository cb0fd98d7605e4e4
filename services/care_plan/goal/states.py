"""The states of a goal, and what can be asked of it. Levels run from -2 to 2."""

from datetime import date

from backbone.model import Command, State
from schemas.care_plan.v1.codes import Achievement
from schemas.fact import Code


class NoGoal(State, tag="proposed"):
    """Nothing was agreed yet."""


class ActiveGoal(State, tag="active", kw_only=True):
    plan_id: str
    weight: int
    baseline: int
    level: int
    achievement: Achievement | None = None
    patient_id: str | None = None
    referral_id: str | None = None


class ClosedGoal(State, tag="completed", kw_only=True):
    plan_id: str
    achievement: Achievement


Goal = NoGoal | ActiveGoal | ClosedGoal


class SetGoal(Command, tag="set_goal", kw_only=True):
    """SMART, in the patient's words (content)."""

    plan_id: str
    text: str
    weight: int
    baseline_level: int
    domain: Code
    target_on: date


class AssessGoal(Command, tag="assess_goal", kw_only=True):
    """The plan has the levels of all goals already."""

    level: int


class CloseGoal(Command, tag="close_goal"):
    """The plan is completed."""
