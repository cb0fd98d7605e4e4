"""The test vectors of outcome measures: exact scores, thresholds on the edge, what is missing."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from config.loading import SHIPPED
from services.care_plan.goal.decide import shown, t_score
from services.care_plan.measures.decide.rating import Compared, findings
from services.care_plan.measures.decide.scoring import (
    Scored,
    band,
    change_percent,
    is_responder,
    is_worse,
    score,
)
from services.care_plan.opioid.content import Drug, DrugList, exposure
from services.care_plan.rules import Scoring, load_rules

RULES = load_rules(SHIPPED)
PERCENT = RULES.measures.responder.values.percent
WORSE = RULES.measures.worsening.values
AT_RISK = RULES.measures.suicide_risk.values.is_answered


def rule(instrument: Any) -> Scoring:
    return RULES.measures.instruments[instrument].values


def scored(instrument: str, *answers: int | None) -> Scored:
    result = score(answers, rule(instrument))
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
        ("bpi", (1, 2, 3, None, None, None, None), "item_missing"),
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
    assert band(scored("odi", 4, 4, 4, 4, 0, 0, 0, 0, 0, 0).exact, rule("odi")) == "moderate"
    assert scored("odi", 4, 4, 4, 4, 0, 0, 0, 0, 0, None).score == Decimal("35.56")


def test_bpi_takes_four_of_seven() -> None:
    assert scored("bpi", 2, 4, 6, 8, None, None, None).score == Decimal(5)
    assert band(Fraction(5), rule("bpi")) == "moderate"


@pytest.mark.parametrize(
    ("instrument", "total", "finding"),
    [("pcs", 30, ("pcs_high",)), ("pcs", 29, ()), ("pseq", 19, ("pseq_low",)), ("pseq", 20, ())],
)
def test_psychology_is_suggested_on_the_edge(instrument: Any, total: int, finding: tuple[str, ...]) -> None:
    assert (
        findings(instrument, Compared(decimal(str(total)), (), None, None, None), RULES.measures) == finding
    )


def test_dass_is_doubled() -> None:
    assert scored("dass21", *[1] * 21).score == Decimal(42)


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


def drug(name: str, dose: str, per_day: str | None = "1", unit: str = "mg") -> Drug:
    codes = {known: code for code, known in RULES.opioid.factors.values.codes.items()}
    times = Decimal(per_day) if per_day else None
    return Drug(code=codes[name], dose=Decimal(dose), unit=unit, per_day=times)


@pytest.mark.parametrize(
    ("drugs", "mme"),
    [
        ([drug("hydrocodone", "5", "4")], "20"),
        ([drug("oxycodone", "10", "2")], "30"),
        ([drug("hydromorphone", "8")], "40"),
        ([drug("methadone", "20")], "94.0"),
        ([drug("tramadol", "200")], "40"),
        ([drug("oxycodone", "30"), drug("tapentadol", "50")], "65"),
        ([drug("oxycodone", "40", "2")], "120"),
        ([drug("buprenorphine", "8")], "0"),
    ],
)
def test_opioids_are_added_up_in_morphine_equivalents(drugs: list[Drug], mme: str) -> None:
    found = exposure(DrugList(tuple(drugs), True), RULES.opioid.factors.values)
    assert (found.mme_per_day, found.status) == (Decimal(mme), "complete")


@pytest.mark.parametrize(
    ("drugs", "complete"),
    [
        ([Drug(code="not-known")], True),
        ([drug("oxycodone", "10", None)], True),
        ([drug("oxycodone", "10", unit="g")], True),
        ([], False),
    ],
)
def test_what_is_unknown_is_never_none(drugs: list[Drug], complete: bool) -> None:
    found = exposure(DrugList(tuple(drugs), complete), RULES.opioid.factors.values)
    assert found.status == "incomplete" and found.mme_per_day is None


def test_no_opioid_in_a_whole_list_is_none() -> None:
    assert exposure(DrugList((), True), RULES.opioid.factors.values).status == "none"
