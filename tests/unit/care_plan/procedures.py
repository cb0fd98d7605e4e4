"""Object mothers of procedures: an order, what is known of earlier ones, the plan that they are under."""

from datetime import UTC, date, datetime
from typing import Any

from msgspec.structs import replace

from services.care_plan.history.states import History
from services.care_plan.plan.states import Active
from services.care_plan.plan.states import Course as PlanCourse
from services.care_plan.procedure.aggregate import PROCEDURE
from services.care_plan.procedure.commands import OrderProcedure
from services.care_plan.procedure.states import Date, Order, Ordered, Question
from services.care_plan.procedure_record.states import Known, ProcedureRecord
from services.care_plan.visit.states import Noted
from tests.support.deciding import LANE, START, TARGET, Situation, deciding
from tests.unit.care_plan.situations import rules, some_id

PLAN, VISIT, TODAY = some_id("a plan"), some_id("an appointment"), START.date()


def known(family: str, on: date | str | None = None, relief: int | None = None, **more: Any) -> Known:
    """One that was done on that day, on the right of C4-C5 or L4-L5."""
    day = date.fromisoformat(on) if isinstance(on, str) else on
    upper = family.endswith("_ct")
    said: dict[str, Any] = {
        "procedure_id": some_id(f"{family} {on} {more}"),
        "family": family,
        "region": "cervical" if upper else "lumbar",
        "side": "right",
        "levels": ("C4-C5",) if upper else ("L4-L5",),
        "on": day,
        "done": day is not None,
        "relief_pct": relief,
    }
    return Known(**said | more)


def an_order(family: str = "mbb_ct", **more: Any) -> OrderProcedure:
    what = known(family)
    said: dict[str, Any] = {
        "plan_id": PLAN,
        "patient_id": LANE,
        "referral_id": TARGET,
        "family": family,
        "region": what.region,
        "side": what.side,
        "levels": what.levels,
        "place": "hospital_outpatient",
    }
    return OrderProcedure(**said | more)


def ordered(family: str = "rfa_ct", on: date | str | None = None, *asked: Question, **more: Any) -> Ordered:
    what = known(family, **more)
    day = date.fromisoformat(on) if isinstance(on, str) else on
    order = Order(
        family=what.family,
        region=what.region,
        side=what.side,
        levels=what.levels,
        bleeding_risk="intermediate",
    )
    date_ = Date(VISIT, 1, day) if day else None
    return Ordered(order=order, patient_id=LANE, referral_id=TARGET, date=date_, asked=asked)


def beside(*earlier: Known, payer: str | None = "medicare", **more: Any) -> dict[Any, Any]:
    return {
        ("care_plan", PLAN): Active(course=PlanCourse(patient_id=LANE, referral_id=TARGET)),
        ("history", TARGET): History(patient_id=LANE, payer_profile=payer),
        ("procedure_record", LANE): ProcedureRecord(known=earlier),
        ("visit", VISIT): a_visit(),
        **more,
    }


def a_visit(**more: Any) -> Noted:
    start = datetime(2027, 1, 4, 13, 0, tzinfo=UTC)
    visit = Noted(
        purpose="procedure",
        discipline="medical",
        start=start,
        version=1,
        procedure_id=TARGET,
        patient_id=LANE,
    )
    return replace(visit, **more)


def situation(*steps: Any, others: dict[Any, Any] | None = None) -> Situation:
    return deciding(PROCEDURE, rules(), others=others if others is not None else beside())(*steps)
