"""The front door itself, with the development issuer, between a browser and services that misbehave: a session ends
while somebody types, one service is away and another talks nonsense."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import Request
from fastapi.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from playwright.async_api import BrowserContext, Page, async_playwright, expect

from cli.stack.tools import chromium
from tests.browser.scenes import another
from tests.support.front_door import FrontDoor, front_door

PATIENCE_MS, USUAL_MS = 60_000, 5000
ROW = another(1, group="today")
CAN = ["claim", "release", "hold", "transfer"]


class Worklist:
    """One item waits. `held`: what came of whoever put it on hold; `nonsense` is what it answers them instead."""

    def __init__(self) -> None:
        self.held: list[Any] = []
        self.nonsense: Response | None = None

    async def __call__(self, request: Request) -> Response:
        path = request.url.path
        if path.endswith("/stream"):
            return StreamingResponse(self.line(), media_type="text/event-stream")
        if path.endswith("/queues"):
            return JSONResponse({"queues": [{"queue": "nursing", "yours": True, "can": CAN}]})
        if path.endswith("/hold"):
            self.held.append(json.loads(await request.body()))
            return self.nonsense or JSONResponse(ROW | self.held[-1] | {"version": 2})
        return JSONResponse({"detail": "There is no such thing."}, 404, media_type="application/problem+json")

    async def line(self) -> AsyncIterator[str]:
        yield f"id: 1\nevent: reset\ndata: {json.dumps({'items': [ROW]})}\n\n"
        while True:
            yield "event: beat\ndata: {}\n\n"
            await asyncio.sleep(1)


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[FrontDoor]:
    async with front_door(tmp_path) as found:
        yield found


@pytest.fixture
async def context() -> AsyncIterator[BrowserContext]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        found = await browser.new_context()
        found.set_default_timeout(PATIENCE_MS)
        expect.set_options(timeout=PATIENCE_MS)
        yield found
        expect.set_options(timeout=USUAL_MS)
        await browser.close()


async def sign_in(page: Page, door: FrontDoor) -> None:
    await page.goto(f"{door.url}/board/nursing")
    await page.get_by_role("button", name="Nora Quinn").click()
    await expect(page.locator(".line-state")).to_have_text("Live")


async def hold(page: Page) -> None:
    await page.locator(".row .main").focus()
    await page.keyboard.press("h")
    await page.locator("dialog select").select_option("waits_for_patient")
    await page.locator("dialog input").fill("2099-11-30")
    await page.locator("dialog .primary").click()


async def test_a_session_that_ends_while_somebody_types_and_services_that_misbehave_lose_nothing(
    door: FrontDoor, context: BrowserContext
) -> None:
    worklist = Worklist()
    door.behind.says = worklist
    page, wrong = await context.new_page(), list[str]()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    await sign_in(page, door)
    await expect(page.locator(".row")).to_contain_text(
        f"#{ROW['number']}"
    )  # who it is only the absent one knows

    tab = await context.new_page()
    await tab.goto(f"{door.url}/board/sign-out")
    await tab.get_by_role("button", name="Sign out").click()
    await expect(tab.get_by_role("heading", name="You are signed out")).to_be_visible()
    await hold(page)
    toasts = page.locator(".toasts")
    await expect(toasts).to_contain_text("You are signed out")
    assert worklist.held == []

    await sign_in(tab, door)
    worklist.nonsense = HTMLResponse("<html>Bad gateway</html>", 502)
    await toasts.get_by_role("button", name="Try again").click()
    await expect(toasts).not_to_contain_text("You are signed out")
    await expect(toasts).to_contain_text("That didn't work")
    worklist.nonsense = None
    await toasts.get_by_role("button", name="Try again").click()
    await expect(toasts).to_contain_text("You put")
    assert worklist.held == [{"reason": "waits_for_patient", "resume_on": "2099-11-30"}] * 2
    keys = [each.headers["idempotency-key"] for each in door.behind.asked if each.url.path.endswith("/hold")]
    assert len(keys) == 2 and len(set(keys)) == 1, "the same attempt"
    assert wrong == []
