"""Which instruments are asked for, and on which occasion."""

from datetime import date, timedelta

from schemas.care_plan.v1.codes import Instrument, Occasion
from services.care_plan.history.states import History
from services.care_plan.measures.states import Planned
from services.care_plan.rules import Rules


def asked_now(
    state: Planned, history: History, at_risk: bool, rules: Rules
) -> tuple[Occasion, tuple[Instrument, ...]]:
    """Full at the start, at the end and every twelve weeks; short between, with mood where the risk is high, and
    afterwards; while waiting its own."""
    battery = rules.measures.battery.values
    if state.occasion == "followup":
        return "followup", battery.short
    if state.occasion == "waiting":
        return "waiting", battery.waiting
    occasion = state.occasion
    if occasion == "review" and history.ended and not history.running:
        occasion = "end"
    full = occasion in ("baseline", "end") or is_full_turn(state.due_on, history, battery.full_every_days)
    wanted = battery.full if full else battery.high_risk if at_risk else battery.short
    return occasion, tuple(each for each in wanted if history.back_pain or each not in battery.back_pain_only)


def is_full_turn(due_on: date, history: History, every_days: int) -> bool:
    """So many days after the plan began, or after the last full turn."""
    if history.started_on is None:
        return False
    since = max(history.started_on, history.full_on or history.started_on)
    return due_on - since >= timedelta(days=every_days)
