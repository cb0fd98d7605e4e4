"""Who is called: what they do about a page, and by whom items of safety are done."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from simulator.chart import Chart, Told
from simulator.desk import Desk
from simulator.roles.on_call import OnCall
from simulator.roles.people import PHYSICIAN, PSYCHOLOGIST
from simulator.world import World

NIGHT, DAY = datetime(2027, 1, 5, 7, 0, tzinfo=UTC), datetime(2027, 1, 5, 15, 0, tzinfo=UTC)
PAGES = [f"{number}/0" for number in range(200)]


def told(name: str, subject: str, **fact: Any) -> Told:
    return Told("notifications", name, subject, "p", "r", NIGHT, fact)


@pytest.fixture
def world() -> World:
    """At night, with a warning about which one person has two hundred pages."""
    chart = Chart()
    chart.take(told("escalation_raised", "e", subject_id="flag", ack_due_at="2027-01-05T07:15:00Z"))
    for page in PAGES:
        message = page.partition("/")[0]
        chart.take(told("message_scheduled", message, template="ESCALATION_PAGE", subject_id="e"))
    return World(
        Desk(httpx.AsyncClient(verify=False), {}, str), chart, NIGHT, {"1": PHYSICIAN, "2": PSYCHOLOGIST}
    )


async def test_pages_are_answered_in_time_late_or_not_at_all(world: World) -> None:
    answers: list[tuple[datetime, str]] = []

    async def reply(number: str, text: str) -> None:
        answers.append((world.now, text))

    on_call = OnCall(world, reply)
    for page in PAGES:
        on_call.paged({"call": page, "to": "+1", "body": "reply OK 482913, or claim it"}, "mina.cho")
    while (at := world.next_minute) is not None:
        world.now = at
        for act in world.due():
            await act()
    assert {text for _, text in answers} == {"OK 482913"}
    due = NIGHT + timedelta(minutes=15)
    assert 100 < sum(at < due for at, _ in answers) < 170 and 20 < sum(at > due for at, _ in answers) < 70
    assert len(answers) + world.desk.done["pages missed"] == len(PAGES)


async def test_nobody_answers_what_another_took_up(world: World) -> None:
    async def reply(number: str, text: str) -> None:
        raise AssertionError("answered")

    on_call = OnCall(world, reply)
    on_call.paged({"call": PAGES[0], "to": "+1", "body": "reply OK 482913"}, "mina.cho")
    world.chart.take(told("escalation_acknowledged", "e", subject_id="flag", by_id="1"))
    world.now = NIGHT + timedelta(days=1)
    for act in world.due():
        await act()
    on_call.paged({"call": PAGES[1], "to": "+1", "body": "reply OK 482913"}, "mina.cho")
    assert world.next_action is None


async def test_an_item_of_safety_is_done_by_who_took_it_up_or_by_who_is_at_work(world: World) -> None:
    async def reply(number: str, text: str) -> None: ...

    on_call, row = OnCall(world, reply), {"item_type": "RED_FLAG", "subject_id": "flag"}
    assert on_call.by(row, PSYCHOLOGIST) is None and on_call.next_look(row) is None
    world.chart.take(told("escalation_acknowledged", "e", subject_id="flag", by_id="1"))
    assert on_call.by(row, PSYCHOLOGIST) == PHYSICIAN
    world.chart.taken_up["flag"] = "2"
    assert on_call.by(row, PSYCHOLOGIST) is None and on_call.next_look(row) == world.opens(NIGHT)
    world.now = DAY
    assert on_call.by(row, PSYCHOLOGIST) == PSYCHOLOGIST
    world.now += timedelta(minutes=4)
    assert on_call.by(row, PSYCHOLOGIST) is None and on_call.next_look(row) == DAY + timedelta(minutes=15)
