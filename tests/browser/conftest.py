"""A real Chromium, one a file, and pages that look at a scripted front door."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from cli.stack.tools import chromium, missing_browser
from schemas.work import table
from tests.browser.fake_door import FakeDoor
from tests.browser.forms_page import FormsPage
from tests.browser.frames import frame
from tests.browser.scenes import NOW, a_door
from tests.browser.screen import Screen
from tests.browser.serving import serving
from tests.browser.waiting_referral import DOCUMENTS, LISTS, Clinic
from tests.support.seen import NOTING

AXE = (Path(__file__).parent / "vendor/axe.min.js").read_text()

PATIENCE_MS, USUAL_MS = 60_000, 5000
"""The machine may have other work: waiting longer costs nothing where all is well."""

RUN_AXE = """() => axe.run({
  resultTypes: ['violations'],
  rules: {'label-content-name-mismatch': {enabled: false}},
})"""
"""Rows are named by title, label, due time and state, not by all that stands in them."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Of one file: Playwright's loop must not run while other files' asynchronous tests do."""
    if lacking := missing_browser():
        pytest.fail(f"The tests of the board need {lacking}.", pytrace=False)
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium(), args=sandbox)
        expect.set_options(timeout=PATIENCE_MS)
        yield launched
        expect.set_options(timeout=USUAL_MS)
        launched.close()


@pytest.fixture
def door() -> FakeDoor:
    return a_door()


@pytest.fixture
def address(door: FakeDoor) -> Iterator[str]:
    with serving(door) as url:
        yield url


@pytest.fixture
def screen(browser: Browser, door: FakeDoor, address: str) -> Iterator[Callable[..., Screen]]:
    """Opens a page of the board. Nothing may go wrong in it that nobody asked for."""
    contexts, wrong = [], list[str]()

    def open_page(
        path: str = "/board/nursing",
        *,
        width: int = 1366,
        height: int = 768,
        now: Any = NOW,
        staff: str = "",
        **more: Any,
    ) -> Screen:
        headers = {"Test-Staff": staff} if staff else {}
        context = browser.new_context(
            viewport={"width": width, "height": height}, extra_http_headers=headers, **more
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        context.add_init_script(NOTING)
        page = context.new_page()
        if now:
            page.clock.install(time=now)
        page.on("pageerror", lambda error: wrong.append(f"{error}\n{error.stack}"))
        page.on("console", lambda said: note(said.text, said.type, wrong))
        page.goto(address + path)
        return Screen(page, door)

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


def note(text: str, kind: str, wrong: list[str]) -> None:
    """What a browser says of answers that a test asked for is not wrong."""
    if kind == "error" and "Failed to load resource" not in text:
        wrong.append(text)


@pytest.fixture
def axe() -> Callable[[Page], list[str]]:
    """What axe finds wrong with a page, each in a sentence."""

    def check(page: Page) -> list[str]:
        page.evaluate(AXE)
        found = page.evaluate(RUN_AXE)
        return [
            f"{each['id']}: {each['help']}: {[node['html'][:160] for node in each['nodes'][:3]]}"
            for each in found["violations"]
        ]

    return check


@pytest.fixture
def clinic() -> Clinic:
    return Clinic()


@pytest.fixture
def forms(browser: Browser, clinic: Clinic) -> Iterator[FormsPage]:
    context = browser.new_context()
    page = FormsPage(context.new_page(), frame(work=table()), clinic, {**DOCUMENTS, **LISTS})
    page.page.set_default_timeout(PATIENCE_MS)
    yield page
    context.close()
    assert page.wrong == []
