"""What the senders of an intake are told: one result for each record, in the order of its topic. No I/O."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from backbone.engine.engine import Result
from backbone.engine.wanted import id_of
from backbone.engine.writes import NO_HEADERS, Placing, shard_of, sized
from backbone.log.arrivals import Arrival, NotUnpacked, content_id, key_of
from backbone.log.poison import Poison
from backbone.model.aggregate import Lookup
from backbone.model.invalid import wrong
from backbone.model.service import Came
from backbone.model.wire import Unparsable
from backbone.store.rows import OutboxRow
from schemas.fact import Fact

NO_JSON = (wrong((), "unreadable", "This can't be read as JSON. Send it again, corrected."),)
MOST_FIELDS = 50
"""Of one result: whoever has more has not read the contract, and the others show when these are mended."""


Told = tuple[Arrival, Came]


def results_of(
    placing: Placing, handled: Sequence[Arrival], result: Result, now: datetime, parked: Sequence[Told] = ()
) -> list[OutboxRow]:
    """Of what was handled: what came of it, or what is wrong with it. With what is told of the parked, in order."""
    ours = [arrival for arrival in handled if is_told(placing, arrival)]
    facts = facts_by_cause(result) if ours else {}
    told = [*((arrival, came_of(arrival, result, facts, now)) for arrival in ours), *parked]
    told.sort(key=lambda each: each[0].record.offset)
    return [row_of(placing, arrival, came, now) for arrival, came in told]


def put_aside(
    placing: Placing, poison: Iterable[Poison], held: Iterable[Arrival], new: Collection[str], now: datetime
) -> list[Told]:
    """Of what is parked now: that it waits; or, where nothing could be read, that nothing will come of it."""
    told = []
    for arrival in (*(each.arrival for each in poison), *held):
        record_id = content_id(arrival.topic, arrival.partition, arrival.record)
        if record_id not in new or not is_told(placing, arrival) or isinstance(arrival.error, NotUnpacked):
            continue
        unreadable = isinstance(arrival.error, Unparsable)
        came = came_from(arrival, now)._replace(is_set_aside=not unreadable)
        told.append((arrival, came._replace(fields=NO_JSON) if unreadable else came))
    return told


def is_told(placing: Placing, arrival: Arrival) -> bool:
    intake = placing.service.intake_by_topic.get(arrival.topic)
    return intake is not None and intake.results is not None


def facts_by_cause(result: Result) -> Mapping[str, Sequence[Fact]]:
    """What each record brought about itself; what follows from that has another cause."""
    cause = attrgetter("head.causation_id")
    events = sorted((event for _, event in result.made.events), key=cause)
    return {cause_id: [event.fact for event in group] for cause_id, group in groupby(events, cause)}


def came_of(arrival: Arrival, result: Result, facts: Mapping[str, Sequence[Fact]], now: datetime) -> Came:
    came = came_from(arrival, now)._replace(submission=arrival.submission)
    if arrival.invalid is not None:
        return came._replace(fields=arrival.invalid.fields[:MOST_FIELDS])
    assert arrival.work is not None
    if arrival.work.refusal is not None:
        return came._replace(refusal=arrival.work.refusal)
    pathway_id, lane_key = about(arrival, result)
    return came._replace(pathway_id=pathway_id, lane_key=lane_key, facts=facts.get(arrival.id, ()))


def came_from(arrival: Arrival, now: datetime) -> Came:
    return Came(arrival.name, place_of(arrival), now, value=arrival.record.value or b"")


def about(arrival: Arrival, result: Result) -> tuple[str | None, str | None]:
    """The pathway that its order names, and whose it is."""
    assert arrival.work is not None
    for order in arrival.work.orders:
        if isinstance(order.pathway, Lookup):
            pathway_id = id_of(order.pathway, result.lookups)
            return pathway_id, result.working.entries[order.pathway.kind, pathway_id].lane_key
    return None, None


def place_of(arrival: Arrival) -> tuple[str, int, int]:
    return arrival.topic, arrival.partition, arrival.record.offset


def row_of(placing: Placing, arrival: Arrival, came: Came, now: datetime) -> OutboxRow:
    """Under the key of the record."""
    results = placing.service.intake_by_topic[arrival.topic].results
    assert results is not None
    key = key_of(arrival.record, arrival.topic, arrival.partition)
    value = sized(f"the value of {results.topic}", results.says(came, placing.rules_at(now)))
    return OutboxRow(shard_of(placing, key), results.topic, key, value, NO_HEADERS, now)
