"""The board: from a claim by key to the row under Yours, here and in a second browser, while many views are open and
work changes hands all the time; and the memory of a view."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import psutil
from playwright.async_api import Browser, Page, async_playwright

from bench.figures import percentile
from cli.composition import Mode
from cli.demo import a_stack
from cli.local import LocalStack
from cli.people import members, token_of
from cli.stack.tools import CHROMIUM
from simulator.behaviour import plans

VIEWS, A_SECOND, CLAIMS = 50, 20, 60
REFERRALS = 110
QUEUE, VIEWER, COLLEAGUE = "nursing", "nora.quinn", "tomas.reyes"
KEPT = 12
"""Rows that the viewer claims in turn; the others change hands."""
PATIENCE_SECONDS = 120
SEEN = """id => new Promise((seen) => {
  const look = () => document.querySelector(`aside .yours [data-id="${id}"]`)
    && requestAnimationFrame(() => { watching.disconnect(); seen(Date.now()); });
  const watching = new MutationObserver(look);
  watching.observe(document.getElementById('app'), {childList: true, subtree: true});
})"""
"""When the row was drawn under Yours: after the frame that shows it began."""

PRESSED = "addEventListener('keydown', () => { window.pressed = Date.now(); }, true)"

Row = dict[str, Any]


class Measured(NamedTuple):
    """Milliseconds here and in the second browser, messages a view saw a second, bytes a view."""

    here: list[float]
    there: list[float]
    a_second: float
    view_bytes: float


class Desk:
    """Work that changes hands over HTTP, as its people do it."""

    def __init__(self, http: httpx.AsyncClient, stack: LocalStack) -> None:
        self._http, self._url = http, stack.ports.url("worklist")
        staff = {each.login: each for each in members()}
        self._tokens = {login: token_of(stack.issuer, staff[login]) for login in (VIEWER, COLLEAGUE)}

    async def rows(self) -> list[Row]:
        answer = await self._ask("GET", f"/queues/{QUEUE}", VIEWER)
        return list(answer.json()["items"])

    async def act(self, item: str, action: str, who: str) -> None:
        seen = await self._ask("GET", f"/items/{item}", who)
        await self._ask("POST", f"/items/{item}/{action}", who, {"if-match": seen.headers["etag"]})

    async def _ask(
        self, method: str, path: str, who: str, more: dict[str, str] | None = None
    ) -> httpx.Response:
        headers = {"authorization": f"Bearer {self._tokens[who]}", **(more or {})}
        answer = await self._http.request(method, self._url + path, headers=headers)
        return answer.raise_for_status()


async def board() -> list[str]:
    """Lines of a table."""
    with tempfile.TemporaryDirectory(prefix="huddle-bench-board-") as folder:
        Path(folder).chmod(0o755)
        stack = a_stack(Path(folder), print, Mode())
        await asyncio.to_thread(stack.start)
        try:
            found = await measured(stack)
        finally:
            await asyncio.to_thread(stack.stop)
    lines = ["| C pressed → row under Yours (ms) | p50 | p95 | p99 |", "|---|---|---|---|"]
    for name, values in (("in this browser", found.here), ("in a second one", found.there)):
        p50, p95, p99 = (percentile(values, share) for share in (0.5, 0.95, 0.99))
        lines.append(f"| {name} | {p50:.0f} | {p95:.0f} | {p99:.0f} |")
    return [
        *lines,
        "",
        f"{len(found.here)} claims, {VIEWS} open views, each told of {found.a_second:.0f} changes a second; "
        f"a view costs {found.view_bytes / 2**10:.0f} KiB in worklist and front door together.",
    ]


async def measured(stack: LocalStack) -> Measured:
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(timeout=30, trust_env=False, limits=limits) as http, chromium() as browser:
        desk = Desk(http, stack)
        await refer(http, stack)
        rows = await waiting(desk)
        here, there, other = [await opened(browser, stack, who) for who in (VIEWER, VIEWER, COLLEAGUE)]
        cookies = [await cookie_of(page) for page in (here, other)]
        await other.close()
        before = memory()
        async with views(http, stack, cookies) as counts:
            view_bytes = (memory() - before) / VIEWS
            async with changing(desk, rows[KEPT:]):
                took, a_second = await claims(desk, rows[:KEPT], here, there, counts)
    return Measured([each[0] for each in took], [each[1] for each in took], a_second, view_bytes)


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    async with async_playwright() as playwright:
        yield await playwright.chromium.launch(executable_path=CHROMIUM, args=sandbox)


async def refer(http: httpx.AsyncClient, stack: LocalStack) -> None:
    for story in plans(REFERRALS):
        practice = story.submission["referrer"]["organisation_id"]
        headers = {"authorization": f"Bearer {stack.issuer.token(practice, kind='referrer')}"}
        url = f"{stack.ports.url('referral')}/referrals"
        (await http.post(url, json=dict(story.submission), headers=headers)).raise_for_status()


async def waiting(desk: Desk) -> list[Row]:
    """Enough of them. Raises TimeoutError."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while len(rows := [row for row in await desk.rows() if row["status"] == "waiting"]) < 2 * KEPT:
            await asyncio.sleep(0.5)
    return rows


async def opened(browser: Browser, stack: LocalStack, who: str) -> Page:
    """A browser of its own in which somebody is signed in."""
    page = await (await browser.new_context()).new_page()
    await page.add_init_script(PRESSED)
    await page.goto(f"{stack.ports.board_url}/board/{QUEUE}")
    [name] = [each.name for each in members() if each.login == who]
    await page.get_by_role("button", name=name).click()
    await page.locator(".line-state.live").wait_for()
    return page


async def cookie_of(page: Page) -> str:
    return "; ".join(f"{each['name']}={each['value']}" for each in await page.context.cookies())


@asynccontextmanager
async def views(
    http: httpx.AsyncClient, stack: LocalStack, cookies: Sequence[str]
) -> AsyncIterator[list[int]]:
    """So many open streams through the front door, of several people; how many messages each was sent."""
    counts = [0] * VIEWS
    url = f"{stack.ports.board_url}/api/worklist/stream?queues={QUEUE}"

    async def follow(number: int, response: httpx.Response) -> None:
        async for line in response.aiter_lines():
            counts[number] += line.startswith(("event: item", "event:item"))

    async with AsyncExitStack() as stands, asyncio.TaskGroup() as group:
        following = []
        for number in range(VIEWS):
            asked = http.stream("GET", url, headers={"cookie": cookies[number % len(cookies)]}, timeout=None)
            response = (await stands.enter_async_context(asked)).raise_for_status()
            following.append(group.create_task(follow(number, response)))
        await asyncio.sleep(2)  # what each is sent at first
        yield counts
        for each in following:
            each.cancel()


@asynccontextmanager
async def changing(desk: Desk, rows: Sequence[Row]) -> AsyncIterator[None]:
    """Claimed and released in turn, so many times a second in all."""
    ended = asyncio.Event()

    async def hand(own: Sequence[Row], pause: float) -> None:
        while not ended.is_set():
            for action in ("claim", "release"):
                for row in own:
                    began = asyncio.get_running_loop().time()
                    with suppress(httpx.HTTPStatusError):
                        await desk.act(row["item_id"], action, COLLEAGUE)
                    left = pause - (asyncio.get_running_loop().time() - began)
                    if ended.is_set():
                        return
                    await asyncio.sleep(max(left, 0))

    hands = 5
    async with asyncio.TaskGroup() as group:
        for number in range(hands):
            group.create_task(hand(rows[number::hands], hands / A_SECOND))
        yield
        ended.set()


async def claims(
    desk: Desk, rows: Sequence[Row], here: Page, there: Page, counts: Sequence[int]
) -> tuple[list[tuple[float, float]], float]:
    """Milliseconds of each claim in both browsers, and messages a view a second."""
    took, clock = [], asyncio.get_running_loop().time
    began, before = clock(), sum(counts)
    for turn in range(CLAIMS):
        item = rows[turn % len(rows)]["item_id"]
        row = here.locator(f'.list [data-row="{item}"]')
        await row.focus()
        seen = [asyncio.ensure_future(page.evaluate(SEEN, item)) for page in (here, there)]
        await here.keyboard.press("c")
        first, second = await asyncio.wait_for(asyncio.gather(*seen), 30)
        pressed = await here.evaluate("window.pressed")
        took.append((first - pressed, second - pressed))
        await desk.act(item, "release", VIEWER)
        for page in (here, there):
            await page.locator(f'aside .yours [data-id="{item}"]').wait_for(state="detached")
        await row.wait_for()
    return took, (sum(counts) - before) / len(counts) / (clock() - began)


def memory() -> int:
    """Of worklist and front door, in bytes."""
    found = 0
    for each in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):  # a page's process may just have ended
            if each.cmdline()[-1:] in (["services.worklist"], ["board"]):
                found += each.memory_info().rss
    return found
