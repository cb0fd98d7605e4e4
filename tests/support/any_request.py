"""Requests as no well-meaning client would write them: to every route of every service. Strategies of hypothesis."""

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from hypothesis import strategies as st

from backbone.http.contract import JSON
from schemas.documents import resolved
from tests.contract.services import documents, operations
from tests.support.any_bytes import values as broken
from tests.support.drawn import values as legal

Draw = Callable[..., Any]
KNOWN = "@known@"
"""Stands for the id of something that there is; whoever asks fills it in."""
TEXTS = (
    *("", "-1", "0", "00", "+1", "1.0", "1e400", "NaN", "\u00b2", "\u0663", "null", "true", "9" * 400),
    *("2147483648", "9223372036854775807", "9223372036854775808", "-9223372036854775809"),
    *("0001-01-01", "9999-12-31", "2027-02-30", "0000-00-00", "1900-01-01T00:00:00+14:00"),
    *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2199-12-31T23:59:59-14:00", "now"),
    *("00000000-0000-0000-0000-000000000000", "urn:uuid:11111111-1111-4111-8111-111111111111"),
    *("11111111-1111-4111-8111-11111111111\u00b2", "11111111111141118111111111111111"),
    *(
        "a/../b",
        "..",
        "a b",
        "'; --",
        "%",
        "\u202e",
        "\U0001f642" * 60,
        "x" * 3_000,
        "coordination,coordination",
    ),
)
RAW = ("%00", "%ff", "%ed%a0%80", "%C0%80", "%", "%zz", "a%2Fb", "%0d%0aSet-Cookie:a", "%1b%5b2J")
"""As they stand in the address."""
IN_HEADERS = (
    *(
        b"",
        b'"3"',
        b'"0"',
        b'"-1"',
        b'"999999999"',
        b'"9999999999"',
        b'"\xb3"',
        b'"\xd9\xa3"',
        b'W/"3"',
        b"*",
    ),
    *(b"3", b'"', b'"3", "4"', b"\xff\xfe", b"a\tb", b"k" * 256, b'"' + b"9" * 3_000 + b'"', b"-1"),
    *(b"9223372036854775807", b"9223372036854775808", b"1.5", b"nothing"),
)
ALWAYS = (
    "if-match",
    "idempotency-key",
    "last-event-id",
    "traceparent",
    "x-correlation-id",
    "x-purpose",
    "content-type",
    "accept",
)
"""Headers that some route or all of them read."""
NO_BODY = (None, None, b"", b"{}", b"[]", b"null", b'{"a":1}', b"\xff", b"{", b"[" * 5_000)
FORM = "application/x-www-form-urlencoded"


class Operation(NamedTuple):
    """`schema` is that of its JSON body, if it takes one."""

    service: str
    method: str
    path: str
    parameters: tuple[Mapping[str, Any], ...]
    schema: Mapping[str, Any] | None
    is_form: bool

    @property
    def name(self) -> str:
        return f"{self.service} {self.method.upper()} {self.path}"

    @property
    def is_stream(self) -> bool:
        return self.path.endswith("/stream")


class Asked(NamedTuple):
    path: str
    query: tuple[tuple[str, str], ...]
    headers: tuple[tuple[str, bytes], ...]
    body: bytes | None
    """None: no body."""

    def url(self, known: Callable[[str], str]) -> str:
        told = "&".join(f"{quote(name)}={value}" for name, value in filled(self.query, known))
        path = "".join(known(part[1:]) if part[:1] == "@" else part for part in self.path.split("|"))
        return f"{path}?{told}" if told else path


def filled(query: Any, known: Callable[[str], str]) -> list[tuple[str, str]]:
    return [(name, known(name) if value == KNOWN else value) for name, value in query]


def every_operation() -> list[Operation]:
    """Of every service, those of the runtime included; what only development has excluded."""
    return [
        made(service, document, method, path, operation)
        for service, document in documents().items()
        for method, path, operation in operations(document)
        if not path.startswith("/development")
    ]


def made(service: str, document: Any, method: str, path: str, operation: Any) -> Operation:
    content = operation.get("requestBody", {}).get("content", {})
    parts = document["components"]["schemas"]
    schema = resolved(content[JSON]["schema"], parts) if JSON in content else None
    said = tuple(operation.get("parameters", ()))
    return Operation(service, method, path, said, schema, FORM in content or path.startswith("/sms/"))


@st.composite
def requests(draw: Draw, operation: Operation) -> Asked:
    """About things that there are, half of the time; else something about it is as it should not be."""
    how = st.sampled_from(("sound", "sound", "sound", "odd"))
    path = [draw(part(each)) for each in operation.path.split("{")]
    said = [each for each in operation.parameters if each["in"] == "query"]
    query = [
        (each["name"], draw(in_query(each, draw(how))))
        for each in said
        if draw(st.booleans()) or (each.get("required") and draw(how) == "sound")
    ]
    if draw(how) == "odd":
        query.append((draw(st.sampled_from(("unknown", "limit", "cursor", "\u00b2"))), draw(texts())))
    headers = draw(st.lists(st.tuples(st.sampled_from(ALWAYS), st.sampled_from(IN_HEADERS)), max_size=2))
    return Asked("|".join(path), tuple(query), tuple(headers), draw(body(operation)))


def part(text: str) -> st.SearchStrategy[str]:
    """`patient_id}/consents`: the value of a parameter, and what follows it."""
    name, closed, rest = text.partition("}")
    if not closed:
        return st.just(text)
    odd = st.sampled_from(TEXTS).map(lambda each: quote(each, safe="")) | st.sampled_from(RAW)
    value = st.one_of(*[st.just(f"@{name.removesuffix(':path')}")] * 3, odd)
    return value.map(lambda each: f"|{each}|{rest}")


def texts() -> st.SearchStrategy[str]:
    return st.sampled_from(TEXTS).map(lambda each: quote(each, safe="")) | st.sampled_from(RAW)


def in_query(parameter: Mapping[str, Any], how: str) -> st.SearchStrategy[str]:
    schema = parameter["schema"]
    options = [each for each in schema.get("anyOf", [schema]) if each.get("type") != "null"]
    if how == "odd" or not options:
        return texts()
    [option, *_] = options
    option = option.get("items", option)
    if option.get("format") == "uuid":
        return st.just(KNOWN)
    if option.get("format") == "date":
        return st.dates().map(str)
    if option.get("type") == "boolean":
        return st.sampled_from(("true", "false"))
    if option.get("type") == "integer" or "enum" in option or "pattern" in option:
        return legal(option).map(lambda each: quote(str(each), safe=""))
    return texts()


def body(operation: Operation) -> st.SearchStrategy[bytes | None]:
    if operation.is_form:
        return st.sampled_from(NO_BODY) | st.binary(max_size=80) | st.just(b"From=%ff&Body=%00")
    if operation.schema is None:
        return st.sampled_from(NO_BODY)
    sound = legal(operation.schema).map(lambda value: json.dumps(value).encode())
    return st.one_of(sound, sound, sound.flatmap(broken), st.sampled_from(NO_BODY))
