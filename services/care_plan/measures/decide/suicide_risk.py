"""Whether answers tell of a risk of suicide (OUT-01)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from backbone.model.safely import RULE_FAILED, safely
from config.rules import Rule
from services.care_plan.rules import SuicideRisk


class Judged(NamedTuple):
    """Did the rule fire; and why, where nothing was found."""

    fired: bool
    because: str | None = None


def judged(rule: Rule[SuicideRisk], answers: Sequence[int | Decimal | None]) -> Judged:
    """OUT-01. If it can't be evaluated it counts as fired (PRV-34)."""
    return safely(rule, lambda: Judged(rule.values.is_answered(answers)), lambda: Judged(True, RULE_FAILED))
