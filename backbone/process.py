"""One service as one process: read settings, migrate, connect, run host, relay and HTTP side until told to stop."""

import asyncio
import gc
import signal
import ssl
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from typing import TypeVar

import asyncpg

from backbone.clock import Clock, SimulatedClock, WallClock, monotonic
from backbone.engine.engine import Engine
from backbone.engine.runtime import Runtime
from backbone.errors import Fatal, UnusableSettings
from backbone.http.application import Hosting, http_side
from backbone.http.readiness import calendar_notices
from backbone.log.consumer import Consumer
from backbone.log.effects import Effects, keep_calling
from backbone.log.hosts.membership import Membership, Task
from backbone.log.lanes import Lanes
from backbone.log.parking import Parking
from backbone.log.relay import Relay, check_told_at_start
from backbone.log.settling import Settling
from backbone.model.service import Handler, Service
from backbone.production import refusals
from backbone.settings import Settings
from backbone.store.migrations import BACKBONE, bring_up_to_date
from backbone.store.partitions import make_partitions
from backbone.store.port import Store
from backbone.store.postgres import PostgresStore, open_pool
from backbone.store.relaning import put_into_lanes
from backbone.store.retention import Periods, periods
from backbone.store.rights import too_much
from backbone.store.sealing import seals_of
from backbone.store.secret import keep_to
from backbone.store.told_before import taken
from backbone.telemetry import Metrics, configure_logging, log
from backbone.told import as_told, refuse
from backbone.tracing import NoSpans, Spans, exporting
from config.approval import unapproved
from config.errors import ConfigurationError
from config.governed import GovernedFiles

T = TypeVar("T")

KEEPING_SECONDS = 1.0
COUNT_SECONDS = 15.0
PRUNE_SECONDS = 3600.0
COLLECT_AFTER = 50_000
"""Objects made and not dropped (bench: +40 % events for a second of CPU time over the default of 700)."""
START_PATIENCE_SECONDS = 20.0
DEFAULT_START = datetime(2027, 1, 4, 13, 0, tzinfo=UTC)


def main(service: Service) -> None:
    """Run until SIGTERM or SIGINT. Ends the process: 0 when told to stop, else a code and one sentence."""
    try:
        settings = as_told(Settings)
        configure_logging(settings.log_level, service.name)
        asyncio.run(run(service, settings))
    except (Fatal, ConfigurationError) as error:
        print(f"{service.name}: {error}", file=sys.stderr, flush=True)
        sys.exit(getattr(error, "exit_code", UnusableSettings.exit_code))


async def run(service: Service, settings: Settings) -> None:
    """The process's life. Raises Fatal."""
    stop = asyncio.Event()
    for sent in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sent, stop.set)
    rules = service.load_rules(settings.config_dir)
    async with AsyncExitStack() as stack:
        working = asyncio.ensure_future(_work(service, settings, rules, stack))
        stopping = asyncio.ensure_future(stop.wait())
        await asyncio.wait([working, stopping], return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not working.done():
            working.cancel()
        try:
            await working
        except asyncio.CancelledError:
            log.info("stopped")


async def _work(service: Service, settings: Settings, rules: object, stack: AsyncExitStack) -> None:
    url = str(settings.database_url)
    await make_fit(service, settings, rules)
    pool = await patiently(partial(open_pool, url))
    stack.callback(pool.terminate)
    metrics, clock, seals = Metrics(), clock_of(settings), await stack.enter_async_context(seals_of(settings))
    await put_in_order(pool, settings, clock.now())
    await check_told_at_start(service, settings.brokers, pool)
    engine = Engine(service, rules, settings.id_secret.encode(), settings.partitions)
    engine.taken = await taken(pool)
    engine.spans = spans_of(service, settings, stack)
    engine.refused = metrics.count_refused
    store = PostgresStore(pool, engine.kinds, metrics.deadlocks.inc, seals)
    consumer = Consumer(engine, store, clock, metrics)
    runtime = Runtime(engine, store, clock)
    for notice in service.notices(runtime.rules):
        log.warning(notice)
    await runtime.begin()
    lanes = Lanes(consumer, metrics)
    relay = relay_of(engine, clock, metrics, settings, lanes)
    tasks: list[Task] = [relay.run, partial(keep_house, consumer, store, clock, metrics, settings)]
    hosting = Hosting(
        lambda: lanes.joined,
        lambda: relay.stands_by,
        settings.outbox_patience,
        Settling(store, clock, lanes, relay) if isinstance(clock, SimulatedClock) else None,
        lanes.strange,
        relay.waits,
    )
    tasks.append(partial(http_side, runtime, Parking(consumer), metrics, settings, hosting))
    if handlers := await handlers_of(runtime, settings, stack):
        effects = Effects(engine, store, clock, metrics, handlers)
        tasks.append(partial(keep_calling, effects, url, lanes.progress.made))
    host = import_module(f"backbone.log.hosts.{settings.host}")
    group = Membership(settings.brokers, service.name, settings.instance, settings.session_timeout)
    for notice in calendar_notices(runtime.rules, clock.now()):
        log.warning(notice)
    calm_collector()
    log.info("started")
    await host.serve(group, lanes, metrics, tasks)


def relay_of(engine: Engine, clock: Clock, metrics: Metrics, settings: Settings, lanes: Lanes) -> Relay:
    url, patience = str(settings.database_url), settings.lead_patience
    return Relay(engine, clock, url, settings.brokers, metrics, done=lanes.progress.made, patience=patience)


async def handlers_of(runtime: Runtime, settings: Settings, stack: AsyncExitStack) -> Mapping[str, Handler]:
    """Of the service's effects, by kind."""
    service = runtime.service
    own = service.inside(runtime) if service.inside else {}
    if service.outside is None:
        return own
    opened = service.outside(runtime.rules, settings)
    return {**own, **await stack.enter_async_context(opened)}


def spans_of(service: Service, settings: Settings, stack: AsyncExitStack) -> Spans:
    if settings.traces is None:
        return NoSpans()
    spans, processor = exporting(str(settings.traces), service.name, settings.traces_ratio)
    stack.callback(processor.shutdown)
    return spans


async def put_in_order(pool: asyncpg.Pool, settings: Settings, now: datetime) -> None:
    """What rows follow from settings and time. Raises Fatal."""
    await keep_to(pool, settings.id_secret)
    await make_partitions(pool, now)
    async with pool.acquire() as connection:
        if moved := await put_into_lanes(connection, settings.partitions):
            log.warning(
                "timers stood in lanes of another HUDDLE_PARTITIONS and were moved", extra={"count": moved}
            )


async def make_fit(service: Service, settings: Settings, rules: object) -> None:
    """Nothing is as production refuses it, and the database is as this version needs it. Raises Fatal."""
    url, is_production = str(settings.database_url), settings.environment == "production"
    # A simulated clock is among what is refused.
    now = (WallClock() if is_production else clock_of(settings)).now()
    if is_production:
        role = await patiently(partial(too_much, url))
        refuse([*refusals(service, settings, rules, now), *role])
    elif isinstance(rules, GovernedFiles) and (told := unapproved(rules.editions, rules.calendar.day(now))):
        log.warning(told)
    govern(rules, now)
    owner = settings.urls.get("HUDDLE_MIGRATE_URL")
    await patiently(partial(bring_up_to_date, url, owner, [BACKBONE, *service.sql]))


def govern(rules: object, now: datetime) -> None:
    """Rules that do not apply yet are no rules of a clinic. Raises Fatal."""
    if isinstance(rules, GovernedFiles) and rules.calendar.day(now) < rules.begins:
        raise UnusableSettings(
            f"Some rules have no version that applies before {rules.begins} (effective_from): state the one that does."
        )


def calm_collector() -> None:
    """A run makes thousands of objects and drops them all: looking through them took a third of its time. What was made
    until now stays; of it a few hundred objects are garbage, which is less than looking for them costs."""
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 20, 100)
    gc.enable()


def clock_of(settings: Settings) -> Clock:
    if settings.clock == "wall":
        return WallClock()
    return SimulatedClock(settings.clock_start or DEFAULT_START, settings.environment)


async def patiently(work: Callable[[], Awaitable[T]]) -> T:
    """The database may still be starting. Raises Fatal when it does not come."""
    end = monotonic() + START_PATIENCE_SECONDS
    while True:
        try:
            return await work()
        except ssl.SSLCertVerificationError as error:
            raise Fatal(
                f"The database's server is not who HUDDLE_DATABASE_URL says ({error.verify_message}): give the "
                "certificate of who signed its own in sslrootcert, and its name as the host."
            ) from None
        except (asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InsufficientPrivilegeError) as error:
            raise Fatal(
                f"The database refuses us ({error}): correct its URL, or the rights of the role."
            ) from None
        except (OSError, asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError) as error:
            if monotonic() > end:
                raise Fatal(
                    f"No database answers ({error}). Start it, or correct HUDDLE_DATABASE_URL."
                ) from None
            await asyncio.sleep(0.2)
        except asyncpg.InvalidCatalogNameError as error:
            raise Fatal(f"{error}: make it first (CREATE DATABASE).") from None


async def take_stock(store: Store, now: datetime, metrics: Metrics) -> None:
    """How much waits, and for how long."""

    def age(since: datetime | None) -> float:
        return (now - since).total_seconds() if since else 0.0

    summary, standing = await store.summary(), await store.standing(now)
    metrics.unsent.set(summary.outbox)
    metrics.unsent_age.set(age(summary.oldest_unsent))
    metrics.parked.set(summary.parked_keys)
    metrics.deferred.set(summary.deferred)
    metrics.undeliverable.set(summary.undeliverable)
    metrics.timers_overdue.set(standing.timers)
    metrics.timers_overdue_seconds.set(age(standing.due_since))
    metrics.effects.clear()
    for kind, number in standing.effects.items():
        metrics.effects.labels(kind).set(number)


def kept_now(engine: Engine, clock: Clock, settings: Settings) -> Periods:
    """By the version of the rules that applies today: a longer period begins while the service runs."""
    return periods(getattr(engine.rules_at(clock.now()), "retention", None), settings.retention_days)


async def keep_house(
    consumer: Consumer, store: PostgresStore, clock: Clock, metrics: Metrics, settings: Settings
) -> None:
    """Figures every second, the service's own less often. Once an hour old rows of the machinery are pruned, and what
    only this release knows is taken up: old and new processes work side by side for a while."""
    engine = consumer.engine
    counted = pruned = float("-inf")
    while True:
        try:
            await take_stock(store, clock.now(), metrics)
            if monotonic() - counted > COUNT_SECONDS:
                async with store.connection() as connection:
                    metrics.own.said = await engine.service.figures(connection, clock.now())
                counted = monotonic()
            if monotonic() - pruned > PRUNE_SECONDS:
                await store.prune(WallClock().now(), kept_now(engine, clock, settings))
                async with store.connection() as connection:
                    await make_partitions(connection, clock.now())
                await Parking(consumer).take_up()
                pruned = monotonic()
        except Exception as error:
            if not store.transient(error):
                raise
        await asyncio.sleep(KEEPING_SECONDS)
