"""When staff look at what is open: again at the same hours for all of it, so that the clock moves seldom."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.chart import Chart
from simulator.clinic import Clinic
from simulator.desk import Desk
from simulator.roles.messages import Telephones
from simulator.world import CLINIC, QUARTER, World

START = datetime(2027, 1, 4, 13, tzinfo=UTC)
"""Daylight saving time begins within the ninety days after it."""
ITEM = {"item_id": "i", "item_type": "BOOK_VISIT", "subject_id": "s"}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CLINIC)


def world_at(text: str) -> World:
    return World(Desk(httpx.AsyncClient(verify=False), {}, str), Chart(), at(text), {})


@pytest.mark.parametrize(
    ("now", "look"),
    [
        ("2027-01-04 08:00", "2027-01-04 13:00"),
        ("2027-01-04 12:45", "2027-01-04 13:00"),
        ("2027-01-04 13:00", "2027-01-05 08:00"),
        ("2027-01-08 16:45", "2027-01-11 08:00"),
        ("2027-03-12 20:00", "2027-03-15 08:00"),
    ],
)
def test_what_cannot_be_done_is_looked_at_again_at_the_same_hours_of_working_days(
    now: str, look: str
) -> None:
    assert world_at(now).next_look == at(look)


@given(st.integers(0, 90 * 24 * 60))
def test_the_clinic_opens_after_as_few_quarters_of_an_hour_as_it_takes(minutes: int) -> None:
    world, since = world_at("2027-01-04 08:00"), START + timedelta(minutes=minutes)
    opens = world.opens(since)
    assert world.is_open(opens) and (opens - since) % QUARTER == timedelta()
    assert opens == since or not any(
        world.is_open(since + n * QUARTER) for n in range((opens - since) // QUARTER)
    )


async def test_an_item_that_rests_wakes_nobody_before_its_hour_and_not_by_an_hour_that_has_passed() -> None:
    world = world_at("2027-01-04 16:45")
    async with httpx.AsyncClient() as http:
        clinic = Clinic([], world, None, None, Telephones(http, "", ""), None)  # type: ignore[arg-type]
        clinic._resting["i"] = at("2027-01-05 13:00").astimezone(UTC)
        assert clinic._next_look(ITEM) == at("2027-01-05 13:00")
        world.now = at("2027-01-05 17:00").astimezone(UTC)
        assert clinic._next_look(ITEM) == at("2027-01-06 08:00")
        world.now += timedelta(hours=16)
        assert clinic._next_look(ITEM) == at("2027-01-06 09:15")
