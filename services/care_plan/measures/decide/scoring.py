"""From answers to scores: exact arithmetic, never binary floats. None is an item that was not answered."""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import NamedTuple

from config.instruments import Band, Scoring, Subscale

Answers = Sequence[int | Decimal | None]
ALGORITHM = "huddle-1"


class Scored(NamedTuple):
    """`exact` is unrounded; `item_sum` where whole items were added."""

    exact: Fraction
    item_sum: int | None

    @property
    def score(self) -> Decimal:
        """To two decimals, half up, as it is published."""
        return rounded(self.exact, "0.01")


def rounded(value: Fraction, step: str) -> Decimal:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal(step), ROUND_HALF_UP).normalize() + Decimal(0)


def score(answers: Answers, rule: Scoring, scale: Subscale | None = None) -> Scored | str:
    """Of the whole or of a subscale; or why there is none (OUT-09): `item_missing`, `out_of_range`,
    `wrong_number_of_items`."""
    if len(answers) != rule.items:
        return "wrong_number_of_items"
    scale = scale or rule.scales[None]
    answered = {no: Fraction(each) for no in scale.items if (each := answers[no - 1]) is not None}
    if any(not is_possible(no, each, rule) for no, each in answered.items()):
        return "out_of_range"
    given = [counted(no, each, rule) for no, each in answered.items()]
    if len(given) < (scale.answered_at_least or len(scale.items)):
        return "item_missing"
    return computed(given, len(scale.items), rule)


def is_possible(no: int, answer: Fraction, rule: Scoring) -> bool:
    whole = answer.denominator == 1 or rule.method == "given"
    if no in rule.points:
        return whole and 0 <= answer < len(rule.points[no])
    return whole and rule.lowest <= answer <= rule.highest


def counted(no: int, answer: Fraction, rule: Scoring) -> Fraction:
    """What an answer counts for: itself, but for items that have points of their own."""
    return Fraction(rule.points[no][int(answer)]) if no in rule.points else answer


def computed(given: Sequence[Fraction], items: int, rule: Scoring) -> Scored:
    """By the instrument's method; a mean of fewer items than there are has no comparable sum."""
    total = sum(given, Fraction(0))
    if rule.method == "given":
        return Scored(total, None)
    if rule.method == "mean":
        return Scored(total / len(given), int(total) if len(given) == items else None)
    factor = {"sum": Fraction(1), "double_sum": Fraction(2)}.get(rule.method)
    return Scored(total * (factor or Fraction(100, rule.highest * len(given))), int(total))


def band(exact: Fraction, bands: Iterable[Band]) -> Band | None:
    """Compared unrounded."""
    value = Decimal(exact.numerator) / Decimal(exact.denominator)
    return next((each for each in bands if each.holds(value)), None)


def band_of(answers: Answers, result: Scored, rule: Scoring, scale: Subscale) -> Band | None:
    """The band of a score; that of the whole may follow from one of its parts."""
    if over := rule.overruled:
        part = score(answers, rule, rule.subscales[over.subscale])
        if isinstance(part, Scored) and part.exact >= over.at_least:
            return over.band
    return band(result.exact, scale.bands)


def has_improved(base: Scored, now: Scored, rule: Scoring, scale: Subscale) -> bool | None:
    """By the smallest change that means something; None where there is none, or nothing to measure it by."""
    wanted = scale.improvement
    if wanted is None:
        return None
    if wanted.percent is not None:
        return is_responder(base, now, wanted.percent, rule.higher_is_better)
    better = now.exact - base.exact if rule.higher_is_better else base.exact - now.exact
    moved = not wanted.band_changes or band(base.exact, scale.bands) != band(now.exact, scale.bands)
    return better >= Fraction(wanted.points or 0) and moved


def is_responder(base: Scored, now: Scored, percent: int, higher_is_better: bool = False) -> bool | None:
    """OUT-03, exactly; None when there was nothing to fall from."""
    before, after = base.exact, now.exact
    better = after - before if higher_is_better else before - after
    return None if before <= 0 else 100 * better >= percent * before


def is_worse(base: Scored, now: Scored, points: Decimal, percent: int) -> bool:
    """OUT-04: a rise by points or by percent."""
    before, after = base.exact, now.exact
    if after - before >= Fraction(points):
        return True
    return before > 0 and 100 * (after - before) >= percent * before


def change_percent(base: Scored, now: Scored, rule: Scoring) -> Decimal | None:
    """Improvement in percent to one decimal; None when the base is 0."""
    before, after = base.exact, now.exact
    better = after - before if rule.higher_is_better else before - after
    return None if before == 0 else rounded(100 * better / before, "0.1")


def exact_of(kept: Decimal, rule: Scoring, scale: Subscale) -> Fraction:
    """What was rounded to be kept, as it was: a mean or a percentage of so many whole answers at the most."""
    most = {"mean": len(scale.items), "percent_of_answered": rule.highest * len(scale.items)}.get(rule.method)
    if most is None:
        return Fraction(kept)
    whole = 100 if rule.method == "percent_of_answered" else 1
    exact = whole * (Fraction(kept) / whole).limit_denominator(most)
    return exact if rounded(exact, "0.01") == kept else Fraction(kept)
