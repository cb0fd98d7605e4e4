"""From Kafka records to arrivals: what came, under which id and key, and what it asks for. No I/O."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
from pydantic import ValidationError

import schemas
from backbone.engine.work import Work
from backbone.ids import derive, identifier, record_cause
from backbone.log.records import Record
from backbone.log.sequences import Sequences
from backbone.model import wire
from backbone.model.aggregate import Order, as_order
from backbone.model.head import Actor, Cause, Event, Head, cause_of
from backbone.model.invalid import Invalid, names_in, of_the_contract, wrong
from backbone.model.service import Intake, Service
from backbone.tracing import NoSpans, Spans, begun, kept, then
from schemas.services import NAMES

CONTRACTS = Path(schemas.__file__).parent / "contracts" / "facts"
TOPICS = frozenset(f"{name}.events" for name in NAMES)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST_KEY = 200
DOTS = frozenset((".", ".."))


class NotUnpacked(wire.Unparsable):
    """Its host could not unpack it. The message is what the host says, without content."""


@dataclass(slots=True)
class Arrival:
    """A record and what could be read of it. `event` and `error` are both None for a fact that nobody here wants.

    `id` is the fact's, which another record may have too: a repetition, or the corrected form of a broken one. What
    can't be read has only the id that its content gives, so that it never stands for another. `key` is who waits behind
    whom: of a submission, what its sender calls it, `name`. `invalid`: it can be read, and its sender is told what is
    wrong. `work` is what it asked for.
    """

    topic: str
    partition: int
    record: Record
    id: str
    key: str
    lane_key: str | None = None
    event: Event[Any] | None = None
    submission: Any = None
    error: Exception | None = None
    name: tuple[str, ...] = ()
    invalid: Invalid | None = None
    work: Work | None = None

    @property
    def wanted(self) -> bool:
        return any(part is not None for part in (self.event, self.submission, self.error, self.invalid))


def handled(service: str, cause: Cause) -> str:
    """The trace of the handling of this by this service."""
    assert cause.traceparent is not None
    return then(cause.traceparent, f"{cause.id} handled by {service}")


@cache
def published() -> frozenset[str]:
    """The types of all facts that the contracts of this release know, as they lie beside it."""
    return frozenset(file.stem for file in CONTRACTS.glob("*.json"))


def is_of_a_later_release(wire_type: str, topic: str) -> bool:
    """Said by its service, and known to nobody here. Whoever has no contracts passes over what they don't want."""
    known = published()
    return topic in TOPICS and topic == f"{wire_type.partition('.')[0]}.events" and wire_type not in known


def check_speaker(head: Head, topic: str) -> None:
    """Whoever may write a topic speaks for the topic's owner and for nobody else. Raises Unparsable."""
    if topic != f"{head.origin}.events" or not head.type.startswith(f"{head.origin}."):
        raise wire.Unparsable("type, source and topic are not of one service")


class Arrivals:
    """Reads a service's topics."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self._read = wire.reader(service.consumed)
        self.sequences = Sequences()
        self.topic_ids: dict[str, str | None] = {}
        """Kafka's own of each topic: the same coordinates in one that was made anew are another record."""
        self.gaps = 0
        """Missing sequence numbers seen since somebody last took note."""
        self.spans: Spans = NoSpans()
        """Somebody is told of spans."""

    def read(self, topic: str, partition: int, records: Sequence[Record]) -> list[Arrival]:
        """Everything that this service wants, in order; what can't be read carries its error, whatever that is."""
        intake = self.service.intake_by_topic.get(topic)
        arrivals = []
        for record in records:
            identity = record_cause(self.topic_ids.get(topic) or topic, partition, record.offset)
            arrival = Arrival(topic, partition, record, identity, key_of(record, topic, partition))
            try:
                self._read_one(arrival, intake)
            except Exception as error:
                arrival.error, arrival.id = error, content_id(topic, partition, record)
                arrival.lane_key = None if intake else lane_key_of(record)
                if isinstance(error, wire.UnknownType):
                    arrival.key = place_of(topic, partition, record.offset)  # nobody waits behind it
            if arrival.wanted:
                arrivals.append(arrival)
        return arrivals

    def _read_one(self, arrival: Arrival, intake: Intake | None) -> None:
        if arrival.record.problem:
            raise NotUnpacked(arrival.record.problem)
        if intake:
            take_in(arrival, intake)
        else:
            self._event(arrival)

    def _event(self, arrival: Arrival) -> None:
        headers = wire.text_headers(arrival.record.headers)
        self.gaps += self.sequences.missing(arrival.topic, arrival.partition, headers)
        event = self._read(headers, arrival.record.headers, arrival.record.value)
        if event is None:
            if is_of_a_later_release(headers["ce_type"], arrival.topic):
                raise wire.UnknownType("no contract of this release knows the type")
            return
        check_speaker(event.head, arrival.topic)
        if not (event.head.origin == self.service.name and event.head.type in self.service.local_types):
            arrival.event, arrival.id, arrival.lane_key = event, event.head.event_id, event.head.lane_key

    def work(self, arrival: Arrival, rules: Any, now: datetime) -> Work:
        """What the arrival asks for. Whatever a reaction raises comes through."""
        if arrival.event is not None:
            cause = self._traced(cause_of(arrival.event))
            reactions = self.service.reactions_by_type.get(arrival.event.head.type, ())
            orders = [as_order(order) for reaction in reactions for order in reaction(arrival.event, rules)]
            arrival.work = Work(cause, orders, event=arrival.event)
        else:
            cause, orders = self._intake_work(arrival, rules, now)
            arrival.work = Work(self._traced(cause), orders)
        return arrival.work

    def _traced(self, cause: Cause) -> Cause:
        """Where somebody looks, what follows is caused by its handling here, and not at once by who published it."""
        if not (self.spans.on and kept(cause.traceparent)):
            return cause
        return msgspec.structs.replace(cause, traceparent=handled(self.service.name, cause))

    def _intake_work(self, arrival: Arrival, rules: Any, now: datetime) -> tuple[Cause, list[Order]]:
        record, intake = arrival.record, self.service.intake_by_topic[arrival.topic]
        cause = Cause(
            id=arrival.id,
            at=now,
            actor=Actor("referrer"),
            correlation_id=arrival.id,
            traceparent=wire.trace_header(record.headers) or begun(arrival.id, self.spans.keeps),
            source="record",
            key=key_of(record, arrival.topic, arrival.partition) if record.key else None,
            sent_at=sent_at(record),
        )
        if arrival.invalid is not None:
            return cause, []
        try:
            return cause, [as_order(order) for order in intake.orders(arrival.submission, cause, rules)]
        except Invalid as error:
            if intake.results is None:
                raise
            arrival.invalid = error
            return cause, []


def take_in(arrival: Arrival, intake: Intake) -> None:
    """A submission, or what is wrong with it. Raises Unparsable or UnknownCode where its sender is not told."""
    value = arrival.record.value or b""
    if intake.results:
        arrival.name = intake.results.name(value)
        arrival.key = shown("/".join(arrival.name).encode()) if arrival.name else arrival.key
    try:
        arrival.submission = submission_of(intake, value)
    except Invalid as error:
        arrival.invalid = error


def key_of(record: Record, topic: str, partition: int) -> str:
    """What decides who waits behind whom, in a form that a table, a line of text and an address can carry.

    Nobody waits behind a record without a key. Of a key that is too long, not text, or not fit to be shown, its hash.
    """
    return shown(record.key) if record.key else place_of(topic, partition, record.offset)


def place_of(topic: str, partition: int, offset: int) -> str:
    return f"{topic}/{partition}/{offset}"


def shown(raw: bytes) -> str:
    """The text, or its hash."""
    try:
        key = raw.decode()
    except UnicodeDecodeError:
        key = ""
    if (
        0 < len(key) <= LONGEST_KEY
        and key.isprintable()
        and ("." not in key or DOTS.isdisjoint(key.split("/")))
    ):
        return key
    return f"sha256:{sha256(raw).hexdigest()}"


def content_id(topic: str, partition: int, record: Record) -> str:
    """The same for a record that comes again. Other content under the same fact id is another record."""
    try:
        named = identifier((dict(record.headers).get("ce_id") or b"").decode())
    except ValueError:
        named = record_cause(topic, partition, record.offset)
    whole = msgspec.json.encode((record.key, record.value, record.headers))
    return derive(named, sha256(whole).hexdigest())


def lane_key_of(record: Record) -> str | None:
    """Whose record it is, as far as a broken one tells: the key is the patient's, unless it is the subject's."""
    headers = dict(record.headers)
    key = None if headers.get("ce_subject") == record.key else record.key
    for text in (headers.get("ce_patientid"), key):
        try:
            return identifier((text or b"").decode())
        except ValueError:
            continue
    return None


def sent_at(record: Record) -> datetime | None:
    """When its producer says that it was sent. None when no calendar has such a time."""
    try:
        return EPOCH + timedelta(milliseconds=record.timestamp)
    except OverflowError:
        return None


def submission_of(intake: Intake, value: bytes) -> Any:
    """Raises Invalid where its sender is told, else Unparsable or UnknownCode. What is no JSON is always Unparsable."""
    try:
        return intake.model.model_validate_json(value)
    except ValidationError as error:
        problems = wire.problems_of(error)
        if intake.results and all(problem["type"] != "json_invalid" for problem in problems):
            raise Invalid(of_the_contract(problems, names_in(intake.model))) from None
        unknown = all(problem["type"] == "literal_error" for problem in problems)
        raise (wire.UnknownCode if unknown else wire.Unparsable)(wire.described(problems)) from None
    except ArithmeticError as error:
        if intake.results:
            raise Invalid([wrong((), "out_of_range", "A number or a time is outside its range.")]) from None
        raise wire.Unparsable("a number or a time is outside its range") from error
