"""The test vectors of outcome measures: exact scores, thresholds on the edge, what is missing."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from config.instruments import Scoring
from config.loading import SHIPPED
from services.care_plan.goal.decide import shown, t_score
from services.care_plan.measures.decide.rating import Compared, findings
from services.care_plan.measures.decide.scoring import (
    Scored,
    band,
    change_percent,
    has_improved,
    is_responder,
    is_worse,
    score,
)
from services.care_plan.rules import load_rules

RULES = load_rules(SHIPPED)
PERCENT = RULES.measures.responder.values.percent
WORSE = RULES.measures.worsening.values
AT_RISK = RULES.measures.suicide_risk.values.is_answered


def rule(instrument: Any) -> Scoring:
    return RULES.measures.instruments[instrument].values


def scored(instrument: str, *answers: int | Decimal | None, subscale: str | None = None) -> Scored:
    result = score(answers, rule(instrument), rule(instrument).scales[subscale])
    assert isinstance(result, Scored)
    return result


def sums(total: int) -> Scored:
    """A PEG of this item sum."""
    return Scored(Fraction(total, 3), total)


def decimal(value: str) -> Scored:
    return Scored(Fraction(value), None)


def test_peg_is_the_mean_of_three() -> None:
    assert scored("peg", 8, 7, 6).score == Decimal(7)
    assert scored("peg", 8, 7, 6).item_sum == 21
    assert scored("peg", 7, 5, 5).score == Decimal("5.67")


@pytest.mark.parametrize(
    ("before", "after", "responder"),
    [
        (decimal("7.0"), decimal("4.9"), True),
        (decimal("7.0"), decimal("4.95"), False),
        (sums(20), sums(14), True),
        (sums(21), sums(15), False),
        (sums(21), sums(14), True),
        (sums(26), sums(23), False),
        (sums(0), sums(0), None),
    ],
)
def test_a_responder_fell_by_thirty_percent(before: Scored, after: Scored, responder: bool | None) -> None:
    assert is_responder(before, after, PERCENT) is responder


def test_the_percentage_is_shown_to_one_decimal() -> None:
    assert change_percent(sums(21), sums(15), rule("peg")) == Decimal("28.6")
    assert change_percent(sums(26), sums(23), rule("peg")) == Decimal("11.5")
    assert change_percent(sums(0), sums(3), rule("peg")) is None


def test_a_rise_is_an_improvement_where_higher_is_better() -> None:
    assert change_percent(decimal("20"), decimal("25"), rule("pseq")) == Decimal("25.0")
    assert change_percent(decimal("20"), decimal("15"), rule("pseq")) == Decimal("-25.0")


@pytest.mark.parametrize(
    ("before", "after", "worse"),
    [
        (decimal("5.0"), decimal("6.0"), True),
        (sums(6), sums(8), True),
        (sums(21), sums(22), False),
        (sums(21), sums(23), False),
        (sums(21), sums(24), True),
    ],
)
def test_worse_is_a_point_or_thirty_percent(before: Scored, after: Scored, worse: bool) -> None:
    assert is_worse(before, after, WORSE.points, WORSE.percent) is worse


@pytest.mark.parametrize(
    ("instrument", "answers", "reason"),
    [
        ("peg", (8, None, 6), "item_missing"),
        ("phq9", (0, 0, 0, 0, 0, 0, None, None, 1), "item_missing"),
        ("phq9", (Decimal("1.5"), *[0] * 8), "out_of_range"),
        ("peg", (8, 7), "wrong_number_of_items"),
        ("peg", (8, 7, 11), "out_of_range"),
    ],
)
def test_what_cannot_be_scored_says_why(instrument: str, answers: Any, reason: str) -> None:
    assert score(answers, rule(instrument)) == reason


def test_item_nine_counts_whatever_else_is_missing() -> None:
    assert AT_RISK((0, 0, 0, 0, 0, 0, None, None, 1))
    assert AT_RISK((0,) * 8 + (1,))
    assert not AT_RISK((3, 3, 3, 3, 3, 3, 2, 1, 0))
    assert not AT_RISK((1, 1))


def found(instrument: Any, answers: Any, last: Scored | None = None) -> tuple[str, ...]:
    return findings(
        instrument, Compared(scored(instrument, *answers), answers, None, last, None), RULES.measures
    )


def test_severe_depression_and_a_rise_are_found() -> None:
    assert found("phq9", (3, 3, 3, 3, 3, 3, 2, 1, 0)) == ("phq9_severe",)
    assert found("phq9", (2, 2, 2, 2, 2, 2, 2, 0, 0), decimal("9")) == ("phq9_rise", "phq9_moderate")
    assert found("phq9", (0,) * 8 + (1,)) == ("phq9_item9_positive",)


def test_odi_divides_by_what_was_answered() -> None:
    assert scored("odi", 4, 4, 4, 4, 0, 0, 0, 0, 0, 0).score == Decimal(32)
    assert band(scored("odi", 4, 4, 4, 4, 0, 0, 0, 0, 0, 0).exact, rule("odi").bands) == "moderate"
    assert scored("odi", 4, 4, 4, 4, 0, 0, 0, 0, 0, None).score == Decimal("35.56")


def test_bpi_has_a_severity_of_four_and_an_interference_of_four_of_seven() -> None:
    four, none = (2, 4, 6, 8), (None,) * 3
    assert scored("bpi", 7, 3, 5, 4, *four, *none, subscale="severity").score == Decimal("4.75")
    assert scored("bpi", *[None] * 4, *four, *none, subscale="interference").score == Decimal(5)
    scales = rule("bpi").scales
    assert score((7, 3, None, 4, *four, *none), rule("bpi"), scales["severity"]) == "item_missing"
    assert score((*four, 1, 2, 3, None, *none), rule("bpi"), scales["interference"]) == "item_missing"
    assert band(Fraction(9, 2), scales["interference"].bands) == "low"
    assert band(Fraction(5), scales["interference"].bands) == "moderate"


def test_a_t_score_of_promis_is_taken_as_it_is() -> None:
    assert scored("promis_pi", Decimal("55.3")).score == Decimal("55.3")


@pytest.mark.parametrize(
    ("instrument", "value", "expected"),
    [
        ("promis_pi", "54.9", "normal"),
        ("promis_pi", "55", "mild"),
        ("promis_pi", "60", "moderate"),
        ("promis_pi", "70", "moderate"),
        ("promis_pi", "70.1", "severe"),
        ("odi", "20", "minimal"),
        ("odi", "20.5", "moderate"),
        ("phq9", "4", "minimal"),
        ("phq9", "5", "mild"),
        ("phq9", "20", "severe"),
        ("pseq", "19", "severe"),
        ("pseq", "20", "moderate"),
        ("pseq", "40", "mild"),
        ("pseq", "41", "minimal"),
    ],
)
def test_an_edge_belongs_to_one_band(instrument: Any, value: str, expected: str) -> None:
    assert band(Fraction(value), rule(instrument).bands) == expected


@pytest.mark.parametrize(
    ("instrument", "before", "after", "reached"),
    [
        ("pseq", "18", "25", True),
        ("pseq", "21", "28", False),
        ("pseq", "25", "18", False),
        ("odi", "40", "30", True),
        ("odi", "40", "31", False),
        ("phq9", "20", "5", None),
    ],
)
def test_the_smallest_change_that_means_something_is_for_the_better(
    instrument: Any, before: str, after: str, reached: bool | None
) -> None:
    found = has_improved(decimal(before), decimal(after), rule(instrument), rule(instrument).bands)
    assert found is reached


@pytest.mark.parametrize(
    ("instrument", "total", "finding"),
    [("pcs", 30, ("pcs_high",)), ("pcs", 29, ()), ("pseq", 19, ("pseq_low",)), ("pseq", 20, ())],
)
def test_psychology_is_suggested_on_the_edge(instrument: Any, total: int, finding: tuple[str, ...]) -> None:
    assert (
        findings(instrument, Compared(decimal(str(total)), (), None, None, None), RULES.measures) == finding
    )


def test_dass_has_three_subscales_doubled_before_they_are_banded() -> None:
    answers = [0] * 21
    for no, value in ((3, 3), (5, 3), (10, 3), (13, 2), (2, 3), (4, 3), (7, 2), (1, 1)):
        answers[no - 1] = value
    found = {name: scored("dass21", *answers, subscale=name) for name in rule("dass21").scales}
    assert {name: each.score for name, each in found.items()} == {
        "depression": 22,
        "anxiety": 16,
        "stress": 2,
    }
    bands = {name: band(each.exact, rule("dass21").scales[name].bands) for name, each in found.items()}
    assert bands == {"depression": "severe", "anxiety": "severe", "stress": "normal"}


@pytest.mark.parametrize(
    ("weights", "levels", "t"),
    [
        ((1, 1, 1), (0, 0, 0), "50.00"),
        ((1, 1, 1), (1, 1, 1), "63.69"),
        ((1, 1, 1), (-2, -2, -2), "22.61"),
        ((2, 1), (1, -1), "54.02"),
        ((2, 1), (1, 0), "58.03"),
        ((2, 1), (0, -1), "45.98"),
    ],
)
def test_goals_are_scaled(weights: Any, levels: Any, t: str) -> None:
    assert shown(t_score(weights, levels, Decimal("0.3"))) == Decimal(t)


def test_without_goals_or_weights_there_is_no_t_score() -> None:
    assert t_score((), (), Decimal("0.3")) is None
    assert t_score((0, 0), (1, 1), Decimal("0.3")) is None
