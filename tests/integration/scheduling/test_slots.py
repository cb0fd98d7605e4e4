"""A slot is sold once: many people over HTTP on a real PostgreSQL (SCH-03)."""

import asyncio
from collections import Counter
from typing import Any

import httpx
import pytest

from backbone.http.identity import Principal
from backbone.ids import ROOT, derive
from backbone.model import one, together
from services.scheduling.booking_request.aggregate import (
    BOOKING_REQUEST,
    RequestBooking,
)
from services.scheduling.booking_request.states import Wish
from tests.support.memory_system import MemorySystem
from tests.support.referral_http import A_COORDINATOR, by

WISH = Wish(purpose="session", discipline="physiotherapy", priority="routine")
TALK = Wish(purpose="session", discipline="psychology", priority="routine")


async def free_slots(http: httpx.AsyncClient, count: int) -> list[dict[str, Any]]:
    asked: dict[str, Any] = {
        "discipline": "physiotherapy",
        "purpose": "session",
        "limit": count,
        "from": "2027-02-08T00:00:00Z",
    }
    found = (await http.get("/slots", params=asked, headers=by(A_COORDINATOR))).json()["slots"]
    return [{"clinician_id": slot["clinician_id"], "start": slot["start"]} for slot in found]


async def ask_for_bookings(system: MemorySystem, count: int, wish: Wish = WISH) -> list[str]:
    requests = [derive(ROOT, f"request {number}") for number in range(count)]
    for number, request in enumerate(requests):
        send = BOOKING_REQUEST.send(RequestBooking(wish=wish), to=one(request))
        referral = one(derive(ROOT, f"referral {number}"))
        order = together(send, pathway=referral)
        await system.order("scheduling", order, about=derive(ROOT, f"patient {number}"))
    return requests


async def test_two_hundred_people_and_twenty_slots_are_twenty_bookings_and_clear_refusals(
    system: MemorySystem, http: httpx.AsyncClient
) -> None:
    requests = await ask_for_bookings(system, 200)
    slots = await free_slots(http, 20)
    assert len(slots) == 20

    async def book(number: int) -> httpx.Response:
        body = {"slots": [slots[number % 20]]}
        path = f"/booking-requests/{requests[number]}/appointments"
        while True:
            answer = await http.post(path, json=body, headers=by(A_COORDINATOR))
            if (
                answer.status_code != 503
            ):  # "try again": on a busy machine a transaction may idle for too long
                return answer

    answers = await asyncio.gather(*map(book, range(200)))
    assert Counter(answer.status_code for answer in answers) == {201: 20, 409: 180}
    refused = [answer.json() for answer in answers if answer.status_code == 409]
    assert {problem["type"].rpartition(":")[2] for problem in refused} == {"slot-taken"}
    assert all(len(problem["alternatives"]) == 5 for problem in refused)
    store = system.workers["scheduling"].store
    async with store.connection() as connection:
        held = await connection.fetch("SELECT id, appointment_id FROM slot WHERE status = 'busy'")
        booked = await connection.fetchval("SELECT count(*) FROM appointment WHERE status = 'booked'")
    assert len({row[0] for row in held}) == len({row[1] for row in held}) == booked == 20


async def test_a_slot_that_is_taken_is_no_longer_offered(
    system: MemorySystem, http: httpx.AsyncClient
) -> None:
    [request] = await ask_for_bookings(system, 1)
    first, second = await free_slots(http, 2)
    path = f"/booking-requests/{request}/appointments"
    answer = await http.post(path, json={"slots": [first]}, headers=by(A_COORDINATOR))
    assert answer.status_code == 201, answer.text
    assert (await free_slots(http, 1)) == [second]


async def free_for(http: httpx.AsyncClient, request: str, **asked: Any) -> dict[str, Any]:
    path = f"/booking-requests/{request}/slots"
    answer = await http.get(path, params=asked, headers=by(A_COORDINATOR))
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def pages_for(http: httpx.AsyncClient, request: str, **asked: Any) -> list[list[dict[str, Any]]]:
    found = []
    while True:
        page = await free_for(http, request, **asked)
        found.append(page["slots"])
        if "next" not in page:
            return found
        asked["from"] = page["next"]


SOON = "2027-07-19T04:00:00Z"
"""A Monday, two days before the last on which dates are given."""


@pytest.mark.parametrize("limit", [1, 2, 3, 500])
async def test_pages_of_free_times_hold_each_once_also_where_several_begin_together(
    system: MemorySystem, http: httpx.AsyncClient, limit: int
) -> None:
    """Two psychologists have the same times."""
    [request] = await ask_for_bookings(system, 1, TALK)
    [whole] = await pages_for(http, request, **{"from": SOON}, limit=500)
    assert len({slot["start"] for slot in whole}) * 2 == len(whole) > 20
    found = await pages_for(http, request, **{"from": SOON}, limit=limit)
    assert [slot for page in found for slot in page] == whole
    assert all(limit <= len(page) <= limit + 1 for page in found[:-1])


async def test_a_time_that_is_taken_between_two_pages_is_not_on_the_second_and_all_others_are(
    system: MemorySystem, http: httpx.AsyncClient
) -> None:
    request, other = await ask_for_bookings(system, 2, TALK)
    [whole] = await pages_for(http, request, **{"from": SOON}, limit=500)
    first = await free_for(http, request, **{"from": SOON}, limit=4)
    assert first["next"] == whole[4]["start"]
    taken = {name: whole[4][name] for name in ("clinician_id", "start")}
    path = f"/booking-requests/{other}/appointments"
    answer = await http.post(path, json={"slots": [taken]}, headers=by(A_COORDINATOR))
    assert answer.status_code == 201, answer.text
    [rest] = await pages_for(http, request, **{"from": first["next"]}, limit=500)
    assert first["slots"] + rest == whole[:4] + whole[5:]


async def test_where_no_dates_are_given_any_more_there_is_one_empty_page(
    system: MemorySystem, http: httpx.AsyncClient
) -> None:
    [request] = await ask_for_bookings(system, 1, TALK)
    assert await free_for(http, request, **{"from": "2027-08-30T00:00:00Z"}) == {"slots": []}


async def test_a_time_is_asked_for_from_its_start_on_and_until_it_is_there(http: httpx.AsyncClient) -> None:
    first, second = await free_slots(http, 2)
    window = {
        "discipline": "physiotherapy",
        "purpose": "session",
        "from": first["start"],
        "to": second["start"],
    }
    found = (await http.get("/slots", params=window, headers=by(A_COORDINATOR))).json()["slots"]
    assert [slot["start"] for slot in found] == [first["start"]]


async def test_a_patient_books_only_what_was_asked_for_them(
    system: MemorySystem, http: httpx.AsyncClient
) -> None:
    [request] = await ask_for_bookings(system, 1)
    [slot] = await free_slots(http, 1)
    path = f"/booking-requests/{request}/appointments"
    patient, another = (Principal("patient", derive(ROOT, f"patient {number}")) for number in (0, 1))
    assert (await http.post(path, json={"slots": [slot]}, headers=by(another))).status_code == 404
    assert (await http.post(path, json={"slots": [slot]}, headers=by(patient))).status_code == 201


@pytest.mark.parametrize(
    ("day", "utc"), [("2027-03-12", "14:00"), ("2027-03-15", "13:00")], ids=["before", "after"]
)
async def test_nine_o_clock_stays_nine_o_clock_across_the_clock_change(
    http: httpx.AsyncClient, day: str, utc: str
) -> None:
    asked: dict[str, Any] = {
        "discipline": "medical",
        "purpose": "initial_consultation",
        "from": f"{day}T00:00:00Z",
        "to": f"{day}T23:59:00Z",
        "limit": 1,
    }
    [slot] = (await http.get("/slots", params=asked, headers=by(A_COORDINATOR))).json()["slots"]
    assert slot["start"] == f"{day}T{utc}:00Z"


async def test_a_patient_who_is_booked_everywhere_at_one_time_is_expected_once(
    system: MemorySystem, http: httpx.AsyncClient
) -> None:
    """By booking agreed dates and by taking offers at the same moment, each for another referral."""
    disciplines = ("physiotherapy", "occupational_therapy", "pharmacy", "social_work", "nursing")
    asked: list[tuple[str, Any]] = []
    for number, discipline in enumerate(disciplines):
        request = derive(ROOT, f"request {number}")
        send = BOOKING_REQUEST.send(RequestBooking(wish=assessment(discipline)), to=one(request))
        order = together(send, pathway=one(derive(ROOT, f"referral {number}")))
        await system.order("scheduling", order, about=derive(ROOT, "the patient"))
        free: dict[str, Any] = {
            "discipline": discipline,
            "purpose": "assessment",
            "limit": 1,
            "from": "2027-02-08T13:59:00Z",
        }
        [slot] = (await http.get("/slots", params=free, headers=by(A_COORDINATOR))).json()["slots"]
        assert slot["start"] == "2027-02-08T14:00:00Z"
        asked.append((request, {"clinician_id": slot["clinician_id"], "start": slot["start"]}))
    taking: list[tuple[str, Any]] = [
        (f"/booking-requests/{request}/appointments", {"slots": [slot]}) for request, slot in asked[:2]
    ]
    for request, slot in asked[2:]:
        body = {"slots": [slot], "mode": "phone"}
        made = await http.post(f"/booking-requests/{request}/offers", json=body, headers=by(A_COORDINATOR))
        taking.append((f"/offers/{made.json()['offer_id']}/accept", {"start": slot["start"]}))

    async def take(path: str, body: Any) -> httpx.Response:
        while (answer := await http.post(path, json=body, headers=by(A_COORDINATOR))).status_code == 503:
            pass
        return answer

    answers = await asyncio.gather(*(take(path, body) for path, body in taking))
    refused = [answer.json() for answer in answers if not answer.is_success]
    assert len(refused) == 4
    assert {problem["type"].rpartition(":")[2] for problem in refused} == {"patient-double-booked"}


def assessment(discipline: Any) -> Wish:
    return Wish(purpose="assessment", discipline=discipline, priority="routine")
