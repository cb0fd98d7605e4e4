"""Scores to look at in tests, by the shipped rules."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from config.instruments import Band, Scoring, Subscale
from config.loading import SHIPPED
from services.care_plan.measures.decide.scoring import Scored, score
from services.care_plan.rules import load_rules

RULES = load_rules(SHIPPED)


def rule(instrument: Any) -> Scoring:
    return RULES.measures.instruments[instrument].values


def scale_of(rule: Scoring, subscale: str | None) -> Subscale:
    """Of what is scored by itself, or of a part of the whole."""
    return rule.subscales[subscale] if subscale else rule.scales[None]


def scored(instrument: str, *answers: int | Decimal | None, subscale: str | None = None) -> Scored:
    result = score(answers, rule(instrument), scale_of(rule(instrument), subscale))
    assert isinstance(result, Scored)
    return result


def code(found: Band | None) -> str | None:
    return found.code if found else None


def sums(total: int) -> Scored:
    """A PEG of this item sum."""
    return Scored(Fraction(total, 3), total)


def decimal(value: str) -> Scored:
    return Scored(Fraction(value), None)
