"""The board: how soon a page stands, how soon a claim by key is seen here and in a second browser, how soon many open
views are told what has changed, and what a view costs. Everything says what it does, and waits only so long."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import psutil
from playwright.async_api import Browser, Page

from bench.figures import median, percentile
from bench.ground import Ground
from bench.views import Change, received, views
from bench.ward import QUEUE, Ward, a_browser, a_ward, launched
from schemas.topics import QUEUES

ROWS = 200
KEPT = 12
"""Rows that are claimed in turn."""
CHANGES_A_FACT = 0.7
"""Of rows, on the patients' way (`bench/way.py`)."""
PEOPLE = 10
SLOW, MANY = 20, 200
"""Changes a second."""
WARM_VIEWS = 10
CLAIM_SECONDS, LAST_SECONDS, ALL_SECONDS = 30, 30, 350
STREAM = f"/api/worklist/stream?queues={','.join(QUEUES)}"
NEWEST = "SELECT coalesce(max(seq), 0) FROM live_change"
CHANGED = """
-- What changed in queues from one number on, and when its transaction committed.
SELECT xid::text::bigint, seq, key, value, pg_xact_commit_timestamp(xid::xid)
  FROM live_change WHERE seq > $1 ORDER BY xid, seq
"""
INTERACTIVE = """
window.interactive = new Promise((done) => {
  const whole = () => document.querySelectorAll('.list .row .claim').length >= ROWS;
  const watching = new MutationObserver(() => {
    if (!whole()) return;
    watching.disconnect();
    requestAnimationFrame(() => setTimeout(() => done(performance.now())));
  });
  watching.observe(document, {childList: true, subtree: true});
});
""".replace("ROWS", str(ROWS))
"""Milliseconds from the navigation until each row with its button is drawn and the page takes input again."""
PRESSED = """
addEventListener('keydown', (event) => { window.pressed = performance.timeOrigin + event.timeStamp; }, true);
"""
EXPECT = """(id) => {
  const there = () => document.querySelector(`aside .yours [data-id="${id}"]`);
  window.shown = new Promise((drawn) => {
    const look = () => {
      if (!there()) return;
      watching.disconnect();
      requestAnimationFrame(() => drawn(performance.timeOrigin + performance.now()));
    };
    const watching = new MutationObserver(look);
    watching.observe(document.getElementById('app'), {childList: true, subtree: true});
  });
}"""
"""From now on: when the row is drawn under Yours."""


class Sizes(NamedTuple):
    """`views` beside the two pages while claims are timed, and in all while changes are."""

    pages: int
    claims: int
    views: int
    many: int
    seconds: int


async def board(ground: Ground, sizes: Sizes) -> list[str]:
    """Lines of tables. Raises TimeoutError."""
    async with asyncio.timeout(ALL_SECONDS), a_ward(ground) as ward:
        say(f"filling the queue with {ROWS} items")
        await ward.fill(ROWS)
        people = await ward.cookies(PEOPLE)
        lines = await costs(ward, people, sizes.many)
        async with launched() as browser:
            lines += await opening(browser, ward, people[0], sizes.pages)
            lines += await claiming(browser, ward, people, sizes)
        return [*lines, *await telling(ward, people, sizes), *load()]


def say(text: str) -> None:
    print(f"  {text}", flush=True)


async def costs(ward: Ward, people: Sequence[str], number: int) -> list[str]:
    """Of an open view, in memory; the first views, for which everything is loaded once, are not counted."""
    say(f"opening {number} views")
    async with views(ward.url, STREAM, people, WARM_VIEWS):
        before = ward.memory()
    async with views(ward.url, STREAM, people, number):
        after = ward.memory()
    each = {name: (after[name] - before[name]) / number / 1024 for name in before}
    told = ", ".join(f"{name} {kib:.0f}" for name, kib in each.items())
    return [f"Memory of one of {number} open views, KiB: {told}; together {sum(each.values()):.0f}.", ""]


async def opening(browser: Browser, ward: Ward, cookies: str, number: int) -> list[str]:
    """A page of its own browser each time, with nothing in its cache."""
    say(f"opening the page {number} times")
    took = []
    for _ in range(number):
        context = await a_browser(browser, ward, cookies, INTERACTIVE)
        page = await context.new_page()
        await page.goto(f"{ward.url}/board/{QUEUE}")
        async with asyncio.timeout(CLAIM_SECONDS):
            took.append(await page.evaluate("window.interactive"))
        await context.close()
    said = f"{median(took):,.0f} ({min(took):,.0f}–{max(took):,.0f})"
    return [f"First view of {ROWS} items, interactive after {said} ms, {number} times; goal 1,000.", ""]


async def claiming(browser: Browser, ward: Ward, people: Sequence[str], sizes: Sizes) -> list[str]:
    """The same person in two browsers, and other views of everybody."""
    say(f"claiming {sizes.claims} times with {sizes.views} views and {SLOW} changes/s")
    here, there = [await opened(browser, ward, people[0]) for _ in range(2)]
    async with views(ward.url, STREAM, people, sizes.views - 2), changing(ward, SLOW) as counted:
        took = await claims(here, there, sizes.claims)
    for page in (here, there):
        await page.context.close()
    names = ("in this browser", "in a second one")
    title = f"C pressed → row under Yours, ms ({sizes.views} views, {counted['rate']:.0f} changes/s)"
    return table(title, dict(zip(names, map(list, zip(*took, strict=True)), strict=True)))


async def opened(browser: Browser, ward: Ward, cookies: str) -> Page:
    page = await (await a_browser(browser, ward, cookies, PRESSED)).new_page()
    await page.goto(f"{ward.url}/board/{QUEUE}")
    await page.locator(".list .row .claim").first.wait_for()
    return page


async def claims(here: Page, there: Page, number: int) -> list[tuple[float, float]]:
    """Milliseconds of each in both. It is taken back by the key for that: what somebody else does to a row waits ten
    seconds for a hand that is in the list, what one does oneself shows at once."""
    ids = await here.locator(".list .row").evaluate_all("rows => rows.map((row) => row.dataset.id)")
    took = []
    for turn in range(number):
        item = ids[turn % KEPT]
        async with asyncio.timeout(CLAIM_SECONDS):
            for page in (here, there):
                await page.evaluate(EXPECT, item)
            await here.locator(f'.list [data-row="{item}"]').focus()
            await here.keyboard.press("c")
            first, second = [await page.evaluate("window.shown") for page in (here, there)]
            pressed = await here.evaluate("window.pressed")
            took.append((first - pressed, second - pressed))
            await here.keyboard.press("z")
            for page in (here, there):
                await page.locator(f'.list .row[data-id="{item}"]').wait_for()
        if turn % 10 == 9:
            say(f"{turn + 1} claims, the last {took[-1][0]:.0f} and {took[-1][1]:.0f} ms")
    return took


async def telling(ward: Ward, people: Sequence[str], sizes: Sizes) -> list[str]:
    """Every change to every view: none may be lost."""
    say(f"{sizes.many} views are told {MANY} changes/s for {sizes.seconds} s")
    async with views(ward.url, STREAM, people, sizes.many) as opened:
        async with changing(ward, MANY) as counted:
            await asyncio.sleep(sizes.seconds)
        rows = counted["rows"]
        last = f".{rows[-1][0]}-{rows[-1][1]}\n".encode()
        async with asyncio.timeout(LAST_SECONDS):
            while not all(view.has(last) for view in opened):
                await asyncio.sleep(0.1)
        memory = sum(ward.memory().values()) / 2**20
    say("counting what came")
    found = received(opened, [change(row) for row in rows])
    title = f"commit → frame in a view, ms ({sizes.many} views, {counted['rate']:.0f} changes/s)"
    share = found.lost / max(1, len(rows) * len(opened))
    return [
        *table(title, {"through the front door": found.took}),
        f"{len(rows):,} changes to {len(opened)} views: lost {found.lost} ({share:.4%}). "
        f"Worklist and front door then hold {memory:.0f} MiB.",
        "",
    ]


@asynccontextmanager
async def changing(ward: Ward, a_second: int) -> AsyncIterator[dict[str, Any]]:
    """While this lasts. Afterwards: `rows` that changed, and their `rate`."""
    before, ended, counted = await ward.database.fetchval(NEWEST), asyncio.Event(), dict[str, Any]()
    going = asyncio.ensure_future(ward.change(a_second / CHANGES_A_FACT, ended))
    try:
        yield counted
    finally:
        ended.set()
        async with asyncio.timeout(LAST_SECONDS):
            await going
            await ward.handled()
    counted["rows"] = rows = await ward.database.fetch(CHANGED, before)
    times = [row[4] for row in rows]
    counted["rate"] = len(rows) / max(1, (max(times) - min(times)).total_seconds())


def change(row: Any) -> Change:
    version = None if row[3] is None else int(json.loads(row[3])["version"])
    return Change(row[2], version, row[4])


def table(title: str, values: Mapping[str, Sequence[float]]) -> list[str]:
    lines = [f"| {title} | p50 | p95 | p99 |", "|---|---|---|---|"]
    for name, found in values.items():
        cells = " | ".join(f"{percentile(found, share):,.0f}" for share in (0.5, 0.95, 0.99))
        lines.append(f"| {name} | {cells} |")
    return [*lines, ""]


def load() -> list[str]:
    return ["Load average at the end: " + ", ".join(f"{each:.1f}" for each in psutil.getloadavg()) + "."]
