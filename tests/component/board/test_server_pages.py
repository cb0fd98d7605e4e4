"""The waits page and the print page: what the worklist says, drawn; what is away or refused, said; nobody named."""

import re

import httpx
import pytest
from fastapi import Request
from fastapi.responses import JSONResponse, Response

from backbone.http.problems import Problem
from tests.support.front_door import FrontDoor
from tests.support.server_pages import Worklist, a_page, a_row, browser, clinic_in_the_picture, report, waited

AWAY = Problem(503, "service-away", "worklist does not answer now.")
ASHA = "2ae07921-a3d9-540e-bfb4-2e4543b8a41e"


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("<body>")[2]).split())


async def test_all_queues_stand_side_by_side_with_both_ranges() -> None:
    async with browser(clinic_in_the_picture()) as http:
        page = (await http.get("/board/waits")).text
    text = text_of(page)
    assert "Nursing Still waiting 31 2.8 d 6.1 d 13 d 2.2 d Done 96 1.9 d 4.8 d 9.0 d" in text
    assert "Social work Few items Still waiting 0 – – – 1.5 d Done 4 1.5 d – 3.0 d" in text
    assert text.count("Few items") == 2
    assert page.count("<rect") == 2 * 9 - 1 + 2, "two bars a queue but where nothing waits; two in the legend"
    assert "style=" not in page and "onclick" not in page, "the policy forbids them"


async def test_window_and_urgency_are_asked_of_the_worklist_and_kept() -> None:
    worklist = clinic_in_the_picture()
    async with browser(worklist) as http:
        page = (await http.get("/board/waits?days=90&urgency=cat_2")).text
    assert "/queues/nursing/waits?days=90&urgency=cat_2" in worklist.asked
    assert '<option value="cat_2" selected>Category 2</option>' in page
    assert '<option value="90" selected>Last 90 days</option>' in page


async def test_who_has_no_right_is_told_whose_it_is() -> None:
    refused = httpx.Response(403, json={"detail": "Only management: those who lead queues may do this."})
    worklist = clinic_in_the_picture()
    worklist.answers |= {path: refused for path in worklist.answers if path.endswith("/waits")}
    async with browser(worklist) as http:
        text = text_of((await http.get("/board/waits")).text)
    assert "Only management: those who lead queues may do this." in text and "Half under" not in text


@pytest.mark.parametrize(
    "broken",
    [
        AWAY,
        Problem(504, "service-slow", "worklist took too long to answer."),
        httpx.Response(200, text="<html>"),
        httpx.Response(200, json=[1]),
        httpx.Response(500, json={}),
    ],
)
async def test_a_queue_that_cannot_be_had_says_so_and_the_others_stand(broken: object) -> None:
    worklist = clinic_in_the_picture()
    worklist.answers["/queues/nursing/waits"] = broken
    async with browser(worklist) as http:
        text = text_of((await http.get("/board/waits")).text)
    assert "Nothing was changed. Try again." in text
    assert "Pharmacy Still waiting 11" in text


async def test_a_clinic_where_nothing_waits_has_no_zeros() -> None:
    nothing = waited(0, None, None, None)
    worklist = clinic_in_the_picture()
    worklist.answers |= {
        path: report("nursing", nothing, nothing, None)
        for path in worklist.answers
        if path.endswith("/waits")
    }
    async with browser(worklist) as http:
        text = text_of((await http.get("/board/waits")).text)
    assert "Nursing Still waiting 0 – – – – Done 0 – – –" in text


async def test_a_queue_is_printed_with_its_time_on_top_by_numbers_and_no_names() -> None:
    rows = [
        a_row(17, "safety", item_type="RED_FLAG"),
        a_row(20417, "overdue", level=2, due_at="2027-01-13T22:00:00Z"),
        a_row(3, "later", status="claimed", claimed_by=ASHA),
        a_row(4, "later", resume_on="2027-02-01"),
    ]
    async with browser(Worklist({"/queues/nursing": a_page(rows)})) as http:
        page = (await http.get("/board/nursing/print")).text
    text = text_of(page)
    assert "Nursing As it was Thu 14 Jan 2027, 10:42 . 4 open. Not live" in text
    assert "#17 Red flag Thu 14 Jan 2027, 17:00 2.0 d waiting" in text
    assert "#20417 Triage referral Escalated twice Wed 13 Jan 2027, 17:00, late" in text
    assert "on hold until Mon 1 Feb 2027" in text
    assert ASHA not in page and "a-patient" not in page


async def test_the_past_of_a_queue_is_asked_for_page_by_page_and_leads_back_to_now() -> None:
    then = "at=2027-01-11T14%3A00%3A00%2B00%3A00"
    worklist = Worklist(
        {
            f"/queues/nursing?limit=500&{then}": a_page([a_row(n, "today") for n in range(500)], "there"),
            f"/queues/nursing?limit=500&{then}&cursor=there": a_page([a_row(500, "today")]),
        }
    )
    async with browser(worklist) as http:
        page = (await http.get("/board/nursing/print?at=2027-01-11T14:00:00Z")).text
        assert (await http.get("/board/nursing/print?at=yesterday")).status_code == 422
    assert "501 open. Not live" in text_of(page)
    assert '<a class="back" href="/board/nursing">Back to now</a>' in page


async def test_the_door_shows_the_past_of_a_queue_read_only(door: FrontDoor) -> None:
    await door.sign_in()
    answer = await door.http.get("/board/nursing?at=2027-01-11T14:00:00Z")
    place = httpx.URL(answer.headers["location"])
    assert (answer.status_code, place.path) == (303, "/board/nursing/print")
    assert place.params["at"] == "2027-01-11T14:00:00Z"


async def test_a_long_queue_is_printed_whole() -> None:
    first = [a_row(n, "today") for n in range(500)]
    worklist = Worklist(
        {
            "/queues/nursing?limit=500": a_page(first, "there"),
            "/queues/nursing?limit=500&cursor=there": a_page([a_row(500, "today")]),
        }
    )
    async with browser(worklist) as http:
        page = (await http.get("/board/nursing/print")).text
    assert "501 open" in text_of(page) and "#500" in page


async def test_half_a_queue_is_not_taken_for_the_whole() -> None:
    worklist = Worklist(
        {
            "/queues/nursing?limit=500": a_page([a_row(1, "today")], "there"),
            "/queues/nursing?limit=500&cursor=there": AWAY,
        }
    )
    async with browser(worklist) as http:
        assert 'role="alert">The worklist does not answer' in (await http.get("/board/nursing/print")).text


async def test_nothing_to_print_is_said_as_what_it_is() -> None:
    async with browser(Worklist({"/queues/nursing": a_page([])})) as http:
        assert "Nothing waiting" in (await http.get("/board/nursing/print")).text
    async with browser(Worklist({"/queues/nursing": AWAY})) as http:
        away = await http.get("/board/nursing/print")
        assert (away.status_code, "Nothing waiting" in away.text) == (503, False)
        assert (await http.get("/board/radiology/print")).status_code == 422


@pytest.mark.parametrize("path", ["/board/waits?days=7", "/board/nursing/print"])
async def test_the_door_sends_who_is_signed_out_to_sign_in_and_back(door: FrontDoor, path: str) -> None:
    answer = await door.http.get(path)
    place = httpx.URL(answer.headers["location"])
    assert (answer.status_code, place.path, place.params["next"]) == (303, "/board/sign-in", path)


async def test_the_door_asks_with_the_persons_own_token(door: FrontDoor) -> None:
    await door.sign_in()
    door.behind.says = an_empty_queue
    page = await door.http.get("/board/nursing/print", headers={"x-purpose": "research"})
    assert (page.status_code, "Nothing waiting" in page.text) == (200, True)
    [asked] = door.behind.asked
    assert (asked.url.path, asked.url.query) == ("/queues/nursing", "limit=500")
    assert asked.headers["authorization"].startswith("Bearer ")


async def an_empty_queue(request: Request) -> Response:
    return JSONResponse(a_page([]))


async def test_the_door_shows_what_a_service_refuses_and_that_one_is_away(door: FrontDoor) -> None:
    await door.sign_in()

    async def refuse(request: Request) -> Response:
        said = {"title": "Not permitted", "detail": "Only management may do this."}
        return JSONResponse(said, 403, media_type="application/problem+json")

    door.behind.says = refuse
    assert "Only management may do this." in (await door.http.get("/board/waits")).text
    door.behind.says = an_empty_queue
    assert (await door.http.get("/board/waits")).status_code == 200
