"""From Kafka records to arrivals: what came, under which id and key, and what it asks for. No I/O."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
from pydantic import ValidationError

from backbone.engine.work import Work
from backbone.ids import identifier, record_cause
from backbone.log.records import Record
from backbone.log.sequences import Sequences
from backbone.model import wire
from backbone.model.aggregate import Order, as_order
from backbone.model.head import Actor, Cause, Event, cause_of
from backbone.model.service import Intake, Service
from backbone.store.rows import ParkedRow


@dataclass(slots=True)
class Arrival:
    """A record and what could be read of it. `event` and `error` are both None for a fact that nobody here wants."""

    topic: str
    partition: int
    record: Record
    id: str
    key: str
    lane_key: str | None = None
    event: Event[Any] | None = None
    submission: Any = None
    error: Exception | None = None

    @property
    def wanted(self) -> bool:
        return self.event is not None or self.submission is not None or self.error is not None


class Arrivals:
    """Reads a service's topics."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self._read = wire.reader(service.consumed)
        self.sequences = Sequences()
        self.gaps = 0
        """Missing sequence numbers seen since somebody last took note."""

    def read(self, topic: str, partition: int, records: Sequence[Record]) -> list[Arrival]:
        """Everything that this service wants, in order; what can't be read carries its error."""
        intake = self.service.intake_by_topic.get(topic)
        read = (lambda arrival: self._submission(arrival, intake)) if intake else self._event
        arrivals = []
        for record in records:
            coordinates = record_cause(topic, partition, record.offset)
            key = record.key.decode(errors="replace") if record.key else coordinates
            arrival = Arrival(topic, partition, record, coordinates, key)
            read(arrival)
            if arrival.wanted:
                arrivals.append(arrival)
        return arrivals

    def _event(self, arrival: Arrival) -> None:
        try:
            headers = wire.text_headers(arrival.record.headers)
        except wire.Unparsable as error:
            arrival.lane_key = lane_key_of(arrival.key, {})
            arrival.error = error
            return
        self.gaps += self.sequences.missing(arrival.topic, arrival.partition, headers)
        try:
            event = self._read(headers, arrival.record.value)
        except wire.Unparsable as error:
            arrival.error = error
            arrival.lane_key = lane_key_of(arrival.key, headers)
            arrival.id = own_id(headers) or arrival.id
            return
        if event is not None and not (
            event.head.origin == self.service.name and event.head.type in self.service.local_types
        ):
            arrival.event, arrival.id, arrival.lane_key = event, event.head.event_id, event.head.lane_key

    def _submission(self, arrival: Arrival, intake: Intake | None) -> None:
        assert intake is not None
        try:
            arrival.submission = intake.model.model_validate_json(arrival.record.value or b"")
        except ValidationError as error:
            problems = error.errors(include_input=False, include_url=False, include_context=False)
            unknown = all(problem["type"] == "literal_error" for problem in problems)
            arrival.error = (wire.UnknownCode if unknown else wire.Unparsable)(wire.described(problems))

    def work(self, arrival: Arrival, rules: Any) -> Work:
        """What the arrival asks for. Whatever a reaction raises comes through."""
        if arrival.event is not None:
            cause = cause_of(arrival.event)
            reactions = self.service.reactions_by_type.get(arrival.event.head.type, ())
            orders = [as_order(order) for reaction in reactions for order in reaction(arrival.event, rules)]
            return Work(cause, orders, event=arrival.event)
        return Work(*self._intake_work(arrival, rules))

    def _intake_work(self, arrival: Arrival, rules: Any) -> tuple[Cause, list[Order]]:
        cause = Cause(
            id=arrival.id,
            at=datetime.fromtimestamp(arrival.record.timestamp / 1000, UTC),
            actor=Actor("referrer"),
            correlation_id=arrival.id,
            traceparent=dict(arrival.record.headers).get("traceparent", b"").decode(errors="replace") or None,
            source="record",
            key=arrival.key if arrival.record.key else None,
        )
        orders = self.service.intake_by_topic[arrival.topic].orders(arrival.submission, cause, rules)
        return cause, [as_order(order) for order in orders]


def own_id(headers: dict[str, str]) -> str | None:
    """The fact's own id, where it can be read."""
    try:
        return identifier(headers["ce_id"])
    except (KeyError, ValueError):
        return None


def lane_key_of(key: str, headers: dict[str, str]) -> str | None:
    """Whose record it is, as far as a broken one tells: the key is the patient's, unless it is the subject's."""
    for text in (headers.get("ce_patientid"), None if headers.get("ce_subject") == key else key):
        try:
            return identifier(text or "")
        except ValueError:
            continue
    return None


def parked_row(arrival: Arrival, reason: str, error: str, at: datetime) -> ParkedRow:
    """The record as it will be tried again."""
    record = arrival.record
    return ParkedRow(
        key=arrival.key,
        record_id=arrival.id,
        topic=arrival.topic,
        partition=arrival.partition,
        record_offset=record.offset,
        raw_key=record.key,
        value=record.value,
        headers=msgspec.json.encode(list(record.headers)),
        sent_at=datetime.fromtimestamp(record.timestamp / 1000, UTC),
        reason=reason,
        error=error,
        parked_at=at,
    )


def record_of(row: ParkedRow) -> Record:
    """A parked record as it came."""
    headers = msgspec.json.decode(row.headers, type=list[tuple[str, bytes]])
    return Record(row.record_offset, row.raw_key, row.value, headers, int(row.sent_at.timestamp() * 1000))
