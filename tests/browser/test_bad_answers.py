"""What a page is told in a day: answers that never end, nonsense from services and on the line, a clock that is wrong
or set while people work. It says so, breaks nowhere, and shows what is right as soon as it is told."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.scenes import NOW, another
from tests.browser.working_door import a_working_door

WHOSE = "YN 4406"


@pytest.fixture
def door():
    """With forms."""
    return a_working_door()


def test_an_answer_that_never_ends_is_given_up_and_the_same_attempt_is_made_again(screen, door):
    page, never = screen().ready(), threading.Event()
    door.before_command = lambda *_: never.wait(60)
    row = page.row("MK 4821")
    row.locator(".claim").click()
    expect(row).to_contain_text("Claiming")
    page.page.clock.fast_forward(46_000)
    expect(page.toast()).to_contain_text("Nothing is known to have changed")
    door.before_command = lambda *_: None
    never.set()
    page.toast().get_by_role("button", name="Try again").click()
    expect(page.card("MK 4821")).to_be_visible()


SHAPES: tuple[Any, ...] = (
    *(None, [], {}, 7, "no"),
    {"queues": 7, "labels": {}, "changes": 1, "actions": "x", "staff": 7},
    {name: [None, 7] for name in ("queues", "labels", "changes", "actions", "staff")},
)
NONSENSE = [
    *((200, shape) for shape in SHAPES),
    *((status, text) for status in (200, 404, 502) for text in (b"", b"<html>No</html>")),
    *((500, shape) for shape in (*SHAPES, {"title": 7, "detail": {}})),
]
"""Answers: a status, and a body that nobody promised."""


def test_nonsense_breaks_no_page_and_what_is_right_afterwards_is_shown(screen, door):
    reads = ("/api/worklist/queues", "/api/worklist/items", "/api/referral", "/board/session")
    door.fails |= dict.fromkeys(reads, NONSENSE[0])
    page = screen().ready()
    for number, answer in enumerate(NONSENSE):
        door.fails |= dict.fromkeys(reads, answer)
        row = page.page.locator(".list .row .main").nth(number % 12)
        item = row.get_attribute("data-row")
        row.click()
        expect(page.page.locator("aside.item")).to_have_attribute("data-id", item)
        door.cut()
        page.page.clock.fast_forward(2_000)
        door.put(another(number, group="later"))
        page.hears()
        expect(page.page.locator(".line-state")).to_have_text("Live")
    door.fails.clear()
    page.press("Escape")
    page.page.clock.fast_forward(16_000)
    expect(page.by_id(another(1)["item_id"]).locator(".claim")).to_be_visible()
    expect(page.row("MK 4821").locator(".claim")).to_be_visible()


@pytest.mark.parametrize("part", ["dialogs", "work", "patient"])
def test_a_part_that_can_not_be_fetched_says_so_and_the_list_works_on(screen, part):
    page = screen().ready()
    page.page.route(f"**/views/{part}.js", lambda route: route.abort())
    page.link("MK 4821").click()
    wanted = {
        "dialogs": lambda: page.press("?"),
        "work": lambda: None,
        "patient": lambda: page.page.get_by_role("link", name="Open patient page").click(),
    }
    wanted[part]()
    expect(page.page.get_by_text("This part can't be shown now")).to_be_visible()
    if part == "patient":
        page.page.go_back()
    page.row(WHOSE).locator(".claim").click()
    expect(page.row(WHOSE)).to_have_count(0)


NO_RESETS: tuple[Any, ...] = (None, {}, {"items": 7}, {"items": [None]}, {"items": [{"item_id": "1"}]})
NO_ITEMS: tuple[Any, ...] = (None, 7, {}, {"item_id": "1"})
NO_ENDS: tuple[Any, ...] = (None, {}, {"key": 1, "topic": None})
NO_BEATS: tuple[Any, ...] = (None, {"now": "x"}, {"now": {}})
MESSAGES = [
    *(("reset", each) for each in NO_RESETS),
    *(("item", each) for each in NO_ITEMS),
    *(("gone", each) for each in NO_ENDS),
    *(("beat", each) for each in NO_BEATS),
]


def test_nonsense_on_the_line_hides_nothing_that_comes_with_it(screen, door):
    page = screen().ready()
    for number, (event, said) in enumerate(MESSAGES):
        page.still()
        door.put(another(2 * number, group="today"))
        door._tell(event, said)
        door.put(another(2 * number + 1, group="today"))
        page.page.clock.resume()
        page.page.clock.fast_forward(2_000)
        page.shows()
    expect(page.page.locator(".line-state")).to_have_text("Live")


@pytest.mark.parametrize("minutes", [-10, 10])
def test_a_clock_that_is_wrong_by_ten_minutes_changes_nothing_that_is_said(screen, door, minutes):
    page = screen(now=NOW + timedelta(minutes=minutes)).ready()
    expect(page.row("RN 2207")).to_contain_text("18 min left")
    expect(page.page.locator(".side time")).to_have_text("10:42")


def test_a_clock_that_is_set_back_holds_nothing_up(screen, door):
    page = screen().ready()
    door.put(another(1, group="today", rank=-5))
    page.shows()
    expect(page.page.locator("[role=status]")).to_have_text("1 new")
    page.page.clock.set_system_time(NOW - timedelta(minutes=10))
    page.page.clock.fast_forward(6_000)
    page.settled()
    page.row(WHOSE).locator(".claim").click()
    expect(page.card(WHOSE)).to_be_visible()
    door.change(page.id_of("EV 2815"), overdue=True)
    page.page.clock.fast_forward(6_000)
    expect(page.page.locator("[role=status]")).to_have_text("1 overdue")
    page.page.clock.set_system_time(NOW - timedelta(minutes=20))
    door.stream_status = 502
    door.cut()
    page.page.clock.fast_forward(62_000)
    page.page.clock.fast_forward(62_000)
    expect(page.page.locator(".line-state")).to_contain_text("No connection")
