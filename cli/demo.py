"""`huddle demo`: a clinic from nothing, played through the public interfaces, with the queues live in the terminal."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any

import httpx
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from rich.console import Console

from backbone.brokers import Brokers
from backbone.http.clients import RESTING
from cli.composition import Mode, Ports, database_url, service_of
from cli.local import LocalStack
from cli.operating import verified
from cli.people import members, token_of
from cli.report import say, show, summary
from cli.stack import places
from cli.stack.errors import StackError
from cli.stack.ports import free_ports
from cli.stack.tools import missing_tools
from config.errors import ConfigurationError
from config.phones import e164
from schemas.services import NAMES
from simulator.behaviour import Plan, plans, seen_twice
from simulator.chart import Chart
from simulator.clinic import Clinic
from simulator.clock_driver import ClockDriver
from simulator.desk import Desk, Unexpected
from simulator.following import following
from simulator.ledger import CONSUMED, audit
from simulator.roles.messages import Telephones
from simulator.world import World

START = datetime(2027, 1, 4, 13, 0, tzinfo=UTC)
"""Monday 2027-01-04, 08:00 at the clinic."""
LANES = 2
"""Partitions of a topic. Each look at Kafka names all that are read: more would cost and show nothing."""
INTERRUPTED = 130
READ = {name: frozenset(service_of(name).consumed) for name in NAMES if name != "worklist"}
"""Types by service; what the worklist must have handled is written in the ledger itself."""


@dataclass
class Steps:
    """Seconds by step."""

    seconds: dict[str, float] = field(default_factory=dict)
    _since: float = field(default_factory=time.monotonic)

    def end(self, name: str) -> None:
        now = time.monotonic()
        self.seconds[name], self._since = now - self._since, now

    def told(self) -> str:
        return ", ".join(f"{name} {seconds:.1f} s" for name, seconds in self.seconds.items())


def run(patients: int, weeks: int, home: Path | None) -> int:
    """The exit code: 0 when everything adds up, 130 when it was interrupted. Nothing is left running."""
    console, steps = Console(), Steps()
    stack: LocalStack | None = None
    answer_to(signal.default_int_handler, signal.SIGINT)  # a shell may have had it ignored
    answer_to(interrupted, signal.SIGTERM, signal.SIGHUP)
    try:
        stack = a_stack(home or places.home() / "demo", partial(say, console))
        stack.start()
        steps.end("start")
        say(console, f"Watch it, as anybody who works there: {stack.ports.board_url}/board")
        return asyncio.run(play(stack, patients, weeks, console, steps))
    except (StackError, Unexpected, ConfigurationError, KafkaError, httpx.HTTPError, OSError) as error:
        say(console, "\n".join([f"The demo stopped: {why(error)}", *(stack.ended() if stack else ())]))
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED
    finally:
        answer_to(signal.SIG_IGN, signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        if stack is not None:
            say(console, "Stopping …")
            stack.stop()


def why(error: Exception) -> str:
    if isinstance(error, StackError):
        return str(error)
    asked = f" ({error.request.method} {error.request.url})" if isinstance(error, httpx.RequestError) else ""
    return f"{type(error).__name__}{asked}: {error}"


def answer_to(answer: Any, *signals: signal.Signals) -> None:
    for each in signals:
        signal.signal(each, answer)


def interrupted(sent: int, frame: object) -> None:
    """As Ctrl-C: asyncio then cancels what runs, where raising would break it in the middle of any task."""
    signal.raise_signal(signal.SIGINT)


SIMULATED = Mode("simulated", START.isoformat(), LANES)


def a_stack(folder: Path, tell: Callable[[str], None], mode: Mode = SIMULATED) -> LocalStack:
    """On free ports. Raises StackError when the machine lacks what it needs."""
    if missing := missing_tools():
        raise StackError("Huddle needs " + " and ".join(missing) + ".")
    kafka, postgres, sms, smtp, board, issuer, *services = free_ports(6 + len(NAMES))
    ports = Ports(kafka, postgres, dict(zip(NAMES, services, strict=True)), (sms, smtp), board, issuer)
    return LocalStack(folder, ports, mode, tell, fresh=True)


async def play(stack: LocalStack, patients: int, weeks: int, console: Console, steps: Steps) -> int:
    """Feed, play, count."""
    stories = plans(patients)
    async with opened(stack, [*stories, *seen_twice(stories)]) as (http, clinic):
        async with showing(console, clinic):
            await clinic.run(START + timedelta(weeks=weeks))
        steps.end("play")
        databases = {service: database_url(service, stack.ports) for service in NAMES}
        found = await audit(bootstrap_of(stack), databases, {**READ, "worklist": CONSUMED})
        clean = await verified(http, stack.issuer, [stack.ports.url(service) for service in NAMES])
        steps.end("count")
    return 0 if summary(console, clinic, found, clean, steps.told()) else 1


@asynccontextmanager
async def opened(
    stack: LocalStack, stories: Sequence[Plan], kind: type[Clinic] = Clinic
) -> AsyncIterator[tuple[httpx.AsyncClient, Clinic]]:
    """A clinic at START, with everybody who plays in it."""
    bootstrap, chart = bootstrap_of(stack), Chart()
    urls = {service: stack.ports.url(service) for service in NAMES}
    sinks = f"http://127.0.0.1:{stack.ports.sinks[0]}"
    async with (
        httpx.AsyncClient(timeout=30, trust_env=False, limits=RESTING) as http,
        producing(bootstrap) as producer,
        following(bootstrap, chart) as follower,
    ):
        logins = {each.id: each.login for each in members()}
        world = World(Desk(http, urls, tokens(stack)), chart, START, logins, phones())
        telephones = Telephones(http, sinks, urls["notifications"])
        clock = ClockDriver(http, list(urls.values()))
        yield http, kind(stories, world, clock, follower, telephones, producer)


@asynccontextmanager
async def showing(console: Console, clinic: Clinic) -> AsyncIterator[None]:
    """What happens, while it does."""
    shown = asyncio.ensure_future(show(console, clinic))
    try:
        yield
    finally:
        shown.cancel()
        with suppress(asyncio.CancelledError):
            await shown


def bootstrap_of(stack: LocalStack) -> str:
    return f"127.0.0.1:{stack.ports.kafka}"


@asynccontextmanager
async def producing(bootstrap: str) -> AsyncIterator[AIOKafkaProducer]:
    producer = AIOKafkaProducer(**Brokers(bootstrap).arguments)
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


def phones() -> Mapping[str, str]:
    """Logins by number, as the gateway writes it."""
    return {str(e164(each.channels.phone, "US")): each.login for each in members() if each.channels.phone}


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
