"""CloudEvents headers ↔ envelope, in Kafka's binary mode. The only module that knows header names."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import msgspec
from pydantic import TypeAdapter, ValidationError

from backbone.ids import identifier
from backbone.model.head import Actor, Event, Head
from backbone.telemetry import TRACEPARENT
from schemas.envelope import header_names
from schemas.fact import Fact

CONTENT_TYPE = "application/json"
TRACE = "traceparent"
ENVELOPE = frozenset(header_names().values()) - {TRACE}
"""The headers that say what a fact is."""
MOST_DIGITS = 18
"""Of a sequence number: what is longer fits into no database."""

FIELDS = TypeAdapter(dict[str, Any])
Headers = Sequence[tuple[str, bytes | None]]


class Unparsable(Exception):
    """The record is not a fact: headers or value are broken. Parks its key."""

    reason = "unparsable"


class UnknownType(Unparsable):
    """A fact of ours that no contract here knows: a later release says it."""

    reason = "unknown_type"


class UnknownCode(Unparsable):
    """A required field holds a code that is not in its closed list. Parks its key."""

    reason = "unknown_code"


@lru_cache(maxsize=1024)
def rfc3339(moment: datetime) -> str:
    """UTC with Z, microseconds kept. The facts of a run have one time."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def headers_of(head: Head) -> bytes:
    """The envelope as a JSON object of header name to string. An absent optional field has no header."""
    headers = {
        "ce_specversion": "1.0",
        "ce_id": head.event_id,
        "ce_type": head.type,
        "ce_source": head.origin,
        "ce_time": rfc3339(head.occurred_at),
        "ce_subject": head.aggregate_id,
        "ce_dataschema": f"urn:huddle:schema:{head.type}",
        "ce_recordedtime": rfc3339(head.recorded_at),
        "ce_aggregatetype": head.aggregate_type,
        "ce_correlationid": head.correlation_id,
        "ce_causationid": head.causation_id,
        "ce_actorkind": head.actor.kind,
        "content-type": CONTENT_TYPE,
    }
    optional = (
        ("ce_sequence", None if head.sequence is None else str(head.sequence)),
        ("ce_patientid", head.lane_key),
        ("ce_referralid", head.pathway_id),
        ("ce_actorid", head.actor.id),
        ("ce_actorrole", head.actor.role),
        ("ce_rules", ",".join(head.rules)),
        ("traceparent", head.traceparent),
    )
    headers.update({name: value for name, value in optional if value})
    return msgspec.json.encode(headers)


def text_headers(headers: Headers) -> dict[str, str]:
    """The envelope's headers; of one that is repeated, the last. Raises Unparsable when one is null or not UTF-8."""
    try:
        return {name: value.decode() for name, value in headers if name in ENVELOPE}  # type: ignore[union-attr]
    except (UnicodeDecodeError, AttributeError) as error:
        raise Unparsable("a header is not UTF-8 text") from error


def trace_header(headers: Headers) -> str | None:
    """The sender's trace, where it is one: it only helps to find the record, so a broken one keeps nobody back."""
    for name, value in headers:
        if (
            name == TRACE
            and value is not None
            and TRACEPARENT.fullmatch(text := value.decode(errors="replace"))
        ):
            return text
    return None


def sequence_number(text: str | None) -> int | None:
    """None when there is none. Raises ValueError when it is no number from 1 on, or too long for one."""
    if not text:
        return None
    if len(text) > MOST_DIGITS or not (text.isascii() and text.isdigit()) or not int(text):
        raise ValueError("not a sequence number")
    return int(text)


def instant(text: str) -> datetime:
    """In UTC. Raises ValueError when the text names no instant, or one outside the calendar."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is UTC:
        return moment
    if moment.tzinfo is None:
        raise ValueError("an instant without an offset")
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("an instant outside the calendar") from error


def head_of(headers: Mapping[str, str], traceparent: str | None) -> Head:
    """The envelope. Raises Unparsable when a required attribute is missing or malformed.

    The version counts private facts too and does not travel: it is 0 for what came over Kafka.
    """
    get = headers.get
    rules = get("ce_rules")
    try:
        return Head(
            event_id=identifier(headers["ce_id"]),
            type=headers["ce_type"],
            origin=headers["ce_source"],
            occurred_at=instant(headers["ce_time"]),
            recorded_at=instant(headers["ce_recordedtime"]),
            aggregate_type=headers["ce_aggregatetype"],
            aggregate_id=identifier(headers["ce_subject"]),
            version=0,
            sequence=sequence_number(get("ce_sequence")),
            lane_key=optional_identifier(get("ce_patientid")),
            pathway_id=optional_identifier(get("ce_referralid")),
            correlation_id=identifier(headers["ce_correlationid"]),
            causation_id=identifier(headers["ce_causationid"]),
            actor=Actor(headers["ce_actorkind"], get("ce_actorid"), get("ce_actorrole")),
            rules=tuple(rules.split(",")) if rules else (),
            traceparent=traceparent,
        )
    except KeyError as error:
        raise Unparsable(f"the header {error.args[0]} is missing") from error
    except ValueError as error:
        raise Unparsable("a header is malformed") from error


def optional_identifier(text: str | None) -> str | None:
    return identifier(text) if text else None


def fact_of(model: type[Fact], value: bytes | None) -> Fact:
    """The fact. Raises Unparsable or UnknownCode; an unknown code in an optional field is as if it were absent."""
    if value is None:
        raise Unparsable("a fact has no value")
    try:
        return model.model_validate_json(value)
    except ValidationError as error:
        return _tolerated(model, value, error)
    except ArithmeticError as error:
        raise Unparsable("a number or a time is outside its range") from error


def _tolerated(model: type[Fact], value: bytes, error: ValidationError) -> Fact:
    problems = problems_of(error)
    if any(problem["type"] not in ("literal_error", "enum") for problem in problems):
        raise Unparsable(described(problems)) from None
    unknown = {str(problem["loc"][0]) for problem in problems}
    if not unknown <= optional(model):
        raise UnknownCode(described(problems)) from None
    known = {name: field for name, field in FIELDS.validate_json(value).items() if name not in unknown}
    try:
        return model.model_validate_json(FIELDS.dump_json(known))
    except ValidationError as still:
        raise Unparsable(described(problems_of(still))) from None


def optional(model: type[Fact]) -> set[str]:
    """Names on the wire of the fields that a fact may go without."""
    fields = model.model_fields.items()
    return {str(field.validation_alias or name) for name, field in fields if not field.is_required()}


def problems_of(error: ValidationError) -> Sequence[Any]:
    """Without what was put in."""
    return error.errors(include_input=False, include_url=False, include_context=False)


def described(problems: Sequence[Any]) -> str:
    """Places and kinds of problems, never the values: they may be personal."""
    return "; ".join(
        f"{'.'.join(str(part) for part in problem['loc'])}: {problem['type']}" for problem in problems
    )


Facts = Mapping[str, type[Fact]]


def reader(facts: Facts) -> Callable[[Mapping[str, str], Headers, bytes | None], Event[Any] | None]:
    """Parses records of the given facts, from their envelope and all; None for a type that nobody here reacts to."""

    def read(envelope: Mapping[str, str], headers: Headers, value: bytes | None) -> Event[Any] | None:
        wire_type = envelope.get("ce_type")
        if wire_type is None:
            raise Unparsable("the header ce_type is missing")
        model = facts.get(wire_type)
        if model is None:
            return None
        return Event(head_of(envelope, trace_header(headers)), fact_of(model, value))

    return read
