"""A group's places: many people at once on a real PostgreSQL, counted in the transactions that sell them (ADR 66)."""

import asyncio
from collections import Counter
from datetime import datetime
from typing import Any

import httpx

from services.scheduling.booking_request.states import Wish
from services.scheduling.group_time.aggregate import group_at
from tests.integration.scheduling.test_slots import ask_for_bookings
from tests.support.memory_system import MemorySystem
from tests.support.referral_http import A_COORDINATOR, by
from tests.support.told import at_clinic
from tests.unit.scheduling.situations import staff

GROUP = Wish(purpose="group_session", discipline="psychology", priority="routine")
PRIYA, START = staff("priya.nair").id or "", at_clinic("2027-02-03 12:30")
"""Two weeks after today: too few are somebody's work from this morning on."""
HERE = f"/groups/{group_at(PRIYA, START).id}"


async def post(http: httpx.AsyncClient, path: str, body: Any) -> httpx.Response:
    """Again as long as a transaction may not wait."""
    while (answer := await http.post(path, json=body, headers=by(A_COORDINATOR))).status_code == 503:
        pass
    return answer


async def book(system: MemorySystem, http: httpx.AsyncClient, people: int) -> list[httpx.Response]:
    """All of them at once."""
    body = {
        "slots": [{"clinician_id": PRIYA, "start": START.isoformat()}],
        "short_notice_accepted": True,
    }
    requests = await ask_for_bookings(system, people, GROUP)
    paths = [f"/booking-requests/{request}/appointments" for request in requests]
    return list(await asyncio.gather(*(post(http, path, body) for path in paths)))


async def told(system: MemorySystem) -> Counter[str]:
    statement = "SELECT type, count(*) FROM journal WHERE type LIKE 'scheduling.group%' GROUP BY type"
    async with system.workers["scheduling"].store.connection() as connection:
        rows = await connection.fetch(statement)
    return Counter({row[0].split(".")[1]: row[1] for row in rows})


async def test_forty_who_want_one_time_of_a_group_are_counted_as_the_twelve_who_have_it(
    system: MemorySystem, http: httpx.AsyncClient
) -> None:
    answers = await book(system, http, 40)
    while sum(answer.status_code == 201 for answer in answers) < 12:
        answers += [answer for answer in await book(system, http, 40) if answer.status_code == 201]
    shown = (await http.get(HERE, headers=by(A_COORDINATOR))).json()
    assert (shown["status"], shown["sold"]) == ("planned", 12)
    assert await told(system) == {"group_short": 1, "group_settled": 1}, "asked from the first to the eighth"


async def test_all_who_have_a_place_are_called_off_in_one_act(
    system: MemorySystem, http: httpx.AsyncClient
) -> None:
    booked = [answer for answer in await book(system, http, 6) if answer.status_code == 201]
    shown = (await http.get(HERE, headers=by(A_COORDINATOR))).json()
    assert (shown["status"], shown["sold"]) == ("short", len(booked)) and booked
    assert (await post(http, f"{HERE}/call-off", {})).json()["status"] == "called_off"
    await system.settle()
    async with system.workers["scheduling"].store.connection() as connection:
        cancelled = await connection.fetchval("SELECT count(*) FROM appointment WHERE status = 'cancelled'")
        busy = await connection.fetchval("SELECT count(*) FROM slot WHERE status = 'busy'")
        wanted = await connection.fetchval("SELECT count(*) FROM booking_request WHERE status = 'open'")
    assert (cancelled, busy, wanted) == (len(booked), 0, 6)
    assert await told(system) == {"group_short": 1, "group_settled": 1}
    query = {"discipline": "psychology", "purpose": "group_session"}
    free = (await http.get("/slots", params=query, headers=by(A_COORDINATOR))).json()["slots"]
    starts = {datetime.fromisoformat(each["start"]) for each in free}
    assert starts and START not in starts, "nobody is shown a time that is off"
