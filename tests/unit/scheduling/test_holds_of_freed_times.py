"""For how long a time is held: one that was given back, for one patient (ATT-09), and one that is offered; and when its
gates are looked at (PRC-06)."""

from datetime import datetime, timedelta

import pytest

from tests.support.told import at_clinic
from tests.unit.scheduling.situations import rules

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("ahead", "hours"),
    [
        *((12 * HOUR, 2), (48 * HOUR, 2), (49 * HOUR, 4)),
        *((14 * DAY, 4), (14 * DAY + HOUR, 24), (60 * DAY, 24)),
    ],
)
def test_a_time_is_held_shorter_the_sooner_it_begins(ahead: timedelta, hours: int) -> None:
    assert rules().scheduling.freed.values.hold(ahead) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("start", "until"),
    [
        ("2027-02-03 11:01", "2027-02-03 09:00"),
        ("2027-02-03 11:00", "2027-02-03 09:00"),
        ("2027-02-03 10:59", "2027-02-03 08:59"),
        ("2027-02-01 11:01", "2027-02-01 09:01"),
    ],
    ids=["later than the hold", "just after it", "sooner", "almost too soon"],
)
def test_a_date_that_is_offered_is_held_two_days_or_until_somebody_else_can_just_be_asked(
    start: str, until: str
) -> None:
    made: datetime = at_clinic("2027-02-01 09:00")
    assert rules().held_until(made, at_clinic(start), hours=48) == at_clinic(until)


def test_what_must_be_true_before_a_procedure_is_asked_three_days_and_one_day_before_it() -> None:
    """PRC-06, to the minute: a Thursday, with open days before it."""
    asked = rules().checked_at(at_clinic("2027-04-22 10:00"))
    assert asked == {"T-72": at_clinic("2027-04-19 10:00"), "T-24": at_clinic("2027-04-21 10:00")}
