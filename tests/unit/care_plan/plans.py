"""A plan of two goals and one activity, and scores to put beside it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from services.care_plan.domain.measures.history import Score
from services.care_plan.domain.plan.commands import ActivatePlan, DraftPlan
from services.care_plan.domain.plan.states import GoalLine
from tests.support.deciding import START
from tests.unit.care_plan.situations import some_id

GOALS = (some_id("goal 1"), some_id("goal 2"))
DRAFT = DraftPlan(
    body='{"note": "walk to the shop"}',
    goals=(GoalLine(GOALS[0], 2, -1), GoalLine(GOALS[1], 1, -2)),
    activities=(some_id("activity 1"),),
)
ACTIVATE = ActivatePlan(patient_agreement=True, disciplines=("physiotherapy",))


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
