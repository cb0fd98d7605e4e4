"""From a fold to rows: states by difference, journal, outbox, timers and publications. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

import msgspec

from backbone.engine.deferred import Deferred, waiting_rows
from backbone.engine.timing import wait_on, write_timers
from backbone.engine.work import Made, Poisoned, Refusing, Work
from backbone.engine.working_set import Entry, WorkingSet
from backbone.errors import TooLarge
from backbone.ids import derive, partition_of
from backbone.model.aggregate import (
    Effect,
    Publication,
    no_effects,
    no_publications,
    tag_of,
)
from backbone.model.decision import Content
from backbone.model.head import Event
from backbone.model.service import Service
from backbone.model.wire import headers_of
from backbone.store.rows import (
    ContentRow,
    EffectRow,
    JournalRow,
    LiveChange,
    Named,
    OutboxRow,
    RefusalRow,
    StateRow,
    TimelineRow,
    Writes,
)

encode = msgspec.json.encode


class Placing(Protocol):
    """Where rows go."""

    service: Service
    partitions: int
    shards: int

    def rules_at(self, now: datetime) -> Any: ...

    def lane_of(self, key: str) -> int: ...


def writes_of(
    placing: Placing,
    works: Sequence[Work],
    working: WorkingSet,
    made: Made,
    deferred: Mapping[str, Deferred],
    now: datetime,
) -> Writes:
    """`deferred` are the groups that waited before. Content to publish that is not loaded goes to `working.missed`.

    Raises Poisoned or TooLarge for too many bytes.
    """
    writes = Writes()
    rules = placing.rules_at(now)
    changed = working.changed()
    for entry in changed:
        rows = writes.updates if entry.loaded_version else writes.births
        rows.setdefault(entry.aggregate.kind, []).append(state_row(entry, now))
    write_events(placing, writes, works, made)
    writes.timers_dropped = [work.timer for work in works if work.timer]
    writes.effects_dropped = [work.effect for work in works if work.effect]
    traces = {id(entry): event.head.traceparent for entry, event in made.events}
    for entry in changed:
        trace = traces.get(id(entry))
        write_timers(rules, placing.lane_of, writes, entry)
        write_effects(writes, entry, trace)
        write_publications(placing, writes, entry, working, made, now, trace)
    wait_on(rules, placing.lane_of, writes, works, working, now)
    writes.contents = [content_row(content, lane_key, now) for content, lane_key in made.contents]
    writes.deferred, writes.deferred_done = waiting_rows(made.deferred, deferred)
    writes.refusals = [refusal_row(refusing, now) for refusing in made.refusals]
    if placing.service.keeps_timeline:
        writes.timeline = [timeline_row(work.event) for work in works if work.event]
    return writes


def refusal_row(refusing: Refusing, now: datetime) -> RefusalRow:
    send = refusing.send
    command = tag_of(type(send.command))
    return RefusalRow(
        refusing.cause_id, send.aggregate.kind, refusing.target, command, refusing.refusal.reason, now
    )


def state_row(entry: Entry, now: datetime) -> StateRow:
    state = entry.state
    return StateRow(
        entry.id,
        entry.lane_key,
        entry.pathway_id,
        entry.version,
        entry.sequence,
        tag_of(type(state)),
        encode(state),
        now,
        tuple([column(state) for column in entry.aggregate.column.values()]),
        entry.loaded_version,
    )


MOST_RECORD_BYTES = 256 * 1024
"""Of a fact or a published value: half of the relay's batch, a quarter of what Kafka takes (`max.message.bytes`).

The bounds of the contracts keep every legal fact well below it (tests/contract/test_bounds.py). It is for what they
don't bound: a fact that the broker refused later would stop the outbox of the whole service.
"""


def fact_json(fact: Any) -> bytes:
    """The value on the wire and in the journal: serialised once."""
    return bytes(fact.__pydantic_serializer__.to_json(fact, exclude_none=True))


def sized(what: str, value: bytes) -> bytes:
    """Raises TooLarge."""
    if len(value) > MOST_RECORD_BYTES:
        raise TooLarge(what, len(value), MOST_RECORD_BYTES)
    return value


def blamed(works: Sequence[Work], cause_id: str, error: TooLarge) -> Exception:
    """The poison that the work with this cause is, or the only one: the others can be written."""
    guilty = [work for work in works if work.cause.id == cause_id or len(works) == 1]
    return Poisoned([(guilty[0], error)]) if guilty else error


def write_events(placing: Placing, writes: Writes, works: Sequence[Work], made: Made) -> None:
    for _, event in made.events:
        try:
            write_event(placing, writes, event)
        except TooLarge as error:
            raise blamed(works, event.head.causation_id, error) from error


def write_event(placing: Placing, writes: Writes, event: Event[Any]) -> None:
    head = event.head
    data = sized(head.type, fact_json(event.fact))
    actor = head.actor
    writes.journal.append(
        JournalRow(
            head.aggregate_type,
            head.aggregate_id,
            head.version,
            head.sequence,
            head.event_id,
            head.type,
            head.lane_key,
            head.pathway_id,
            head.occurred_at,
            head.recorded_at,
            head.correlation_id,
            head.causation_id,
            actor.kind,
            actor.id,
            actor.role,
            ",".join(head.rules) if head.rules else None,
            head.traceparent,
            data,
        )
    )
    if head.sequence is not None:
        key = head.lane_key or head.aggregate_id
        row = OutboxRow(
            shard_of(placing, key),
            placing.service.events_topic,
            key,
            data,
            headers_of(head),
            head.recorded_at,
        )
        writes.outbox.append(row)


def shard_of(placing: Placing, key: str) -> int:
    """By the outgoing key, whatever came in."""
    return partition_of(key, placing.shards) if placing.shards > 1 else 0


def write_effects(writes: Writes, entry: Entry, trace: str | None) -> None:
    """An effect that the state no longer wants goes; one that it wants now comes."""
    effects = entry.aggregate.effects
    if effects is no_effects:
        return
    before: Mapping[str, Effect] = effects(entry.loaded) if entry.loaded_version else {}
    after = effects(entry.state)
    writes.effects_dropped += [
        Named(entry.aggregate.kind, entry.id, name) for name in before if name not in after
    ]
    for name, effect in after.items():
        if name not in before:
            row = EffectRow(
                derive(entry.id, f"effect:{entry.aggregate.kind}:{name}"),
                entry.aggregate.kind,
                entry.id,
                name,
                effect.kind,
                list(effect.reads),
                effect.body,
                entry.lane_key,
                entry.pathway_id,
                trace,
            )
            writes.effects_set.append(row)


def write_publications(
    placing: Placing,
    writes: Writes,
    entry: Entry,
    working: WorkingSet,
    made: Made,
    now: datetime,
    trace: str | None,
) -> None:
    """The difference between what the loaded and the present state publish; what is no longer said gets a tombstone."""
    publications = entry.aggregate.publications
    if publications is no_publications:
        return
    before = by_place(publications(entry.loaded)) if entry.loaded_version else {}
    after = by_place(publications(entry.state))
    for place in before:
        if place not in after:
            publish(placing, writes, place, None, now, trace)
    for place, publication in after.items():
        if before.get(place) != publication:
            publish(placing, writes, place, published_value(publication, working, made), now, trace)


def by_place(publications: Iterable[Publication]) -> dict[tuple[str, str], Publication]:
    return {(publication.topic, publication.key): publication for publication in publications}


def published_value(publication: Publication, working: WorkingSet, made: Made) -> bytes | None:
    ref = publication.content_ref
    if ref is None:
        return publication.value
    if ref not in made.bodies:
        working.missed.contents[ref] = None
    return made.bodies.get(ref) or None


NO_HEADERS = encode({"content-type": "application/json"})


def publish(
    placing: Placing,
    writes: Writes,
    place: tuple[str, str],
    value: bytes | None,
    now: datetime,
    trace: str | None,
) -> None:
    topic, key = place
    if value is not None:
        sized(f"the value of {topic}", value)
    headers = NO_HEADERS[:-1] + f',"traceparent":"{trace}"}}'.encode() if trace else NO_HEADERS
    writes.outbox.append(OutboxRow(shard_of(placing, key), topic, key, value, headers, now))
    if topic in placing.service.live:
        writes.live.append(LiveChange(topic, key, value))


def content_row(content: Content, lane_key: str | None, now: datetime) -> ContentRow:
    return ContentRow(content.ref, content.kind, lane_key, content.body, now)


def timeline_row(event: Event[Any]) -> TimelineRow:
    head = event.head
    return TimelineRow(
        head.event_id,
        head.type,
        head.aggregate_id,
        head.lane_key,
        head.pathway_id,
        head.occurred_at,
        headers_of(head),
        fact_json(event.fact),
    )
