"""Logs without personal data, metrics without patient ids, and the trace context. One name of each thing."""

import logging
import re
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.core import GaugeMetricFamily
from pythonjsonlogger.core import LogData
from pythonjsonlogger.json import JsonFormatter

from backbone.clock import monotonic

log = logging.getLogger("huddle")

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
TRACEPARENT = re.compile(r"^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$")


class Figure(NamedTuple):
    """One number of the service's own, as it stands now. Its labels are codes, and few."""

    name: str
    means: str
    labels: Mapping[str, str]
    value: float


class OwnFigures:
    """What the service last said of itself."""

    def __init__(self) -> None:
        self.said: Iterable[Figure] = ()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        families: dict[str, GaugeMetricFamily] = {}
        for name, means, labels, value in self.said:
            family = families.setdefault(name, GaugeMetricFamily(name, means, labels=list(labels)))
            family.add_metric(list(labels.values()), value)
        yield from families.values()


class Refused(Protocol):
    """What was wanted in vain."""

    @property
    def aggregate_kind(self) -> str: ...
    @property
    def command(self) -> str: ...


class Metrics:
    """The figures of one process, in a registry of its own. No label ever names a person."""

    def __init__(self) -> None:
        registry = self.registry = CollectorRegistry()
        self.own = OwnFigures()
        registry.register(self.own)
        ProcessCollector(registry=registry)
        self.handled = Counter("huddle_records_handled", "Records handled", registry=registry)
        self.duplicates = Counter("huddle_duplicates_dropped", "Repeated fact ids dropped", registry=registry)
        self.gaps = Counter("huddle_sequence_gaps", "Missing sequence numbers seen", registry=registry)
        self.deadlocks = Counter("huddle_deadlocks", "Deadlocks of the database", registry=registry)
        self.rebalances = Counter("huddle_rebalances", "Partition assignments received", registry=registry)
        self.lag = Gauge(
            "huddle_lag_records", "Records not handled yet", ["topic", "partition"], registry=registry
        )
        self.parked = Gauge("huddle_parked_keys", "Keys with parked records", registry=registry)
        self.deferred = Gauge("huddle_deferred_orders", "Orders that came too early", registry=registry)
        self.batch_size = Histogram(
            "huddle_batch_records",
            "Records per transaction",
            buckets=(1, 2, 5, 10, 50, 100, 500, 1000),
            registry=registry,
        )
        self.transaction_seconds = Histogram(
            "huddle_transaction_seconds",
            "Time of a consuming transaction",
            buckets=BUCKETS,
            registry=registry,
        )
        self.latency_seconds = Histogram(
            "huddle_latency_seconds",
            "From a fact's recording to its handling here",
            buckets=BUCKETS,
            registry=registry,
        )
        self.strange = Gauge(
            "huddle_kafka_strange", "Partitions that are not read and topics that lack", registry=registry
        )
        self._of_what_is_wanted(registry)
        self._of_what_goes_out(registry)
        self._of_requests(registry)

    def count_refused(self, refusals: Iterable[Refused]) -> None:
        for each in refusals:
            self.orders_refused.labels(each.aggregate_kind, each.command).inc()

    def _of_what_is_wanted(self, registry: CollectorRegistry) -> None:
        self.orders_refused = Counter(
            "huddle_orders_refused",
            "Orders of reactions and timers that were refused: table `refusal` has the reasons",
            ["aggregate", "command"],
            registry=registry,
        )
        self.timers_overdue = Gauge("huddle_timers_overdue", "Timers that are due", registry=registry)
        self.timers_overdue_seconds = Gauge(
            "huddle_timers_overdue_seconds", "For how long the first of them is", registry=registry
        )
        self.timers_failed = Counter(
            "huddle_timers_failed", "Timers that could not be fired, and are tried again", registry=registry
        )

    def _of_requests(self, registry: CollectorRegistry) -> None:
        self.requests = Counter(
            "huddle_http_requests",
            "Requests answered, by the class of their status",
            ["method", "route", "status"],
            registry=registry,
        )
        self.request_seconds = Histogram(
            "huddle_http_request_seconds",
            "Until the answer begins",
            ["method", "route"],
            buckets=BUCKETS,
            registry=registry,
        )
        self.views = Gauge("huddle_views_open", "Open views", registry=registry)

    def _of_what_goes_out(self, registry: CollectorRegistry) -> None:
        self.unsent_age = Gauge(
            "huddle_outbox_oldest_seconds", "Age of the oldest unsent row", registry=registry
        )
        self.unsent = Gauge("huddle_outbox_rows", "Rows not sent yet", registry=registry)
        self.sent = Counter("huddle_messages_sent", "Messages that the relay sent", registry=registry)
        self.relay_began_again = Counter(
            "huddle_relay_began_again",
            "Times that the relay had to begin again",
            ["error"],
            registry=registry,
        )
        self.relay_waits = Gauge(
            "huddle_relay_waits_seconds",
            "For how long the relay has neither led nor stood by",
            registry=registry,
        )
        self.set_aside = Counter("huddle_set_aside", "Rows that Kafka refused for good", registry=registry)
        self.undeliverable = Gauge(
            "huddle_undeliverable_rows", "Rows that wait because Kafka refuses one", registry=registry
        )
        self.effects = Gauge("huddle_effects_waiting", "Effects not called yet", ["kind"], registry=registry)
        self.effect_seconds = Histogram(
            "huddle_effect_seconds",
            "Time of a call to the outside",
            ["kind"],
            buckets=BUCKETS,
            registry=registry,
        )
        self.effects_called = Counter(
            "huddle_effects_called", "Calls to the outside", ["kind", "result"], registry=registry
        )


SAID = frozenset(
    (
        *("time", "level", "logger", "message", "service", "exc_info"),
        *(
            "aggregate",
            "at",
            "correlation_id",
            "count",
            "error",
            "offset",
            "partition",
            "path",
            "place",
            "reason",
            "repeated",
            "rule",
            "topic",
        ),
    )
)
"""The fields of a line. Another one is left out: nobody has looked whether it is personal."""


MOST_FRAMES = 30


class SafeFormatter(JsonFormatter):
    """Of a line's fields those on the list; of an exception its kind and place, because messages may quote data."""

    def process_log_record(self, log_data: LogData) -> LogData:
        return {name: value for name, value in log_data.items() if name in SAID}

    def formatException(self, ei: Any) -> str:  # noqa: N802 (the name is the library's)
        frames = traceback.extract_tb(ei[2])[-MOST_FRAMES:]
        places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
        return " < ".join([ei[0].__name__, *reversed(places)])


def configure_logging(level: str, service: str) -> None:
    """One JSON object a line on standard error, for our logs and the libraries'."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        SafeFormatter(
            "{asctime}{levelname}{name}{message}",
            style="{",
            rename_fields={"asctime": "time", "levelname": "level", "name": "logger"},
            static_fields={"service": service},
        )
    )
    handler.addFilter(ThrottledRecords())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel("WARNING")
    log.setLevel(level.upper())


class ThrottledLog:
    """Says a repeated thing once in `seconds`, with the count of what was left unsaid."""

    def __init__(self, seconds: float = 10.0, now: Callable[[], float] = monotonic) -> None:
        self._seconds = seconds
        self._now = now
        self._last: dict[str, tuple[float, int]] = {}

    def warning(self, message: str, **extra: object) -> None:
        said, silent = self._last.get(message, (float("-inf"), 0))
        now = self._now()
        if now - said < self._seconds:
            self._last[message] = (said, silent + 1)
            return
        self._last[message] = (now, 0)
        log.warning(message, extra={**extra, "repeated": silent})


class ThrottledRecords(logging.Filter):
    """Lets what a library repeats pass once in `seconds`: ten lines a second say no more while the broker is away."""

    def __init__(self, seconds: float = 10.0) -> None:
        super().__init__()
        self._seconds = seconds
        self._said: dict[tuple[str, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith(log.name):
            return True
        what, now = (record.name, str(record.msg)), monotonic()
        if now - self._said.get(what, float("-inf")) < self._seconds:
            return False
        if len(self._said) > 1_000:
            self._said.clear()
        self._said[what] = now
        return True
