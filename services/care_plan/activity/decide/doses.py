"""How much is given where whoever plans the work does not say: the clinic's default, with the rule that says it."""

from typing import TypeVar

from msgspec.structs import replace

from config.doses import Dose, dose_of
from config.rules import Rule
from services.care_plan.activity.states import Work
from services.care_plan.rules import Rules

W = TypeVar("W", bound=Work)


def dosed(work: W, rules: Rules) -> tuple[W, tuple[Rule[Dose], ...]]:
    """With what was left out, and the rule where it was."""
    rule = dose_of(rules.care_plan.doses, work.discipline, work.kind)
    if rule is None:
        return work, ()
    sessions = work.sessions or rule.values.sessions
    every_days = work.every_days or (rule.values.every_days if sessions > 1 else None)
    filled = replace(work, sessions=sessions, every_days=every_days)
    return filled, () if filled == work else (rule,)
