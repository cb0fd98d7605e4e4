"""The care plan as one aggregate: its tables put together, and what follows from its state."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from backbone.model import Aggregate, Column, Columns, Flag, Table, Timer
from services.care_plan.domain.plan.commands import (
    ActivatePlan,
    AnnounceReview,
    Discharge,
    ExpirePifu,
    ReviewPlan,
)
from services.care_plan.domain.plan.evolve import EVOLVE
from services.care_plan.domain.plan.planning import PLANNING
from services.care_plan.domain.plan.reviewing import REVIEWING
from services.care_plan.domain.plan.states import Active, Draft, NoPlan, OnHold, PifuOpen
from services.care_plan.domain.rules import Rules

LOOK_AT_HISTORY = (ActivatePlan, AnnounceReview, ReviewPlan, Discharge)


def needs(state: Any, command: Any) -> Iterable[tuple[str, str]]:
    """Scores and risks of the referral."""
    if not isinstance(state, NoPlan) and state.course.referral_id and isinstance(command, LOOK_AT_HISTORY):
        yield "history", state.course.referral_id


def timers(state: Any, rules: Rules) -> Mapping[str, Timer]:
    """The review falls due some weeks before its date; the window of PIFU is over the morning after its last day."""
    if isinstance(state, PifuOpen):
        after = rules.calendar.daily(state.ends_on + timedelta(days=1))
        return {"pifu": Timer(after, ExpirePifu(ends_on=state.ends_on))}
    if not isinstance(state, Active | OnHold) or state.course.announced or state.course.review_on is None:
        return {}
    lead = timedelta(days=rules.care_plan.reviews.values.lead_days)
    due = rules.calendar.daily(state.course.review_on - lead)
    return {"review": Timer(due, AnnounceReview(due_on=state.course.review_on))}


def referral_of(state: Any) -> str | None:
    return None if isinstance(state, NoPlan) else state.course.referral_id


class CarePlans(Columns):
    """How plans are found."""

    referral_id = Column(referral_of)
    open = Flag(lambda state: isinstance(state, Draft | Active | OnHold))


CARE_PLAN = Aggregate(
    "care_plan",
    NoPlan(),
    decide=Table(PLANNING, REVIEWING),
    evolve=EVOLVE,
    timers=timers,
    needs=needs,
    columns=CarePlans,
)
