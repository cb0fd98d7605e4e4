"""Looks after a host once a second, the same for all: lag, Kafka's copy of the positions, runs that went astray; and
whether the topics are still those that we know.
"""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import suppress

from backbone.clock import monotonic
from backbone.errors import Fatal, Retryable
from backbone.log.hosts.chain import not_allowed
from backbone.log.lanes import QUEUED, Lanes
from backbone.log.records import Host, Seen
from backbone.telemetry import Metrics, log

LOOK_SECONDS = 1.0
TOPICS_SECONDS = 5.0
OUTSIDE_SECONDS = 45.0
"""A member hears within its session timeout, even if it gets no partition. A library that hangs never does."""

Place = tuple[str, int]


async def keep_watch(lanes: Lanes, host: Host, metrics: Metrics) -> None:
    """Until cancelled. Raises Fatal when the group does not take the process in, or Kafka refuses it."""
    told: dict[Place, int] = {}
    suspects: set[tuple[Place, int]] = set()
    outside = 0.0
    telling = asyncio.ensure_future(asyncio.sleep(0))
    comparing = asyncio.ensure_future(keep_comparing(lanes, host))
    try:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            outside = 0.0 if lanes.member else outside + LOOK_SECONDS
            if outside > OUTSIDE_SECONDS:
                raise Fatal(
                    f"No partitions were assigned for {OUTSIDE_SECONDS:.0f} seconds: start the process again."
                )
            if denial := host.denied():
                raise not_allowed(denial)
            show_lag(lanes, host, metrics)
            metrics.strange.set(len(lanes.stopped) + len(lanes.missing))
            suspects = await fetch_strays(lanes, host, suspects)
            news = {place: offset for place, offset in lanes.durable.items() if told.get(place) != offset}
            if news and telling.done():
                telling = asyncio.ensure_future(tell(host, news, told))
    finally:
        telling.cancel()
        comparing.cancel()


async def tell(host: Host, news: Mapping[Place, int], told: dict[Place, int]) -> None:
    """What Kafka did not take is told again."""
    if await host.commit(news):
        told |= news


async def keep_comparing(lanes: Lanes, host: Host) -> None:
    """For ever. While the broker is away, it is as it was; the lanes say so when that takes long."""
    while True:
        with suppress(Retryable):
            compare(lanes, await host.seen(lanes.core.needs))
            lanes.heard = monotonic()
        await asyncio.sleep(TOPICS_SECONDS)


def compare(lanes: Lanes, topics: Mapping[str, Seen]) -> None:
    """What Kafka lacks stands in `lanes.missing`, and a topic that was made anew is read no further."""
    before, lanes.missing = lanes.missing, list(missing(lanes, topics))
    for said in lanes.missing:
        if said not in before:
            log.warning(said)
    for name, seen in topics.items():
        if lanes.topic_ids.get(name, seen.id) != seen.id:
            lanes.topic_ids[name] = seen.id
            lanes.doubt(name)


def missing(lanes: Lanes, topics: Mapping[str, Seen]) -> Iterator[str]:
    """Of what is needed, a sentence each."""
    if absent := sorted(lanes.core.needs - topics.keys()):
        yield (
            f"there is no topic {', '.join(absent)}: make what is missing (huddle up, or python -m cli.preparing). "
            "What waits in outboxes is sent then"
        )
    wanted = lanes.core.partitions
    wrong = sorted(name for name, seen in topics.items() if wanted not in (None, seen.partitions))
    if wrong:
        yield (
            f"{', '.join(wrong)} has not the {wanted} partitions that HUDDLE_PARTITIONS says: some timers never fire, "
            "and keys would be in other lanes. Set it to what it was when the topics were made, or give them more as "
            "docs/runbook.md says (More lanes)"
        )


def show_lag(lanes: Lanes, host: Host, metrics: Metrics) -> None:
    """What is not fetched, and what is fetched but not durable. A marker at the end counts as nothing."""
    metrics.lag.clear()
    for place, durable in lanes.durable.items():
        left, handed_out = host.left(*place), host.handed_out(*place)
        if left is not None and handed_out is not None:
            metrics.lag.labels(*place).set(left + max(0, handed_out - durable))


async def fetch_strays(lanes: Lanes, host: Host, suspects: set[tuple[Place, int]]) -> set[tuple[Place, int]]:
    """Records that were fetched, but neither wait nor were handled for two looks, are fetched again.

    The transaction would notice as soon as another record follows; this is for the last ones.
    """
    found: set[tuple[Place, int]] = set()
    if lanes.queued >= QUEUED:
        return found
    for place, durable in list(lanes.durable.items()):
        handed_out = host.handed_out(*place)
        if handed_out is None or handed_out == durable or not lanes.idle(place):
            continue
        if (place, handed_out) in suspects:
            log.warning(
                "records went astray and are fetched again", extra={"topic": place[0], "partition": place[1]}
            )
            await host.seek(*place, durable)
        else:
            found.add((place, handed_out))
    return found
