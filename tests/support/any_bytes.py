"""Records as no well-meaning producer would write them, on any topic that a service reads. Strategies of hypothesis."""

import json
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from itertools import count
from typing import Any

import msgspec
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from backbone.ids import derive, random_id
from backbone.log.records import Record
from backbone.model import Head, Service
from backbone.model.head import Actor
from backbone.model.wire import headers_of
from schemas.__main__ import EXAMPLES
from tests.support.deciding import START
from tests.support.effort import explored
from tests.support.submissions import a_submission, somebody

SENT_MS = 1_800_000_000_000
HOLE = "@ here @"

Draw = Callable[..., Any]

KEYS = (
    *(
        b"\0",
        b"a\0b",
        b"\xff\xfe",
        b"k" * 5_000,
        b"..",
        b"a/../b",
        b" ",
        b"/",
        b"?#%00",
        "🙂".encode(),
        b"\x1b[2J",
    ),
    b"11111111-1111-4111-8111-111111111111",
)
TOKENS = (
    *(
        "null",
        "true",
        "{}",
        "[]",
        "0",
        "-1",
        "NaN",
        "-Infinity",
        "1e400",
        "1E+40",
        "1e-400",
        "9" * 400,
        "9" * 5_000,
    ),
    *('""', '"\\u0000"', '"a\\u0000b"', '"\\ud800"', '"\\udfff\\ud800"', '"\x7f"', '"' + "x" * 10_000 + '"'),
    *(
        '"0001-01-01T00:00:00+14:00"',
        '"9999-12-31T23:59:59-14:00"',
        '"0001-01-01"',
        '"9999-12-31"',
        '"2027-02-30"',
    ),
    *(
        '"1E+40"',
        '"1e999999999"',
        '"NaN"',
        '"-0"',
        '"00000000-0000-0000-0000-000000000000"',
        "[" * 500 + "]" * 500,
    ),
    *(
        "[" * 100_000,
        '{"a":' * 2_000 + "1" + "}" * 2_000,
        '[{"a":NaN}]',
        '"melt"',
        "[null,null]",
        '{"\\u0000":1}',
    ),
)
"""JSON, or nearly, in the place of any value."""
HEADERS = (
    *(
        None,
        b"",
        b"\0",
        b"\xff",
        b"x" * 5_000,
        "²".encode(),
        "٣".encode(),
        b"9" * 5_000,
        b"9223372036854775808",
        b"-1",
    ),
    *(
        b"0",
        b"1.0",
        b"1e3",
        b"0001-01-01T00:00+14:00",
        b"9999-12-31T23:59:59-14:00",
        b"2027-01-04T14:00:00",
        b"now",
    ),
    *(b"urn:uuid:11111111-1111-4111-8111-111111111111", b"11111111-1111-4111-8111-111111111111", b"a,b,,\0"),
    f"00-{'1' * 32}-{'2' * 16}-01".encode(),
)
TIMES = (0, -1, 1, -(10**15), 10**15, 2**63 - 1, -(2**63), 253_402_300_800_000, -62_135_596_800_001)
_numbers = count(1)


def facts_on(service: Service, topic: str) -> list[str]:
    """Wire types that the service reads from the topic."""
    return [name for name in service.consumed if f"{name.partition('.')[0]}.events" == topic]


def healthy(service: Service, topic: str, wire_type: str | None = None) -> Record:
    """What the topic is for, about a patient of its own. Its offset is still to be set.

    Nobody is alike another: each newcomer would be compared with, and told to be alike, all who came before.
    """
    number = next(_numbers)
    patient = derive("11111111-1111-4111-8111-111111111111", f"patient {number}")
    if topic in service.intake_by_topic:
        said = {"referral.intake": a_submission(f"R-{number:06}", patient=somebody(number))}
        return Record(0, patient.encode(), msgspec.json.encode(said.get(topic, {"name": "Ada"})), (), SENT_MS)
    name = wire_type or facts_on(service, topic)[0]
    return Record(
        0, patient.encode(), (EXAMPLES / f"{name}.json").read_bytes(), headers(name, patient), SENT_MS
    )


def headers(wire_type: str, patient: str) -> list[tuple[str, bytes | None]]:
    identity, about = random_id(), derive(patient, "thing")
    head = Head(
        *(identity, wire_type, wire_type.partition(".")[0], START, START, "thing", about, 1, 1, patient),
        *(derive(patient, "pathway"), identity, identity, Actor("system")),
    )
    return [(name, text.encode()) for name, text in json.loads(headers_of(head)).items()]


@st.composite
def nasty_records(draw: Draw, service: Service, topic: str) -> Record:
    """A healthy record with something about it that should not be; or nothing but bytes."""
    types = facts_on(service, topic)
    record = healthy(service, topic, draw(st.sampled_from(types)) if types else None)
    parts = draw(st.sets(st.sampled_from(("key", "value", "headers", "time")), min_size=1))
    if "key" in parts:
        record = record._replace(key=draw(keys()))
    if "value" in parts:
        record = record._replace(value=draw(values(record.value or b"")))
    if "headers" in parts:
        record = record._replace(headers=draw(broken_headers(record.headers)))
    if "time" in parts:
        record = record._replace(timestamp=draw(st.sampled_from(TIMES) | st.integers(-(2**63), 2**63 - 1)))
    return record


def keys() -> st.SearchStrategy[bytes | None]:
    return st.none() | st.sampled_from(KEYS) | st.binary(max_size=40) | st.just(b"\xf0" * 1_000_000)


@st.composite
def values(draw: Draw, sound: bytes) -> bytes | None:
    how = draw(st.sampled_from(("token", "token", "token", "more", "cut", "bytes", "none", "twice")))
    if how == "token":
        return with_token(draw, json.loads(sound))
    if how == "more":
        return sound[:-1] + b',"of tomorrow":' + draw(st.sampled_from(TOKENS)).encode() + b"}"
    if how == "cut":
        return sound[: draw(st.integers(0, len(sound)))]
    if how == "twice":
        return sound[:-1] + b"," + sound[1:]
    return None if how == "none" else draw(st.binary(max_size=60))


def with_token(draw: Draw, fields: Any) -> bytes:
    """Any value of the document becomes any token."""
    holder: dict[str, Any] = {"": deepcopy(fields)}
    where, key = draw(st.sampled_from(list(places(holder))))
    where[key] = HOLE
    token = draw(st.sampled_from(TOKENS))
    return json.dumps(holder[""]).replace(f'"{HOLE}"', token).encode()


def places(node: Any) -> Iterator[tuple[Any, Any]]:
    """Every value of a document, by what holds it."""
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in items:
        yield node, key
        yield from places(value)


@st.composite
def broken_headers(draw: Draw, sound: Sequence[tuple[str, bytes | None]]) -> list[tuple[str, bytes | None]]:
    """One or more of them with other values, missing, twice, or of names that nobody knows."""
    found = list(sound)
    for _ in range(draw(st.integers(1, 3))):
        value = draw(st.sampled_from(HEADERS) | st.binary(max_size=20))
        name = draw(st.sampled_from([name for name, _ in sound] or ["traceparent"]) | st.text(max_size=8))
        how = draw(st.sampled_from(("other", "missing", "twice")))
        if how != "twice":
            found = [pair for pair in found if pair[0] != name]
        if how != "missing":
            found.append((name, value))
    return found


def runs(service: Service, topic: str, most: int = 5, least: int = 1) -> st.SearchStrategy[list[Record]]:
    """Nasty records with a healthy one behind them, some of them twice."""
    nasty = st.lists(nasty_records(service, topic), min_size=least, max_size=most)
    twice = st.booleans()
    return st.builds(
        lambda records, again: [*records, *records[: 1 if again else 0], healthy(service, topic)],
        nasty,
        twice,
    )


def numbered(records: Sequence[Record], first: int) -> list[Record]:
    return [record._replace(offset=first + n) for n, record in enumerate(records)]


def at_length(examples: int) -> settings:
    """The same examples each time, but in `make explore`. Records are large, and drawing them takes long."""
    same = settings.get_current_profile_name() != "explore"
    return settings(explored(examples), suppress_health_check=list(HealthCheck), derandomize=same)
