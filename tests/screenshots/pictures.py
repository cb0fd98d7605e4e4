"""The pictures themselves, taken of a board that runs, in a real Chromium."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

from cli.stack.tools import CHROMIUM

FOLDER = Path(__file__).parent.parent.parent / "docs/images"
DESK, WALL, PHONE = (1366, 768), (1920, 1080), (390, 844)
WHO = "Nora Quinn"


class Picture(NamedTuple):
    """What is shown, and how. `open`: a selector of the link that is followed first."""

    name: str
    path: str = "/board/nursing"
    size: tuple[int, int] = DESK
    theme: str = "light"
    open: str = ""


PICTURES: tuple[Picture, ...] = (
    Picture("queue-light"),
    Picture("queue-dark", theme="dark"),
    Picture("item-form", open=".list .row:not(.safety) .main[aria-label^='Triage']"),
    Picture("all-queues", "/board"),
    Picture("wall-dark", "/board?wall=1", WALL, "dark"),
    Picture("waits", "/board/waits"),
    Picture("phone-light", size=PHONE),
    Picture("phone-dark", size=PHONE, theme="dark"),
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """As root it has no sandbox."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=sandbox)
        yield browser
        browser.close()


def take(board: str, folder: Path, names: tuple[str, ...] = (), patient: str | None = None) -> None:
    """All of them, or the named ones."""
    wanted = PICTURES
    if patient:
        wanted += (Picture("patient-light", f"/board/patients/{patient}"),)
    with chromium() as browser:
        cookies = signed_in(browser, board)
        for each in wanted:
            if not names or each.name in names:
                print(f"  {take_one(browser, board, each, cookies, folder)}", flush=True)


def signed_in(browser: Browser, board: str) -> Any:
    """The session of somebody of the staff, from the development issuer's page."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{board}/board/nursing")
    page.get_by_role("button", name=WHO).click()
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
    page.goto(board + wanted.path)
    settled(page)
    if wanted.open:
        page.locator(wanted.open).first.click()
        settled(page)
    file = folder / f"{wanted.name}.png"
    page.screenshot(path=file, animations="disabled")
    context.close()
    return f"{file.name}, {file.stat().st_size // 1000} kB"


def settled(page: Page) -> None:
    """Nothing is asked for any more but the stream, which never ends, and the letters are there."""
    page.locator("main").first.wait_for()
    page.wait_for_function("() => document.fonts.status === 'loaded'")
    quiet = "() => !document.querySelector('.loading, [aria-busy=true]')"
    page.wait_for_function(quiet)
    page.wait_for_load_state("load")
