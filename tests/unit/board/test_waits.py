"""How waits are drawn: an axis that fits, no ninth of ten of few items, nothing where nothing waits."""

from datetime import UTC, datetime

import pytest

from board.waits import (
    MOST_TICKS,
    STEPS,
    WIDE,
    Counted,
    Report,
    Spread,
    axis_text,
    line,
    longest_of,
    ranged,
    scale,
    urgent_first,
)
from board.words import words

NONE, FEW = (
    Spread(0, small_sample=False),
    Spread(3, small_sample=True, median_s=60, nine_of_ten_s=90, longest_s=120),
)
MANY = Spread(40, small_sample=False, median_s=3600, nine_of_ten_s=7200, longest_s=86400)


def a_report(waiting: Spread = NONE, completed: Spread = NONE) -> Report:
    return Report(datetime(2027, 1, 13, tzinfo=UTC), ["cat_1"], waiting, completed, waiting)


@pytest.mark.parametrize("longest", [1, 3600, 86400, 21 * 86400, 400 * 86400, 4999 * 86400])
def test_the_axis_reaches_as_far_as_the_longest_and_fits(longest: float) -> None:
    pixels, ticks = scale(longest)
    assert 2 <= len(ticks) <= MOST_TICKS and ticks[0] == (0.0, "0")
    assert longest * pixels <= ticks[-1].x + 0.1 <= WIDE


def test_beyond_the_longest_axis_it_still_draws() -> None:
    assert len(scale(9000 * 86400)[1]) == MOST_TICKS


def test_an_axis_is_in_days_where_they_are_whole() -> None:
    assert [axis_text(each) for each in (0, 3 * 3600, 2 * 86400)] == ["0", "3 h", "2 d"]


def test_of_few_items_nine_of_ten_say_nothing() -> None:
    few, many = (ranged("waiting", each, 0.001, 8) for each in (FEW, MANY))
    assert (few.nine_of_ten, few.line) == ("–", None)
    assert (many.nine_of_ten, many.line) == ("2.0 h", 7.2)


def test_where_nothing_waits_there_is_no_zero() -> None:
    found = ranged("waiting", NONE, 0.001, 8)
    assert (found.median, found.bar, found.dot) == ("–", None, None)


def test_a_queue_that_cannot_be_had_says_why() -> None:
    found = line(words(), "nursing", None, "It is away.", 1.0)
    assert (found.title, found.ranges, found.problem) == ("Nursing", (), "It is away.")


@pytest.mark.parametrize(
    ("spreads", "few"), [((NONE, NONE), False), ((FEW, MANY), True), ((MANY, MANY), False)]
)
def test_few_is_said_of_few_and_not_of_nothing(spreads: tuple[Spread, Spread], few: bool) -> None:
    assert line(words(), "nursing", a_report(*spreads), "", 1.0).few is few


def test_the_longest_of_all_queues_scales_them_all() -> None:
    assert longest_of([None, a_report(FEW), a_report(FEW, MANY)]) == 86400
    assert longest_of([None, a_report()]) == STEPS[0]


def test_ones_own_queues_come_first_then_those_with_something_about_safety() -> None:
    rows = [
        Counted("nursing", 1, 0, yours=False),
        Counted("medical", 1, 2, yours=False),
        Counted("pharmacy", 1, 0, yours=True),
    ]
    assert [each.queue for each in urgent_first(rows)] == ["pharmacy", "medical", "nursing"]
