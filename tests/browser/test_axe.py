"""What axe says of the states that are seldom seen, and of the pages that the front door draws itself."""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from backbone.http.problems import Problem
from tests.browser.fake_door import FakeDoor
from tests.browser.screen import Screen
from tests.browser.test_ears import LOOKS
from tests.support.server_pages import Worklist, a_page, a_row, browser, clinic_in_the_picture, pages

Axe = Callable[[Page], list[str]]
Open = Callable[..., Any]
AWAY = Problem(503, "service-away", "worklist does not answer now.")
REFUSED = httpx.Response(403, json={"detail": "Only management: those who lead queues may do this."})


def in_every_look(page: Page, axe: Axe, state: str) -> Mapping[Any, list[str]]:
    """What is wrong, by theme and width."""
    found: dict[Any, list[str]] = {}
    for scheme, (width, height) in LOOKS:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": height})
        if wrong := axe(page):
            found[state, scheme, width] = wrong
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found[state, scheme, width, "wide"] = ["wider than its screen"]
    page.set_viewport_size({"width": 1366, "height": 768})
    return found


def nothing_fits(screen: Open, door: FakeDoor) -> Screen:
    page: Screen = screen("/board/coordination?due=week&who=mine").ready()
    expect(page.page.locator(".list .empty")).to_contain_text("Nothing fits this filter")
    return page


def no_right_to_act(screen: Open, door: FakeDoor) -> Screen:
    door.yours.discard("nursing")
    page: Screen = screen().ready()
    page.link("YN 4406").click()
    expect(page.page.locator("aside.item .note")).to_contain_text("Ask a lead. Nursing")
    return page


def no_right_to_see(screen: Open, door: FakeDoor) -> Screen:
    door.fails["/api/worklist/queues"] = (403, {"title": "Not permitted", "detail": "no"})
    door.stream_status = 403
    page: Screen = screen()
    expect(page.page.locator(".note")).to_have_text("You don't work in this queue. Ask a lead")
    return page


def loading(screen: Open, door: FakeDoor) -> Screen:
    door.stream_status = 502
    page: Screen = screen()
    page.page.clock.fast_forward(1500)
    expect(page.page.locator(".loading")).to_be_visible()
    return page


def failed(screen: Open, door: FakeDoor) -> Screen:
    page: Screen = screen().ready()
    door.fails["/api/worklist/items"] = (500, {"title": "A mistake of ours", "detail": "Sorry."})
    page.row("YN 4406").locator(".claim").click()
    expect(page.toast()).to_contain_text("That didn't work. Nothing changed")
    return page


def covered(screen: Open, door: FakeDoor) -> Screen:
    page: Screen = screen().ready()
    page.page.clock.fast_forward(15 * 60_000 + 2_000)
    expect(page.page.locator(".cover")).to_be_visible()
    return page


def keys_told(screen: Open, door: FakeDoor) -> Screen:
    page: Screen = screen().ready()
    page.link("FC 1290").focus()
    page.press("?")
    expect(page.page.locator("dialog")).to_be_visible()
    return page


SELDOM = (nothing_fits, no_right_to_act, no_right_to_see, loading, failed, covered, keys_told)


@pytest.mark.parametrize("state", SELDOM, ids=lambda each: each.__name__)
def test_axe_finds_nothing_in_a_state_of_a_queue_that_is_seldom_seen(
    screen: Open, door: FakeDoor, axe: Axe, state: Callable[[Open, FakeDoor], Screen]
) -> None:
    assert in_every_look(state(screen, door).page, axe, state.__name__) == {}


def drawn() -> Mapping[str, str]:
    """Every page that the front door draws, in each of its states, by address."""

    async def of(worklist: Worklist, path: str) -> str:
        async with browser(worklist) as http:
            return (await http.get(path)).text

    async def all_of_them() -> dict[str, str]:
        rows = [
            a_row(17, "safety", item_type="RED_FLAG"),
            a_row(20417, "overdue", level=2),
            a_row(4, "later", resume_on="2027-02-01"),
        ]
        clinic, printed = clinic_in_the_picture(), Worklist({"/queues/nursing": a_page(rows)})
        refused = clinic_in_the_picture()
        refused.answers |= {path: REFUSED for path in refused.answers if path.endswith("/waits")}
        return {
            "/board/drawn/waits": await of(clinic, "/board/waits?days=90&urgency=cat_2"),
            "/board/drawn/waits-refused": await of(refused, "/board/waits"),
            "/board/drawn/print": await of(printed, "/board/nursing/print"),
            "/board/drawn/print-away": await of(Worklist({"/queues/nursing": AWAY}), "/board/nursing/print"),
        }

    draw = pages(Worklist({})).state.draw
    told = {
        f"/board/drawn/told-{what}": draw("told.html", what=what, detail="Say why.", next="/board")
        for what in ("over", "unknown", "missing", "away", "failed")
    }
    told["/board/drawn/signed-out"] = draw("sign_out.html", session=None)
    with ThreadPoolExecutor() as elsewhere:  # Playwright has this thread's loop
        found = elsewhere.submit(asyncio.run, all_of_them()).result()
    return found | {path: page.body.decode() for path, page in told.items()}


def test_axe_finds_nothing_on_a_page_that_the_front_door_draws(
    screen: Open, door: FakeDoor, axe: Axe
) -> None:
    found: dict[Any, list[str]] = {}
    door.pages = dict(drawn())
    for path in door.pages:
        page = screen(path, now=None).page
        expect(page.locator("h1")).to_be_visible()
        found |= in_every_look(page, axe, path)
    assert found == {}
