"""The clinic of the pictures: what stays undone in it, and that it plays to its end all the same."""

from collections import defaultdict
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from simulator.desk import Desk, Refused, Unexpected, checked
from simulator.roles.people import AT_WORK
from simulator.world import World
from tests.screenshots.clinic import NOW, WARNED_AT, BusyClinic, check_kinds


def a_clinic(now: Any) -> BusyClinic:
    clinic = object.__new__(BusyClinic)
    desk = Desk(httpx.AsyncClient(verify=False), {}, str)
    clinic.world = World(desk, SimpleNamespace(), now, {})  # type: ignore[arg-type]
    return clinic


def answer(status: int) -> httpx.Response:
    return httpx.Response(status, json={}, request=httpx.Request("POST", "http://referral/information"))


def a_row(**more: Any) -> dict[str, Any]:
    since = (NOW.replace(day=8)).isoformat()
    row = {"item_type": "ACT_ACCEPT", "queue": "pharmacy", "priority": "routine", "waiting_since": since}
    return {**row, "due_at": NOW.replace(day=12).isoformat(), **more}


async def test_what_is_not_possible_as_things_stand_is_counted_and_the_play_goes_on():
    async def refused() -> bool:
        checked(answer(409))
        return True

    clinic = a_clinic(WARNED_AT)
    assert await clinic._done(refused()) is False
    assert clinic.world.desk.refused.total() == 1


@pytest.mark.parametrize(("status", "kind"), [(409, Refused), (412, Refused), (422, Unexpected)])
def test_a_refusal_is_told_from_what_nobody_foresaw(status, kind):
    with pytest.raises(Unexpected) as caught:
        checked(answer(status))
    assert type(caught.value) is kind


@pytest.mark.parametrize(
    ("row", "stays"),
    [
        ({}, True),
        ({"item_type": "RED_FLAG"}, False),
        ({"item_type": "MDT_LIST"}, False),
        ({"waiting_since": "2027-01-04T13:00:00Z"}, False),
        ({"waiting_since": "2027-03-08T07:42:00Z"}, False),
        ({"waiting_since": "2027-03-08T07:43:00Z"}, True),
        ({"waiting_since": "2027-03-05T15:42:00Z", "item_type": "ACT_REVIEW"}, True),
    ],
)
def test_what_is_due_after_the_pictures_stays_but_for_what_cannot_wait(row, stays):
    assert a_clinic(NOW.replace(day=8)).waits(a_row(**row)) is stays
    assert a_clinic(NOW).waits(a_row(**row)) is True


@pytest.mark.parametrize("kinds", [(), ("ACT_ACCEPT",)])
def test_no_pictures_are_taken_of_a_discipline_that_has_nothing_to_show(kinds):
    clinic = a_clinic(NOW)
    shown = {name: {"item_type": name} for name in ("ACT_ACCEPT", "MDT_PREP")}
    queues = dict.fromkeys(AT_WORK, shown)
    clinic.world.chart.queues = defaultdict(dict, queues)
    check_kinds(clinic)
    clinic.world.chart.queues["psychology"] = {name: shown[name] for name in kinds}
    with pytest.raises(RuntimeError, match="psychology"):
        check_kinds(clinic)
