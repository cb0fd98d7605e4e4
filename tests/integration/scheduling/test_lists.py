"""What scheduling lists, on a real PostgreSQL: in order, page by page, nothing twice and nothing left out."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from backbone.ids import ROOT, derive
from backbone.model import Send, one, together
from services.scheduling.booking_request.aggregate import (
    BOOKING_REQUEST,
    RequestBooking,
)
from services.scheduling.booking_request.states import Wish
from services.scheduling.service import SERVICE
from services.scheduling.waiting_list.aggregate import WAITLIST_ENTRY
from services.scheduling.waiting_list.commands import JoinList
from services.scheduling.waiting_list.states import Place
from tests.support.configuring import change, copied
from tests.support.memory_system import MemorySystem
from tests.support.referral_http import A_COORDINATOR, by

ASSESSMENT = Wish(purpose="assessment", discipline="physiotherapy", priority="routine")
URGENCIES = (
    *(("cat_2", date(2027, 5, 1)), (None, None), ("cat_1", date(2027, 3, 1)), ("cat_2", date(2027, 4, 1))),
    *(("cat_1", date(2027, 2, 1)), ("cat_2", date(2027, 4, 1)), (None, None)),
)


async def tell(system: MemorySystem, number: int, send: Send) -> None:
    whose = {name: one(derive(ROOT, f"{name} {number}")) for name in ("about", "pathway")}
    outcome = await system.order("scheduling", together(send, **whose))
    assert outcome.refusal is None


async def pages(http: httpx.AsyncClient, path: str, name: str, **query: Any) -> Sequence[Sequence[Any]]:
    """All pages of two, until there is no next one."""
    found, asked = [], {"limit": 2, **query}
    while True:
        answer = await http.get(path, params=asked, headers=by(A_COORDINATOR))
        assert answer.status_code == 200, answer.text
        found.append(answer.json()[name])
        if "next" not in answer.json():
            return found
        asked["cursor"] = answer.json()["next"]


async def put_on_list(system: MemorySystem, urgencies: Sequence[tuple[str | None, date | None]]) -> None:
    for number, (category, target_date) in enumerate(urgencies):
        place = Place(
            booking_request_id=derive(ROOT, f"request {number}"),
            purpose="initial_consultation",
            discipline="medical",
            category=category,
            target_date=target_date,
        )
        entry = one(derive(ROOT, f"entry {number}"))
        await tell(system, number, WAITLIST_ENTRY.send(JoinList(place=place), to=entry))


async def read_page(http: httpx.AsyncClient, path: str, **asked: Any) -> Any:
    answer = await http.get(path, params=asked, headers=by(A_COORDINATOR))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_who_waits_is_shown_most_urgent_first_page_by_page(
    system: MemorySystem, http: httpx.AsyncClient
) -> None:
    await put_on_list(system, URGENCIES)
    found = await pages(http, "/waiting-list", "entries")
    assert [len(page) for page in found] == [2, 2, 2, 1]
    shown = [
        (row["place"].get("category"), row["place"].get("target_date")) for page in found for row in page
    ]
    told = [(category, day.isoformat() if day else None) for category, day in URGENCIES]
    assert shown == sorted(told, key=lambda each: (each[0] or "~", each[1] or "~"))
    assert {row["id"] for page in found for row in page} == {
        derive(ROOT, f"entry {number}") for number in range(len(URGENCIES))
    }


async def test_the_list_is_in_the_order_in_which_people_are_asked_in_another_scheme_too(
    system: MemorySystem, http: httpx.AsyncClient, tmp_path: Path
) -> None:
    """The scheme's rank, the date, who takes short notice, who waits longest; what the scheme does not have is last."""
    change(copied(tmp_path) / "clinic.toml", 'urgency_scheme = "AU-QLD"', 'urgency_scheme = "IASP"')
    system.workers["scheduling"].runtime.engine.stated = SERVICE.load_rules(tmp_path)
    early, late = date(2027, 3, 1), date(2027, 4, 1)
    wanted = [
        *(("most_urgent", late), ("urgent", early), ("urgent", late), ("routine", early)),
        *(("cat_1", early), (None, None)),
    ]
    await put_on_list(system, wanted[::-1])
    twins = [(await read_page(http, "/waiting-list"))["entries"][2]["id"]]
    for minutes in (1, 2):
        system.clock.move(system.clock.now() + timedelta(minutes=minutes))
        twins.append(await put_beside(system, minutes))
    path = f"/waiting-list/{twins[-1]}/short-notice"
    agreed = await http.post(path, json={"agreed": True}, headers=by(A_COORDINATOR))
    assert agreed.status_code == 200, agreed.text
    found = [row for page in await pages(http, "/waiting-list", "entries") for row in page]
    assert [row["place"].get("category") for row in found] == [
        *("most_urgent", "urgent", "urgent", "urgent", "urgent", "routine", "cat_1", None)
    ]
    assert [row["id"] for row in found[2:5]] == [twins[2], twins[0], twins[1]]


async def put_beside(system: MemorySystem, number: int) -> str:
    """Another one with the same urgency and date, who joins now."""
    place = Place(
        booking_request_id=derive(ROOT, f"later request {number}"),
        purpose="initial_consultation",
        discipline="medical",
        category="urgent",
        target_date=date(2027, 4, 1),
    )
    entry = derive(ROOT, f"later entry {number}")
    await tell(system, 100 + number, WAITLIST_ENTRY.send(JoinList(place=place), to=one(entry)))
    return entry


async def test_who_waits_equally_long_stands_in_order_of_id_over_the_border_of_a_page(
    system: MemorySystem, http: httpx.AsyncClient
) -> None:
    await put_on_list(system, [("cat_2", date(2027, 4, 1))] * 5)
    found = [row["id"] for page in await pages(http, "/waiting-list", "entries") for row in page]
    assert found == sorted(derive(ROOT, f"entry {number}") for number in range(5))


async def test_who_leaves_the_list_between_two_pages_takes_nobody_along(
    system: MemorySystem, http: httpx.AsyncClient
) -> None:
    """Not even the one after whom the second page goes on."""
    await put_on_list(system, URGENCIES)
    whole = (await read_page(http, "/waiting-list"))["entries"]
    first = await read_page(http, "/waiting-list", limit=3)
    path = f"/waiting-list/{first['entries'][-1]['id']}/remove"
    left = await http.post(path, json={"reason": "withdrawn"}, headers=by(A_COORDINATOR))
    assert left.status_code == 200, left.text
    second = await read_page(http, "/waiting-list", limit=500, cursor=first["next"])
    assert first["entries"] + second["entries"] == whole


async def test_a_full_last_page_is_the_last_and_of_nothing_there_is_one_empty_page(
    system: MemorySystem, http: httpx.AsyncClient
) -> None:
    for path, name in LISTS.items():
        assert await read_page(http, path) == {name: []}
    await put_on_list(system, URGENCIES[:4])
    assert [len(page) for page in await pages(http, "/waiting-list", "entries")] == [2, 2]


LISTS = {"/waiting-list": "entries", "/booking-requests": "booking_requests", "/appointments": "appointments"}


async def five_requests(system: MemorySystem, wish: Wish) -> Sequence[str]:
    requests = [derive(ROOT, f"request {number}") for number in range(5)]
    for number, request in enumerate(requests):
        await tell(system, number, BOOKING_REQUEST.send(RequestBooking(wish=wish), to=one(request)))
    return requests


async def booked(http: httpx.AsyncClient, request: str, slot: Any) -> str:
    body = {
        "slots": [{name: slot[name] for name in ("clinician_id", "start")}],
        "short_notice_accepted": True,
    }
    path = f"/booking-requests/{request}/appointments"
    answer = await http.post(path, json=body, headers=by(A_COORDINATOR))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["appointment_ids"][0])


async def test_what_is_booked_or_cancelled_between_two_pages_moves_nothing_else(
    system: MemorySystem, http: httpx.AsyncClient
) -> None:
    """Two psychologists have the same times, so two appointments begin together."""
    talk = Wish(purpose="assessment", discipline="psychology", priority="routine")
    requests = await five_requests(system, talk)
    wanted = {"discipline": "psychology", "purpose": "assessment", "from": "2027-02-08T00:00:00Z", "limit": 5}
    free = (await read_page(http, "/slots", **wanted))["slots"]
    assert free[0]["start"] == free[1]["start"]
    first = await read_page(http, "/booking-requests", status="open", limit=2)
    for request, slot in zip(requests[:4], free, strict=False):
        await booked(http, request, slot)
    second = await read_page(http, "/booking-requests", status="open", limit=5, cursor=first["next"])
    assert {row["id"] for row in second["booking_requests"]} == {
        each for each in requests[4:] if each > first["next"]
    }
    whole = (await read_page(http, "/appointments"))["appointments"]
    assert [row["id"] for row in whole[:2]] == sorted(row["id"] for row in whole[:2])
    begun = await read_page(http, "/appointments", limit=1)
    gone = await http.post(
        f"/appointments/{whole[0]['id']}/cancel",
        json={"by": "patient", "reason": "ill"},
        headers=by(A_COORDINATOR) | {"if-match": f'"{whole[0]["version"]}"'},
    )
    assert gone.status_code == 200, gone.text
    rest = await read_page(http, "/appointments", cursor=begun["next"])
    assert begun["appointments"] + rest["appointments"] == whole
    seen = await read_page(http, "/appointments", limit=2)
    moved = await http.post(
        f"/appointments/{whole[1]['id']}/move",
        json={
            "by": "patient",
            "reason": "ill",
            "slot": {name: free[4][name] for name in ("clinician_id", "start")},
        },
        headers=by(A_COORDINATOR) | {"if-match": f'"{whole[1]["version"]}"'},
    )
    assert moved.status_code == 200, moved.text
    rest = await read_page(http, "/appointments", cursor=seen["next"])
    assert [row["id"] for row in rest["appointments"]] == [whole[place]["id"] for place in (2, 3, 1)]


async def test_requests_and_appointments_are_shown_page_by_page(
    system: MemorySystem, http: httpx.AsyncClient
) -> None:
    asked = await five_requests(system, ASSESSMENT)
    waiting = await pages(http, "/booking-requests", "booking_requests", status="open")
    requests = [row["id"] for page in waiting for row in page]
    assert requests == sorted(asked)
    wanted: dict[str, Any] = {"discipline": "physiotherapy", "purpose": "assessment", "limit": 5}
    free = (await http.get("/slots", params=wanted, headers=by(A_COORDINATOR))).json()["slots"]
    for request, slot in zip(requests, reversed(free), strict=True):
        body = {"slots": [{name: slot[name] for name in ("clinician_id", "start")}]}
        path = f"/booking-requests/{request}/appointments"
        answer = await http.post(path, json=body | {"short_notice_accepted": True}, headers=by(A_COORDINATOR))
        assert answer.status_code == 201, answer.text
    booked = [row for page in await pages(http, "/appointments", "appointments") for row in page]
    assert [row["date"]["start"] for row in booked] == [slot["start"] for slot in free]
    assert {row["version"] for row in booked} == {2}, "the version of the thing itself"
    since = {"from": free[2]["start"], "to": free[4]["start"]}
    [window] = await pages(http, "/appointments", "appointments", **since)
    assert [row["date"]["start"] for row in window] == [slot["start"] for slot in free[2:4]]


@pytest.mark.parametrize(
    "window",
    [
        {"from": "2199-12-31T23:59:59Z"},
        {"from": "1900-01-01T00:00:00Z", "to": "1900-02-01T00:00:00Z"},
        {"from": "2027-02-01T00:00:00Z", "to": "2027-01-01T00:00:00Z"},
    ],
    ids=["far ahead", "long ago", "backwards"],
)
async def test_where_no_dates_are_given_there_are_no_slots(
    http: httpx.AsyncClient, window: dict[str, str]
) -> None:
    asked = {"discipline": "physiotherapy", "purpose": "session", **window}
    answer = await http.get("/slots", params=asked, headers=by(A_COORDINATOR))
    assert (answer.status_code, answer.json()) == (200, {"slots": []})


async def test_dates_are_given_as_far_ahead_as_a_booking_may_be(http: httpx.AsyncClient) -> None:
    last = date(2027, 1, 20) + timedelta(days=182)
    asked: dict[str, Any] = {
        "discipline": "physiotherapy",
        "purpose": "session",
        "from": f"{last - timedelta(days=1)}T23:00:00-04:00",
        "to": "2199-12-31T00:00:00Z",
        "limit": 500,
    }
    slots = (await http.get("/slots", params=asked, headers=by(A_COORDINATOR))).json()["slots"]
    assert {slot["start"][:10] for slot in slots} == {last.isoformat()}
