"""What changed between two scores: responder, worse, the smallest change that means something."""

from decimal import Decimal
from typing import Any

import pytest

from services.care_plan.measures.decide.scoring import (
    Scored,
    change_percent,
    has_improved,
    is_responder,
    is_worse,
)
from tests.unit.care_plan.scores import RULES, decimal, rule, sums

PERCENT = RULES.measures.responder.values.percent
WORSE = RULES.measures.worsening.values


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
    ("instrument", "before", "after", "reached"),
    [
        ("pseq", "18", "25", True),
        ("pseq", "21", "28", False),
        ("pseq", "25", "18", False),
        ("odi", "40", "30", True),
        ("odi", "40", "31", False),
        ("phq9", "20", "5", None),
        ("nrs", "10", "7", True),
        ("nrs", "9", "7", False),
        ("nrs", "0", "0", None),
        ("pcs", "40", "27", True),
        ("pcs", "40", "28", False),
        ("promis_pi", "65.3", "59.3", True),
        ("promis_pf", "35", "41", True),
        ("promis_pf", "41", "35", False),
    ],
)
def test_the_smallest_change_that_means_something_is_for_the_better(
    instrument: Any, before: str, after: str, reached: bool | None
) -> None:
    found = has_improved(decimal(before), decimal(after), rule(instrument), rule(instrument).scales[None])
    assert found is reached


@pytest.mark.parametrize(
    ("subscale", "before", "after", "reached"),
    [
        ("severity", "5", "3.5", True),
        ("severity", "5", "3.75", False),
        ("interference", "5", "4", True),
        ("interference", "5", "4.25", False),
    ],
)
def test_bpi_improves_by_a_third_of_the_pain_or_by_a_point_of_interference(
    subscale: Any, before: str, after: str, reached: bool
) -> None:
    bpi = rule("bpi")
    assert has_improved(decimal(before), decimal(after), bpi, bpi.scales[subscale]) is reached
