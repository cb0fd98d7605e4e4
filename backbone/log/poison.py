"""What can't be handled: why, how it is kept until it is tried again, and who is told. No I/O."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from backbone.engine.generic import Generic
from backbone.engine.work import Work
from backbone.engine.writes import NO_HEADERS, Placing, shard_of
from backbone.ids import ROOT, derive
from backbone.log.arrivals import Arrival, NotUnpacked, content_id
from backbone.log.records import Record
from backbone.model.aggregate import One
from backbone.model.head import SYSTEM, Cause
from backbone.model.service import Service
from backbone.model.wire import UnknownType, Unparsable
from backbone.store.rows import OutboxRow, ParkedRow
from backbone.telemetry import log

LONGEST_ERROR = 500


@dataclass(slots=True)
class Poison:
    """An arrival that can't be handled, and why."""

    arrival: Arrival
    error: Exception

    @property
    def reason(self) -> str:
        return self.error.reason if isinstance(self.error, Unparsable) else "programming_error"

    @property
    def place(self) -> str:
        arrival = self.arrival
        return f"{arrival.topic}/{arrival.partition}/{arrival.record.offset}"


def parking_id(service: str, key: str) -> str:
    """The aggregate that stands for a parked key."""
    return derive(ROOT, f"parking:{service}:{key}")


def parking_works(service: Service, poison: Iterable[Poison], now: datetime) -> list[Work]:
    """Each parked key becomes a fact, so that somebody hears of it. What waits for a later release needs nobody."""
    return [parking_work(service, item, now) for item in poison if item.reason != UnknownType.reason]


def parking_work(service: Service, poison: Poison, now: datetime) -> Work:
    arrival = poison.arrival
    lane_key = arrival.lane_key
    cause = Cause(derive(arrival.id, "park"), now, SYSTEM, arrival.id, lane_key, source="record")
    park = Generic.of(service).park(
        parking_id(service.name, arrival.key),
        poison.reason,
        poison.place,
        One(lane_key) if lane_key else None,
    )
    return Work(cause, [park])


def rows_of(poison: Iterable[Poison], held: Iterable[Arrival], now: datetime) -> list[ParkedRow]:
    """The records as they will be tried again, in the order in which they came."""
    rows = [parked_row(item.arrival, item.reason, described(item.error), now) for item in poison]
    rows += [parked_row(arrival, "behind", "waits behind a parked record", now) for arrival in held]
    return sorted(rows, key=lambda row: row.record_offset)


def parked_row(arrival: Arrival, reason: str, error: str, at: datetime) -> ParkedRow:
    record = arrival.record
    return ParkedRow(
        key=arrival.key,
        record_id=content_id(arrival.topic, arrival.partition, record),
        topic=arrival.topic,
        partition=arrival.partition,
        record_offset=record.offset,
        raw_key=record.key,
        value=record.value,
        headers=msgspec.json.encode(list(record.headers)),
        sent_ms=record.timestamp,
        reason=reason,
        error=error,
        parked_at=at,
    )


def record_of(row: ParkedRow) -> Record:
    """A parked record as it came."""
    headers = msgspec.json.decode(row.headers, type=list[tuple[str, bytes | None]])
    return Record(row.record_offset, row.raw_key, row.value, headers, row.sent_ms)


def kind_of(error: Exception) -> str:
    """What it is."""
    return str(error) if isinstance(error, NotUnpacked) else type(error).__name__


def described(error: Exception) -> str:
    """Kind and message, short enough to be kept and without what no table takes."""
    text = f"{kind_of(error)}: {error}"[:LONGEST_ERROR]
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)


def shown(error: Exception) -> str:
    """To people: with its message only where that is ours. Another's may hold what it did not like."""
    return described(error) if isinstance(error, Unparsable) else kind_of(error)


def letters_of(placing: Placing, rows: Sequence[ParkedRow], now: datetime) -> list[OutboxRow]:
    """What the dead-letter topic is told: coordinates and reasons."""
    topic = placing.service.dead_letters_topic
    letters = []
    for row in rows:
        value = {
            "record_id": row.record_id,
            "topic": row.topic,
            "partition": row.partition,
            "offset": row.record_offset,
            "reason": row.reason,
            "parked_at": now,
        }
        letters.append(
            OutboxRow(shard_of(placing, row.key), topic, row.key, msgspec.json.encode(value), NO_HEADERS, now)
        )
    return letters


def tell(poison: Iterable[Poison]) -> None:
    """A line for each; of a programming error, where in the code it was."""
    for item in poison:
        arrival, bug = item.arrival, item.reason == "programming_error"
        place = {
            "topic": arrival.topic,
            "partition": arrival.partition,
            "offset": arrival.record.offset,
        }
        log.error(
            "record parked",
            extra={**place, "reason": item.reason, "error": kind_of(item.error)},
            exc_info=item.error if bug else None,
        )
