"""The pictures themselves, taken of a board that runs, in a real Chromium."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Browser, Page, Request, sync_playwright

from cli.stack.tools import chromium

FOLDER = Path(__file__).parent.parent.parent / "docs/images"
DESK, WALL, PHONE = (1366, 768), (1920, 1080), (390, 844)
CALM = 5
"""Tenths of a second without a question."""


class Picture(NamedTuple):
    """What is shown, and how. `open`: selectors of what is pressed first, in turn."""

    name: str
    path: str = "/board/nursing"
    size: tuple[int, int] = DESK
    theme: str = "light"
    open: tuple[str, ...] = ()
    who: str = "Nora Quinn"


PICTURES: tuple[Picture, ...] = (
    Picture("queue-light"),
    Picture("queue-dark", theme="dark"),
    Picture(
        "item-form",
        open=(".list .row:not(.safety) .main[aria-label^='Triage']", "aside.item button >> text=Triage"),
    ),
    Picture("all-queues", "/board"),
    Picture("wall-dark", "/board?wall=1", WALL, "dark"),
    Picture("waits", "/board/waits", who="Mina Cho"),
    Picture("phone-light", size=PHONE),
    Picture("phone-dark", size=PHONE, theme="dark"),
)


@contextmanager
def a_browser() -> Iterator[Browser]:
    """As root it has no sandbox."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=sandbox)
        yield browser
        browser.close()


def take(board: str, folder: Path, names: tuple[str, ...] = (), patient: str | None = None) -> None:
    """All of them, or the named ones."""
    wanted = PICTURES
    if patient:
        wanted += (Picture("patient-light", f"/board/patients/{patient}"),)
    with a_browser() as browser:
        sessions = {who: signed_in(browser, board, who) for who in {each.who for each in wanted}}
        for each in wanted:
            if not names or each.name in names:
                print(f"  {take_one(browser, board, each, sessions[each.who], folder)}", flush=True)


def signed_in(browser: Browser, board: str, who: str) -> Any:
    """The session of somebody of the staff, from the development issuer's page."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{board}/board/nursing")
    page.get_by_role("button", name=who).click()
    page.wait_for_url(f"{board}/board/nursing")
    state = context.storage_state()
    context.close()
    return state


def take_one(browser: Browser, board: str, wanted: Picture, state: Any, folder: Path) -> str:
    """When everything has come; its name and size."""
    width, height = wanted.size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if wanted.theme == "dark" else "light",
        storage_state=state,
        has_touch=wanted.size == PHONE,
    )
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.on("console", lambda said: print(f"    {said.type}: {said.text}"))
    asked = noted(page)
    page.goto(board + wanted.path)
    settled(page, asked)
    for each in wanted.open:
        page.locator(each).first.click()
        settled(page, asked)
    file = folder / f"{wanted.name}.png"
    page.screenshot(path=file, animations="disabled")
    context.close()
    return f"{file.name}, {file.stat().st_size // 1000} kB"


def noted(page: Page) -> set[Request]:
    """What the page asked for and has no answer to yet, but for the stream, which never ends."""
    asked: set[Request] = set()
    page.on("request", lambda each: None if "/stream" in each.url else asked.add(each))
    page.on("requestfinished", lambda each: asked.discard(each))
    page.on("requestfailed", lambda each: asked.discard(each))
    return asked


def settled(page: Page, asked: set[Request]) -> None:
    """Nothing is asked for any more, and the letters are there."""
    page.locator("main").first.wait_for()
    page.wait_for_function("() => document.fonts.status === 'loaded'")
    calm = 0
    while calm < CALM:
        page.wait_for_timeout(100)
        calm = 0 if asked else calm + 1
