"""The test vectors of outcome measures: exact scores, thresholds on the edge, what is missing."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from services.care_plan.goal.decide import shown, t_score
from services.care_plan.measures.decide.rating import Compared, findings
from services.care_plan.measures.decide.scoring import Scored, band, band_of, score
from tests.unit.care_plan.scores import RULES, code, decimal, rule, scored

AT_RISK = RULES.measures.suicide_risk.values.is_answered


def test_peg_is_the_mean_of_three() -> None:
    assert scored("peg", 8, 7, 6).score == Decimal(7)
    assert scored("peg", 8, 7, 6).item_sum == 21
    assert scored("peg", 7, 5, 5).score == Decimal("5.67")


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


@pytest.mark.parametrize(
    ("total", "expected"),
    [
        *((9, ()), (10, ("phq9_moderate",)), (11, ("phq9_moderate",))),
        *((19, ("phq9_moderate",)), (20, ("phq9_severe",)), (21, ("phq9_severe",))),
    ],
)
def test_depression_is_found_from_its_edges_on(total: int, expected: tuple[str, ...]) -> None:
    """OUT-02, without item 9."""
    answers = (*[3] * (total // 3), total % 3, *[0] * 9)[:8]
    assert found("phq9", (*answers, 0)) == expected


@pytest.mark.parametrize(("last", "rises"), [("5", False), ("4", True), ("3", True)])
def test_a_rise_of_five_points_is_one_and_of_four_is_none(last: str, rises: bool) -> None:
    assert found("phq9", (3, 3, 3, 0, 0, 0, 0, 0, 0), decimal(last)) == (("phq9_rise",) if rises else ())


def test_odi_divides_by_what_was_answered() -> None:
    assert scored("odi", 4, 4, 4, 4, 0, 0, 0, 0, 0, 0).score == Decimal(32)
    assert code(band(scored("odi", 4, 4, 4, 4, 0, 0, 0, 0, 0, 0).exact, rule("odi").bands)) == "moderate"
    assert scored("odi", 4, 4, 4, 4, 0, 0, 0, 0, 0, None).score == Decimal("35.56")


def test_bpi_has_a_severity_of_four_and_an_interference_of_four_of_seven() -> None:
    four, none = (2, 4, 6, 8), (None,) * 3
    assert scored("bpi", 7, 3, 5, 4, *four, *none, subscale="severity").score == Decimal("4.75")
    assert scored("bpi", *[None] * 4, *four, *none, subscale="interference").score == Decimal(5)
    scales = rule("bpi").scales
    assert score((7, 3, None, 4, *four, *none), rule("bpi"), scales["severity"]) == "item_missing"
    assert score((*four, 1, 2, 3, None, *none), rule("bpi"), scales["interference"]) == "item_missing"
    assert code(band(Fraction(9, 2), scales["interference"].bands)) == "low"
    assert code(band(Fraction(5), scales["interference"].bands)) == "moderate"


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
        ("phq2", "2", "negative"),
        ("phq2", "3", "positive"),
        ("gad7", "9", "mild"),
        ("gad7", "10", "moderate"),
        ("pcs", "29", "below_relevance"),
        ("pcs", "30", "clinically_relevant"),
        ("ort_oud", "2", "low"),
        ("ort_oud", "3", "high"),
        ("audit_c", "2", "negative"),
        ("audit_c", "3", "positive"),
        ("dast10", "0", "none"),
        ("dast10", "2", "low"),
        ("dast10", "3", "moderate"),
        ("dast10", "8", "substantial"),
        ("dast10", "9", "severe"),
    ],
)
def test_an_edge_belongs_to_one_band(instrument: Any, value: str, expected: str) -> None:
    assert code(band(Fraction(value), rule(instrument).bands)) == expected


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
    bands = {
        name: band_of(answers, each, rule("dass21"), rule("dass21").scales[name])
        for name, each in found.items()
    }
    assert {name: code(each) for name, each in bands.items()} == {
        "depression": "severe",
        "anxiety": "severe",
        "stress": "normal",
    }
    assert [each and each.finding for each in bands.values()] == [
        "dass21_depression_severe",
        "dass21_anxiety_severe",
        None,
    ]


def test_pcs_has_three_parts_beside_the_whole() -> None:
    answers = [0, 1, 2, 3, 4, 0, 1, 2, 3, 0, 1, 2, 3]
    found = {name: scored("pcs", *answers, subscale=name).score for name in (None, *rule("pcs").parts)}
    assert found == {None: 22, "rumination": 6, "magnification": 4, "helplessness": 12}


@pytest.mark.parametrize(
    ("answers", "total", "expected"),
    [
        ((1, 1, 1, 0, 0, 0, 0, 0, 2), 3, "low"),
        ((1, 1, 1, 1, 0, 0, 0, 0, 2), 4, "medium"),
        ((1, 1, 1, 1, 1, 1, 1, 0, 2), 7, "medium"),
        ((0, 0, 0, 0, 1, 1, 1, 0, 3), 4, "high"),
        ((0, 0, 0, 0, 1, 1, 1, 1, 0), 4, "high"),
    ],
)
def test_start_back_is_high_by_its_psychosocial_part(
    answers: tuple[int, ...], total: int, expected: str
) -> None:
    found = scored("start_back", *answers)
    within = band_of(answers, found, rule("start_back"), rule("start_back").scales[None])
    assert found.score == total and code(within) == expected


def test_an_item_may_count_the_other_way_round_and_takes_its_own_answers() -> None:
    assert scored("dast10", *[0] * 10).score == 1
    assert scored("dast10", 0, 0, 1, *[0] * 7).score == 0
    assert score((0, 0, 2, *[0] * 7), rule("dast10")) == "out_of_range"
    assert score((*[0] * 8, 4), rule("start_back")) != "out_of_range"
    assert score((*[0] * 8, 5), rule("start_back")) == "out_of_range"
    assert score((*[0] * 7, 2, 0), rule("start_back")) == "out_of_range"


@pytest.mark.parametrize("instrument", RULES.measures.instruments)
def test_every_instrument_says_which_answers_it_must_have(instrument: Any) -> None:
    """OUT-09: one answer fewer than it takes, and there is no score."""
    for scale in rule(instrument).scales.values():
        least = scale.answered_at_least or len(scale.items)
        for answered in (least, least - 1):
            given: list[int | None] = [None] * rule(instrument).items
            for item in scale.items[:answered]:
                given[item - 1] = 0
            lacking = score(given, rule(instrument), scale) == "item_missing"
            assert lacking == (answered < least)


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
