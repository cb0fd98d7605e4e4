"""`huddle demo`: a clinic from nothing, played through the public interfaces, with the queues live in the terminal."""

import asyncio
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from aiokafka import AIOKafkaProducer
from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from cli.composition import SERVICES, Mode, Ports, database_url
from cli.local import LocalStack
from cli.operating import verified
from cli.people import members, token_of
from cli.reading import messages, reader
from cli.stack import places
from cli.stack.errors import StackError
from cli.stack.ports import free_ports
from cli.stack.tools import missing_tools
from cli.views import applied, queue_table
from schemas.queue import QueueItem
from schemas.topics import queue_topic
from simulator.behaviour import PRACTICES, plans
from simulator.clinic import PLAYED, Clinic
from simulator.clock_driver import ClockDriver
from simulator.desk import Desk, Unexpected
from simulator.ledger import Balance, audit

START = datetime(2027, 1, 4, 13, 0, tzinfo=UTC)
"""Monday 2027-01-04, 08:00 at the clinic."""
LONGEST = timedelta(days=60)
SHOWN = ("coordination", "nursing", "medical", "psychology")
ROWS = 6
WHOLE_CLINIC = 100
"""Patients from which on every behaviour must have been played."""


@dataclass
class Steps:
    """Seconds by step."""

    seconds: dict[str, float] = field(default_factory=dict)
    _since: float = field(default_factory=time.monotonic)

    def end(self, name: str) -> None:
        now = time.monotonic()
        self.seconds[name], self._since = now - self._since, now


def run(patients: int, home: Path | None) -> int:
    """The exit code: 0 when everything adds up."""
    console = Console()
    if missing := missing_tools():
        console.print("Huddle needs " + " and ".join(missing) + ".")
        return 1
    folder = home or places.home() / "demo"
    kafka, postgres, sms, smtp, *services = free_ports(4 + len(SERVICES))
    ports = Ports(kafka, postgres, dict(zip(SERVICES, services, strict=True)), (sms, smtp))
    steps = Steps()
    stack: LocalStack | None = None
    try:
        stack = LocalStack(folder, ports, Mode("simulated", START.isoformat()), console.print, fresh=True)
        stack.start()
        steps.end("start")
        return asyncio.run(play(stack, patients, console, steps))
    except (StackError, Unexpected) as error:
        console.print(f"[red]The demo stopped:[/red] {error}")
        return 1
    except KeyboardInterrupt:
        console.print("Stopped.")
        return 130
    finally:
        if stack is not None:
            stack.stop()


async def play(stack: LocalStack, patients: int, console: Console, steps: Steps) -> int:
    """Feed, play, count."""
    bootstrap = f"127.0.0.1:{stack.ports.kafka}"
    queues: dict[str, dict[str, QueueItem]] = {queue: {} for queue in SHOWN}
    async with httpx.AsyncClient(timeout=30, trust_env=False) as http, producing(bootstrap) as producer:
        urls = [stack.ports.url(service) for service in SERVICES]
        addresses = dict(zip(SERVICES, urls, strict=True))
        desk = Desk(http, addresses["referral"], addresses["worklist"], tokens(stack))
        clinic = Clinic(plans(patients), desk, ClockDriver(http, urls), producer, START)
        following = asyncio.ensure_future(follow(bootstrap, queues))
        showing = asyncio.ensure_future(show(console, clinic, desk, queues))
        try:
            await clinic.run(START + LONGEST)
        finally:
            for task in (following, showing):
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
        steps.end("play")
        databases = {service: database_url(service, stack.ports) for service in SERVICES}
        found = await audit(bootstrap, databases)
        clean = await verified(http, stack.issuer, urls)
        steps.end("count")
    console.print(f"open at the end: {still_open(queues)}")
    return summary(console, clinic, desk.done, found, clean, steps)


def still_open(queues: Mapping[str, Mapping[str, QueueItem]]) -> str:
    """Items by queue and type."""
    counts = Counter(f"{queue} {row.item_type}" for queue, rows in queues.items() for row in rows.values())
    return ", ".join(f"{count} × {name}" for name, count in counts.items())


@asynccontextmanager
async def producing(bootstrap: str) -> AsyncIterator[AIOKafkaProducer]:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap)
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


def tokens(stack: LocalStack) -> Mapping[str, str]:
    """For everybody who plays: staff by login, referring practices by id."""
    issuer = stack.issuer
    staff = {member.login: token_of(issuer, member) for member in members()}
    return staff | {practice: issuer.token(practice, kind="referrer") for practice in PRACTICES}


async def follow(bootstrap: str, queues: dict[str, dict[str, QueueItem]]) -> None:
    """Each queue from its compacted topic alone."""
    async with reader(bootstrap, *(queue_topic(queue) for queue in queues), beginning=True) as consumer:
        async for found in messages(consumer):
            for queue, rows in queues.items():
                applied(rows, [message for message in found if message.topic == queue_topic(queue)])


async def show(
    console: Console, clinic: Clinic, desk: Desk, queues: Mapping[str, Mapping[str, QueueItem]]
) -> None:
    """A live table in a terminal, a line now and then elsewhere."""
    if not console.is_terminal:
        while True:
            await asyncio.sleep(5)
            console.print(headline(clinic, desk, queues).plain)
    with Live(console=console, auto_refresh=False, transient=True) as live:
        while True:
            tables = [queue_table(queue, rows, ROWS) for queue, rows in queues.items()]
            live.update(Group(headline(clinic, desk, queues), *tables), refresh=True)
            await asyncio.sleep(0.25)


def headline(clinic: Clinic, desk: Desk, queues: Mapping[str, Mapping[str, QueueItem]]) -> Text:
    waiting = ", ".join(f"{queue} {len(rows)}" for queue, rows in queues.items())
    sent = len(clinic.sent)
    return Text(
        f"{clinic.now:%a %d %b %Y %H:%M} UTC   {sent} referrals sent   {desk.done.total()} acts   open: {waiting}"
    )


def summary(
    console: Console, clinic: Clinic, done: Counter[str], found: Balance, clean: bool, steps: Steps
) -> int:
    """What happened, and whether it adds up."""
    received = sum(found.states.values())
    states = " + ".join(f"{count} {state}" for state, count in sorted(found.states.items()))
    played = Table("what was played", "times", title="Behaviour", title_justify="left")
    for name, times in sorted(done.items()):
        played.add_row(name, str(times))
    console.print(played)
    fits = received == len(clinic.sent)
    missing = [name for name in PLAYED if not done[name]] if received >= WHOLE_CLINIC else []
    good = fits and clean and found.lost == 0 and found.doubled == 0 and not missing
    if missing:
        console.print(f"[red]not played:[/red] {', '.join(missing)}")
    console.print(
        f"{received} received = {states}   ({len(clinic.sent)} sent: {'adds up' if fits else 'DOES NOT ADD UP'})"
    )
    console.print(
        f"messages lost {found.lost}, effects doubled {found.doubled} (counted from topics and tables)"
    )
    console.print(
        f"huddle verify: {'every state is what its journal says' if clean else 'STATES DIFFER FROM JOURNALS'}"
    )
    timing = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in steps.seconds.items())
    console.print(f"{clinic.ticks} ticks of 15 minutes, to {clinic.now:%Y-%m-%d %H:%M} UTC. Time: {timing}.")
    sys.stdout.flush()
    return 0 if good else 1
