"""What the board's measurement stands on: a worklist with a full queue, the front door before it, people signed in."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from itertools import islice

import asyncpg
import httpx
import psutil
from playwright.async_api import Browser, BrowserContext, async_playwright

from backbone.clock import monotonic
from bench.ground import WORKLIST, Ground, Run
from bench.way import ways
from bench.worklist import PROGRESS, prepare, produce, producing, send
from cli.composition import Mode, Ports, board_environment, issuer_command
from cli.people import members
from cli.stack.ports import free_ports
from cli.stack.tools import chromium
from schemas.services import NAMES
from schemas.topics import queue_topic

QUEUE = "nursing"
UNTIL_TRIAGE = 6
"""Steps of a patient's way after which their referral waits for triage."""
STEP_SECONDS = 0.7
"""From one step of a patient to the next: what opens and closes within one transaction changes no queue."""
PAUSE_SECONDS = 0.1
START_SECONDS, HANDLE_SECONDS = 60, 60
WAITING = "SELECT count(*) FROM live_row WHERE topic = $1"
COMMIT_TIMES = "ALTER SYSTEM SET track_commit_timestamp = on"
SECRET = "a secret of the benchmark, known to everybody"


class Ward:
    """`database` is the worklist's; `url` the front door's."""

    def __init__(self, ground: Ground, run: Run, url: str, database: asyncpg.Connection) -> None:
        self.ground, self.run, self.url, self.database = ground, run, url, database
        self.processes: dict[str, psutil.Process] = {}
        self.patients = 0
        self._facts = 0

    async def fill(self, number: int) -> None:
        """So many referrals wait for triage in the queue. Raises TimeoutError."""
        records = islice(ways(self.patients, number), number * UNTIL_TRIAGE)
        self.patients += number
        await produce(self.ground, records)
        self._facts += number * UNTIL_TRIAGE
        async with asyncio.timeout(HANDLE_SECONDS):
            while await self.database.fetchval(WAITING, queue_topic(QUEUE)) < number:
                await asyncio.sleep(PAUSE_SECONDS)

    async def change(self, facts_a_second: float, ended: asyncio.Event) -> None:
        """More patients go their way, at this pace, until told to end."""
        async with producing(self.ground) as producer:
            together = max(1, round(facts_a_second * STEP_SECONDS))
            due, batch = monotonic(), max(1, round(facts_a_second * PAUSE_SECONDS))
            while not ended.is_set():
                records = ways(self.patients, together)
                self.patients += together
                while (some := list(islice(records, batch))) and not ended.is_set():
                    await send(producer, iter(some))
                    self._facts += len(some)
                    due += len(some) / facts_a_second
                    await asyncio.sleep(max(0, due - monotonic()))

    async def handled(self) -> None:
        """All of them."""
        while (await self.database.fetchrow(PROGRESS))[0] < self._facts:
            await asyncio.sleep(PAUSE_SECONDS)

    def memory(self) -> Mapping[str, int]:
        """Bytes that each process holds."""
        return {name: process.memory_info().rss for name, process in self.processes.items()}

    async def cookies(self, number: int) -> list[str]:
        """Of so many people, each signed in at the provider's page as a browser does it."""
        return [await signed_in(self.url, member.id) for member in members()[:number]]


@asynccontextmanager
async def a_ward(ground: Ground) -> AsyncIterator[Ward]:
    """The database notes when each transaction committed. Raises TimeoutError."""
    await execute(ground, COMMIT_TIMES)
    ground.postgres.stop("fast")
    ground.postgres.start()
    await prepare(ground)
    run = await ground.new_run(WORKLIST, "template_worklist")
    board, issuer, *services = free_ports(2 + len(NAMES))
    ports = Ports(0, 0, dict(zip(NAMES, services, strict=True)), (0, 0), board, issuer)
    env = board_environment(ports, ground.issuer, SECRET, Mode())
    database = await asyncpg.connect(run.database_url)
    ward = Ward(ground, run, ports.board_url, database)
    processes = {
        "worklist": ground.start(run, HUDDLE_HTTP_PORT=str(ports.services["worklist"])),
        "front door": ground.start_beside([sys.executable, "-m", "board"], env),
    }
    ground.start_beside(issuer_command(ports, ground.issuer.folder), env)
    ward.processes = {name: psutil.Process(child.pid) for name, child in processes.items()}
    try:
        await answering(
            f"{ports.url('worklist')}/readyz", f"{ports.issuer_url}/jwks.json", f"{ports.board_url}/readyz"
        )
        yield ward
    finally:
        await database.close()
        await ground.finish(run)


async def execute(ground: Ground, statement: str) -> None:
    connection = await asyncpg.connect(ground.postgres.url())
    await connection.execute(statement)
    await connection.close()


async def answering(*urls: str) -> None:
    """Raises TimeoutError with who does not."""
    async with httpx.AsyncClient(trust_env=False, timeout=2) as http:
        for url in urls:
            try:
                async with asyncio.timeout(START_SECONDS):
                    while not await is_up(http, url):
                        await asyncio.sleep(PAUSE_SECONDS)
            except TimeoutError:
                raise TimeoutError(f"{url} does not answer within {START_SECONDS} s") from None


async def is_up(http: httpx.AsyncClient, url: str) -> bool:
    with suppress(httpx.HTTPError):
        return (await http.get(url)).is_success
    return False


async def signed_in(url: str, member: str) -> str:
    """The cookies of a new session."""
    async with httpx.AsyncClient(trust_env=False, timeout=20) as http:
        page = await http.get(f"{url}/board/{QUEUE}", follow_redirects=True)
        form = re.search(r'action="([^"]+)"', page.text)
        assert form is not None
        chosen = page.url.join(form[1].replace("&amp;", "&"))
        await http.post(chosen, data={"staff": member}, follow_redirects=True)
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in http.cookies.jar)


@asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=sandbox)
        yield browser
        await browser.close()


async def a_browser(browser: Browser, ward: Ward, cookies: str, script: str) -> BrowserContext:
    """With an empty cache, in which the person of these cookies is signed in."""
    context = await browser.new_context(viewport={"width": 1366, "height": 768})
    context.set_default_timeout(20_000)
    pairs = (pair.partition("=") for pair in cookies.split("; "))
    await context.add_cookies([{"name": name, "value": value, "url": ward.url} for name, _, value in pairs])
    await context.add_init_script(script)
    return context
