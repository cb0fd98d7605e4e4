"""A plan of two goals and one activity, and scores to put beside it."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from services.care_plan.history.states import History, Score
from services.care_plan.opioid.states import OpioidProfile, Unassessed
from services.care_plan.plan.commands import ActivatePlan, DraftPlan, UpdatePlan
from services.care_plan.plan.content import PlannedActivity, PlannedGoal, PlanText
from services.care_plan.risk.states import Risk
from services.care_plan.visit.states import Noted
from tests.support.deciding import LANE, START, TARGET
from tests.unit.care_plan.situations import some_id

GOALS = (some_id("goal 1"), some_id("goal 2"))
TEXT = PlanText(
    note="walk to the shop",
    goals=tuple(
        PlannedGoal(
            text="Walk", weight=weight, baseline_level=level, domain="walking", target_on=date(2027, 6, 1)
        )
        for weight, level in ((2, -1), (1, -2))
    ),
    activities=(
        PlannedActivity(
            discipline="physiotherapy", kind="exercise", assessment=True, remote=False, priority="routine"
        ),
    ),
    goal_ids=GOALS,
    activity_ids=(some_id("activity 1"),),
)
DRAFT = DraftPlan(referral_id=TARGET, text=TEXT)
UPDATE = UpdatePlan(text=replace(TEXT, note="and back"), changed=("note",))
ACTIVATE = ActivatePlan(patient_agreement=True, disciplines=("physiotherapy",))


def theirs(history: History | None = None) -> History:
    """The history of a referral of the patient under test."""
    return replace(history or History(), patient_id=LANE)


def beside(
    history: History | None = None, risk: Risk | None = None, opioids: OpioidProfile | None = None
) -> dict[Any, Any]:
    """What a plan's deciders look at: the history of its referral, risk and opioids of its patient."""
    return {TARGET: theirs(history), LANE: risk or Risk(), ("opioid_profile", LANE): opioids or Unassessed()}


def peg(total: int, occasion: Any, *, responder: bool | None = None, day: int = 0) -> Score:
    """A PEG of this item sum, so many days after the start."""
    return Score(
        occasion=occasion,
        instrument="peg",
        instrument_version="1",
        score=round(Decimal(total) / 3, 2),
        item_sum=total,
        responder=responder,
        taken_at=START + timedelta(days=day),
    )


def a_visit(patient_id: str = LANE, purpose: Any = "session") -> Noted:
    """A booked visit of a patient."""
    return Noted(purpose=purpose, discipline="psychology", start=START, version=1, patient_id=patient_id)
