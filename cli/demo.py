"""`huddle demo`: a clinic from nothing, played through the public interfaces, with the queues live in the terminal."""

import asyncio
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from statistics import median

import httpx
from aiokafka import AIOKafkaProducer
from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from cli.composition import Mode, Ports, database_url, service_of
from cli.local import LocalStack
from cli.operating import verified
from cli.people import members, token_of
from cli.stack import places
from cli.stack.errors import StackError
from cli.stack.ports import free_ports
from cli.stack.tools import missing_tools
from cli.views import queue_table
from schemas.queue import QueueItem
from schemas.services import NAMES
from simulator.behaviour import plans
from simulator.chart import Chart
from simulator.clinic import PLAYED, Clinic
from simulator.clock_driver import ClockDriver
from simulator.desk import Desk, Unexpected
from simulator.following import following
from simulator.ledger import CONSUMED, Balance, audit
from simulator.roles.messages import Telephones
from simulator.world import World

START = datetime(2027, 1, 4, 13, 0, tzinfo=UTC)
"""Monday 2027-01-04, 08:00 at the clinic."""
SHOWN = ("coordination", "nursing", "medical", "physiotherapy", "psychology")
ROWS = 5
READ = {name: frozenset(service_of(name).consumed) for name in NAMES if name != "worklist"}
"""Types by service; what the worklist must have handled is written in the ledger itself."""
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


def run(patients: int, weeks: int, home: Path | None) -> int:
    """The exit code: 0 when everything adds up."""
    console = Console()
    if missing := missing_tools():
        console.print("Huddle needs " + " and ".join(missing) + ".")
        return 1
    folder = home or places.home() / "demo"
    kafka, postgres, sms, smtp, *services = free_ports(4 + len(NAMES))
    ports = Ports(kafka, postgres, dict(zip(NAMES, services, strict=True)), (sms, smtp))
    steps = Steps()
    stack: LocalStack | None = None
    try:
        stack = LocalStack(folder, ports, Mode("simulated", START.isoformat()), console.print, fresh=True)
        stack.start()
        steps.end("start")
        return asyncio.run(play(stack, patients, weeks, console, steps))
    except (StackError, Unexpected) as error:
        console.print(f"[red]The demo stopped:[/red] {error}")
        return 1
    except KeyboardInterrupt:
        console.print("Stopped.")
        return 130
    finally:
        if stack is not None:
            stack.stop()


async def play(stack: LocalStack, patients: int, weeks: int, console: Console, steps: Steps) -> int:
    """Feed, play, count."""
    bootstrap, chart = f"127.0.0.1:{stack.ports.kafka}", Chart()
    urls = {service: stack.ports.url(service) for service in NAMES}
    sinks = f"http://127.0.0.1:{stack.ports.sinks[0]}"
    async with (
        httpx.AsyncClient(timeout=30, trust_env=False) as http,
        producing(bootstrap) as producer,
        following(bootstrap, chart) as follower,
    ):
        world = World(
            Desk(http, urls, tokens(stack)), chart, START, {each.id: each.login for each in members()}
        )
        telephones = Telephones(http, sinks, urls["notifications"])
        clock = ClockDriver(http, list(urls.values()))
        clinic = Clinic(plans(patients), world, clock, follower, telephones, producer)
        showing = asyncio.ensure_future(show(console, clinic))
        try:
            await clinic.run(START + timedelta(weeks=weeks))
        finally:
            showing.cancel()
            with suppress(asyncio.CancelledError):
                await showing
        steps.end("play")
        databases = {service: database_url(service, stack.ports) for service in NAMES}
        found = await audit(bootstrap, databases, {**READ, "worklist": CONSUMED})
        clean = await verified(http, stack.issuer, list(urls.values()))
        steps.end("count")
    return summary(console, clinic, found, clean, steps)


@asynccontextmanager
async def producing(bootstrap: str) -> AsyncIterator[AIOKafkaProducer]:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap)
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


def tokens(stack: LocalStack) -> Callable[[str], str]:
    """For everybody who plays: staff by login, practices by id, `patient:` and an id. Made once."""
    staff = {member.login: member for member in members()}

    @cache
    def token(who: str) -> str:
        if who in staff:
            return token_of(stack.issuer, staff[who])
        kind, _, patient = who.partition(":")
        if patient:
            return stack.issuer.token(patient, kind=kind)
        return stack.issuer.token(who, kind="referrer")

    return token


async def show(console: Console, clinic: Clinic) -> None:
    """A live table in a terminal, a line now and then elsewhere."""
    if not console.is_terminal:
        while True:
            await asyncio.sleep(5)
            console.print(headline(clinic).plain)
    with Live(console=console, auto_refresh=False, transient=True) as live:
        while True:
            texts = [Text(text, style="dim", no_wrap=True) for text in clinic.telephones.latest]
            live.update(Group(headline(clinic), *tables(clinic.world.chart), *texts), refresh=True)
            await asyncio.sleep(0.25)


def tables(chart: Chart) -> list[Table]:
    """The queues as their topics have them."""
    rows = {
        queue: {key: QueueItem.model_validate(row) for key, row in list(chart.queues[queue].items())}
        for queue in SHOWN
    }
    return [queue_table(queue, items, ROWS) for queue, items in rows.items()]


def headline(clinic: Clinic) -> Text:
    world, chart = clinic.world, clinic.world.chart
    waiting = ", ".join(f"{queue} {len(rows)}" for queue, rows in chart.queues.items() if rows)
    sent = sum(times for name, times in chart.messages.items() if name.startswith("sent"))
    return Text(
        f"{world.now:%a %d %b %Y %H:%M} UTC   {len(clinic.sent)} referrals   {world.desk.done.total()} acts   "
        f"{sent} messages   open: {waiting}"
    )


def summary(console: Console, clinic: Clinic, found: Balance, clean: bool, steps: Steps) -> int:
    """What happened, and whether it adds up."""
    chart, done = clinic.world.chart, clinic.world.desk.done
    received = sum(found.states.values())
    missing = [name for name in PLAYED if not done[name]] if received >= WHOLE_CLINIC else []
    console.print(counted("Behaviour", "what was played", done))
    console.print(counted("Messages", "what became of them", chart.messages))
    console.print(counted("Refused", "what was refused, and done otherwise", clinic.world.desk.refused))
    for line in (*outcomes(chart, clinic.telephones), *account(clinic, found, clean)):
        console.print(line)
    if missing:
        console.print(f"[red]not played:[/red] {', '.join(missing)}")
    timing = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in steps.seconds.items())
    console.print(
        f"{clinic.ticks} ticks of 15 minutes, to {clinic.world.now:%Y-%m-%d %H:%M} UTC. Time: {timing}."
    )
    sys.stdout.flush()
    good = received == len(clinic.sent) and clean and not (found.lost or found.doubled or missing)
    return 0 if good and not chart.unowned else 1


def counted(title: str, what: str, counts: Counter[str]) -> Table:
    table = Table(what, "times", title=title, title_justify="left")
    for name, times in sorted(counts.items()):
        table.add_row(name, str(times))
    return table


def outcomes(chart: Chart, telephones: Telephones) -> Iterable[str]:
    """What the clinic achieved, as its topics tell it."""
    waits = sorted((seen - chart.received[referral]).days for referral, seen in chart.first_visits.items())
    if waits:
        yield (
            f"first visits {len(waits)}; waited {median(waits):.0f} days (median), "
            f"{waits[len(waits) * 9 // 10]} (9 of 10), {waits[-1]} (longest)"
        )
    facts = chart.counts
    yield (
        f"MDT decisions {facts['care_plan.mdt_decision_recorded']}, deferred {facts['care_plan.mdt_case_deferred']}; "
        f"plans activated {facts['care_plan.plan_activated']}; sessions {facts['care_plan.session_completed']}; "
        f"discharged {facts['care_plan.patient_discharged']}"
    )
    texts, mails = telephones.arrived
    sent, suppressed = (facts[f"notifications.message_{what}"] for what in ("sent", "suppressed"))
    yield f"messages sent {sent}, suppressed {suppressed}; arrived: {texts} texts, {mails} mails"
    items = Counter(
        f"{queue} {row['item_type']}" for queue, rows in chart.queues.items() for row in rows.values()
    )
    yield "open at the end: " + (
        ", ".join(f"{count} × {name}" for name, count in sorted(items.items())) or "nothing"
    )


def account(clinic: Clinic, found: Balance, clean: bool) -> Iterable[str]:
    """Nobody lost, nothing twice."""
    received = sum(found.states.values())
    states = " + ".join(f"{count} {state}" for state, count in sorted(found.states.items()))
    fits = "adds up" if received == len(clinic.sent) else "DOES NOT ADD UP"
    yield f"{received} received = {states}   ({len(clinic.sent)} sent: {fits})"
    yield f"without a next step: {len(clinic.world.chart.unowned) or 'nobody'}"
    yield f"messages lost {found.lost}, effects doubled {found.doubled} (counted from topics and tables)"
    yield f"huddle verify: {'every state is what its journal says' if clean else 'STATES DIFFER FROM JOURNALS'}"
