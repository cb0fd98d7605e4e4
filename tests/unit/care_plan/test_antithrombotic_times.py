"""ANT-03: whatever is held for however long, whenever the procedure is: stopped before it, taken again after it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from config.antithrombotics import Hold
from services.care_plan.antithrombotic_plan.content import last_dose, times
from services.care_plan.antithrombotic_plan.states import Line
from tests.unit.care_plan.holds import NEW_YORK, at
from tests.unit.care_plan.situations import rules

DAY = timedelta(days=1)
TABLE = rules().antithrombotic.table.values.rows
CALENDAR = rules().calendar
OPEN_ALWAYS = CALENDAR.model_copy(update={"holidays": ()})
starts = st.integers(0, 395 * 24 * 4).map(
    lambda quarters: datetime(2026, 11, 1, tzinfo=UTC) + quarters * timedelta(minutes=15)
)
"""A year and more: both changes of the clocks, every weekend, Thanksgiving and New Year."""
holds = st.integers(1, 14).map(lambda days: 24 * days) | st.integers(1, 23)
lines = st.builds(
    Line,
    drug=st.sampled_from([row.drug for row in TABLE]),
    use=st.none(),
    hold_hours=st.none() | st.just(0) | holds,
    restart_hours=st.none() | st.integers(1, 48),
    needs_inr=st.booleans(),
    settled=st.just(True),
    unknown=st.just(False),
)


def local(instant: datetime) -> datetime:
    """As the clinic's clocks show it."""
    return instant.astimezone(NEW_YORK).replace(tzinfo=None)


@given(lines=st.lists(lines, max_size=5), start=starts)
def test_nothing_is_stopped_after_it_may_be_taken_again(lines: Any, start: datetime) -> None:
    """Of however many drugs: no stop after the start, no restart before it."""
    found = times(lines, start, rules())
    held = [each for each in lines if each.hold_hours is not None]
    assert (found.last_dose_at is None) == (not held)
    assert found.last_dose_at is None or found.last_dose_at <= start
    assert found.restart_not_before is None or found.restart_not_before > start
    for each in held:
        assert found.last_dose_at and found.last_dose_at <= start - timedelta(hours=each.hold_hours or 0)


@given(start=starts, days=st.integers(1, 14))
@example(start=at("2027-03-16 10:00"), days=5)
@example(start=at("2026-11-03 10:00"), days=5)
@example(start=at("2027-03-15 02:30"), days=1)
def test_so_many_days_are_so_many_by_the_hours_and_by_the_clock(start: datetime, days: int) -> None:
    """Where the clocks change in between it is the earlier of the two, and no earlier than that."""
    last = last_dose(start, 24 * days, CALENDAR)
    assert start - last >= days * DAY
    assert local(last) <= local(start) - days * DAY or start - last == days * DAY
    assert start - last <= days * DAY + timedelta(hours=1)


@given(start=starts, hours=holds)
def test_no_closed_day_makes_a_hold_longer_or_shorter(start: datetime, hours: int) -> None:
    """The drug leaves the body on holidays too."""
    assert last_dose(start, hours, CALENDAR) == last_dose(start, hours, OPEN_ALWAYS)


@given(start=starts, row=st.sampled_from(TABLE), risk=st.sampled_from(("high", "intermediate", "low")))
def test_every_row_of_the_table_stops_before_and_restarts_after(start: datetime, row: Any, risk: Any) -> None:
    said = row.at(risk, neck=False)
    if isinstance(said, Hold):
        hours = said.length // timedelta(hours=1)
        assert last_dose(start, hours, CALENDAR) < start < start + timedelta(hours=row.restart(risk))
