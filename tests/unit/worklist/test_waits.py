"""The honest wait: whoever still waits counts, and no time in which the patient was away."""

from datetime import UTC, datetime, timedelta

import pytest

from services.worklist.waits.decide import Away, Stay, overlap, spread, wait

START = datetime(2027, 1, 4, tzinfo=UTC)


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def stay(since: float, end: float | None, *away: tuple[float, float | None]) -> Stay:
    periods = [Away(day(start), None if over is None else day(over)) for start, over in away]
    return Stay(day(since), None if end is None else day(end), periods)


A, B, C = stay(0, 10), stay(0, None), stay(50, None, (60, 70))
NOW = day(100)


@pytest.mark.parametrize(
    ("one", "days"),
    [
        (A, 10),
        (B, 100),
        (C, 40),
        (stay(20, 90), 70),
        (stay(20, 50), 30),
        (stay(50, 90), 40),
        (stay(0, 20, (0, 10), (5, 15)), 5),
        (stay(0, None, (90, None)), 90),
        (stay(50, None, (0, 60)), 40),
        (stay(0, 10, (20, 30)), 10),
        (stay(0, 20, (0, 15), (5, 10)), 5),
        (stay(0, 10, (-5, 20)), 0),
    ],
)
def test_a_wait_runs_to_its_end_or_to_now_less_the_days_away(one: Stay, days: float) -> None:
    assert wait(one, NOW) == timedelta(days=days)


def test_a_queue_counts_who_still_waits() -> None:
    found = spread([wait(each, NOW) for each in (A, B, C)])
    assert (found.number, found.median, found.mean) == (3, timedelta(days=40), timedelta(days=50))
    assert spread([wait(each, NOW) for each in (B, C)]).number == 2
    assert spread([wait(A, NOW)]).mean == timedelta(days=10), "what has ended alone would say ten"


def test_of_none_there_is_no_number() -> None:
    assert spread([]) == (0, None, None, None, None)


@pytest.mark.parametrize(("count", "wanted"), [(1, 1), (9, 9), (10, 9), (11, 10), (20, 18)])
def test_nine_of_ten_do_not_wait_longer(count: int, wanted: int) -> None:
    found = spread([timedelta(days=number) for number in range(1, count + 1)])
    assert (found.nine_of_ten, found.longest) == (timedelta(days=wanted), timedelta(days=count))


def test_no_time_is_deducted_twice() -> None:
    assert overlap([Away(day(5), day(8)), Away(day(0), day(10))], day(0), day(10)) == timedelta(days=10)
