"""What the brokers say: topics, copies, how long they keep records, and how far this service is."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from typing import Any

import asyncpg
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from backbone.brokers import Brokers
from backbone.clock import WallClock
from backbone.log.hosts.bounds import Bounds
from backbone.model import Service
from backbone.settings import Settings
from cli.doctor.asking import clock_of, disks_of
from cli.doctor.finding import Finding, Verdict, fails, graded, ok, warns
from cli.doctor.here import ended, of_clock, of_end, of_space
from cli.stack.access import administering
from cli.stack.topics import in_sync
from schemas.services import all_topics
from schemas.topics import Topic, partitions

SURVIVES = 3
"""With so many copies one broker may be lost without a record and without a pause."""
BEHIND = 1_000
"""Records: more than what comes in while one looks."""
WEEK_MINUTES = 7 * 24 * 60
UNSEEN = "we may not see all of it: ask as who makes topics (huddle acl: operator)"
Configs = Mapping[str, str]


def topics_of(service: Service, settings: Settings) -> Sequence[Topic]:
    """What it writes and what it reads."""
    return [
        topic
        for topic in all_topics(settings.retention_days)
        if topic.owner == service.name or topic.name in service.topics
    ]


async def of_brokers(settings: Settings) -> Sequence[Finding]:
    """How many there are, their clock, disks, settings and certificates."""
    is_grave = settings.environment == "production"
    async with administering(settings.brokers) as admin:
        nodes = [row["node_id"] for row in (await admin.describe_cluster())["brokers"]]
        before = WallClock().now()
        clock = await clock_of(admin)
        after = WallClock().now()
        disks = [disk for node in nodes for disk in await disks_of(admin, node)]
        named = ConfigResource(ConfigResourceType.BROKER, str(nodes[0]))
        configs = configs_in(await admin.describe_configs([named])).get(named.name)
    found = [of_count(len(nodes), settings.copies, is_grave)]
    found += (of_space(disk.place, disk.free, disk.total) for disk in disks)
    if clock is not None:
        found.append(of_clock("Kafka's controller", clock, before, after))
    if configs is not None:
        found += of_offsets(configs)
    if clock is None or configs is None:
        found.append(warns("brokers", UNSEEN))
    return [*found, *[each async for each in of_certificates(settings.brokers)]]


async def of_certificates(brokers: Brokers) -> AsyncIterator[Finding]:
    """Of the servers that are asked first."""
    if (trusted := brokers.security.get("ssl_context")) is None:
        return
    for server in brokers.servers.split(","):
        host, _, port = server.strip().rpartition(":")
        _, writer = await asyncio.wait_for(asyncio.open_connection(host, int(port), ssl=trusted), 10)
        ends = (writer.get_extra_info("peercert") or {})["notAfter"]
        writer.transport.abort()
        yield of_end(f"that of broker {server.strip()}", ended(ends), WallClock().now())


async def of_topics(settings: Settings, topics: Sequence[Topic]) -> Sequence[Finding]:
    is_grave = settings.environment == "production"
    async with administering(settings.brokers) as admin:
        there = await admin.describe_topics([topic.name for topic in topics])
        resources = [ConfigResource(ConfigResourceType.TOPIC, topic.name) for topic in topics]
        configs = configs_in(await admin.describe_configs(resources))
    rows = {row["topic"]: row["partitions"] for row in there if not row["error_code"]}
    return together(
        finding
        for topic in topics
        for finding in of_topic(topic, rows.get(topic.name), configs.get(topic.name), settings, is_grave)
    )


def together(found: Iterable[Finding]) -> Sequence[Finding]:
    """What is said of several topics, once."""
    names: dict[tuple[Verdict, str], list[str]] = {}
    for each in found:
        names.setdefault((each.verdict, each.says), []).append(each.subject)
    return [Finding(verdict, "topics", f"{', '.join(of)}: {says}") for (verdict, says), of in names.items()]


def configs_in(answers: Iterable[Any]) -> Mapping[str, Configs]:
    """By topic or broker; without what we may not look at."""
    found = {}
    for answer in answers:
        for error, _, _, name, entries in answer.resources:
            if not error:
                found[name] = {entry[0]: entry[1] for entry in entries}
    return found


def of_count(nodes: int, copies: int, is_grave: bool) -> Finding:
    if nodes < copies:
        return graded("brokers", f"{nodes} answer, of {copies} (HUDDLE_REPLICATION)", is_grave=is_grave)
    if copies < SURVIVES:
        return warns("brokers", f"{nodes} answer: with {SURVIVES} none is missed (HUDDLE_REPLICATION)")
    return ok("brokers", f"{nodes} answer")


def of_offsets(configs: Configs) -> Iterator[Finding]:
    kept = int(configs["offsets.retention.minutes"])
    if kept < WEEK_MINUTES:
        yield warns(
            "brokers",
            f"offsets.retention.minutes={kept}: a relay that stays down longer sends twice. Set {WEEK_MINUTES} or more",
        )


def of_topic(
    topic: Topic, rows: Sequence[Any] | None, configs: Configs | None, settings: Settings, is_grave: bool
) -> Iterator[Finding]:
    """One line where all is well, else one for each thing that is not."""
    if not rows:
        yield fails(topic.name, "there is no such topic: make it (container prepare)")
        return
    wrong = [*of_copies(topic, rows, settings.copies, is_grave), *of_partitions(topic, rows, settings)]
    if configs is None:
        wrong.append(warns(topic.name, UNSEEN))
    else:
        wrong += of_configs(topic, configs, settings.copies, is_grave)
    yield from wrong or [ok(topic.name, f"{len(rows)} partitions, {len(rows[0]['replicas'])} copies")]


def of_copies(topic: Topic, rows: Sequence[Any], wanted: int, is_grave: bool) -> Iterator[Finding]:
    copies = min(len(row["replicas"]) for row in rows)
    if copies < wanted:
        said = f"{copies} copies of each record, and HUDDLE_REPLICATION is {wanted}"
        yield graded(topic.name, said, is_grave=is_grave)
    if any(len(row["isr"]) < len(row["replicas"]) for row in rows):
        yield warns(topic.name, "some copies are behind: is a broker down?")


def of_partitions(topic: Topic, rows: Sequence[Any], settings: Settings) -> Iterator[Finding]:
    wanted = partitions(topic, settings.partitions)
    if topic.laned and len(rows) != wanted:
        yield fails(
            topic.name,
            f"{len(rows)} partitions, and HUDDLE_PARTITIONS is {wanted}: patients would be mixed up",
        )


def of_configs(topic: Topic, configs: Configs, copies: int, is_grave: bool) -> Iterator[Finding]:
    acknowledged, wanted = int(configs["min.insync.replicas"]), topic.settings()
    if acknowledged < in_sync(copies):
        says = f"min.insync.replicas={acknowledged}: what is acknowledged may be lost. Set {in_sync(copies)}"
        yield graded(topic.name, says, is_grave=is_grave)
    if configs["unclean.leader.election.enable"] == "true":
        yield fails(topic.name, "unclean.leader.election.enable=true: records may be lost. Set false")
    if configs["cleanup.policy"] != wanted["cleanup.policy"]:
        yield fails(
            topic.name, f"cleanup.policy={configs['cleanup.policy']}: it must be {wanted['cleanup.policy']}"
        )
    kept = int(configs["retention.ms"])
    if 0 <= kept < int(wanted.get("retention.ms", 0)):
        yield fails(
            topic.name,
            f"retention.ms={kept}: records would go before {topic.days} days (HUDDLE_RETENTION_DAYS). Set "
            f"{wanted['retention.ms']}",
        )


async def of_lag(service: Service, settings: Settings) -> Sequence[Finding]:
    """How far the service is behind, by its own positions. Without positions it never ran."""
    connection = await asyncpg.connect(str(settings.database_url))
    try:
        rows = await connection.fetch("SELECT topic, partition, next_offset FROM consumer_offset")
    finally:
        await connection.close()
    positions = {(row[0], row[1]): row[2] for row in rows if row[0] in service.topics}
    if not positions:
        return [ok("lag", "it has not read anything yet")]
    bounds = Bounds(settings.brokers)
    try:
        return list(behind(positions, await bounds.ends(list(positions))))
    finally:
        await bounds.close()


def behind(
    positions: Mapping[tuple[str, int], int], ends: Mapping[tuple[str, int], int]
) -> Iterator[Finding]:
    for (topic, partition), position in positions.items():
        if position > ends[topic, partition]:
            yield fails(
                "lag",
                f"{topic}/{partition} ends at {ends[topic, partition]}, and {position} was read: this is not the Kafka "
                "that this database knows (docs/runbook.md)",
            )
    lag = sum(max(ends[place] - position, 0) for place, position in positions.items())
    said = f"{lag} records are to be handled"
    yield (
        ok("lag", said) if lag <= BEHIND else warns("lag", f"{said}: does it run, and does this number fall?")
    )
