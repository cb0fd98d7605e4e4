"""What a record says is read, or it is unparsable: nothing else comes of it."""

from datetime import UTC, datetime
from typing import Literal

import pytest

from backbone.model.wire import UnknownCode, Unparsable, fact_of, instant, sequence_number, trace_header
from schemas.fact import Dec, Fact, Instant

TRACE = f"00-{'1' * 32}-{'2' * 16}-01"


class Told(Fact):
    type: Literal["outside.told.v1"] = "outside.told.v1"
    colour: Literal["red", "green"] | None = None
    kind: Literal["a", "b"] = "a"
    must: Literal["x", "y"]
    at: Instant | None = None
    dose: Dec | None = None


def read(text: str) -> Fact:
    return fact_of(Told, text.encode())


@pytest.mark.parametrize(
    "other", ["", ',"of tomorrow":NaN', ',"of tomorrow":-Infinity', ',"of tomorrow":1e999']
)
def test_an_unknown_code_in_an_optional_field_is_as_if_it_were_absent(other: str) -> None:
    assert read('{"must":"x","colour":"blue","kind":"c"' + other + "}") == Told(must="x")


def test_an_unknown_code_in_a_required_field_is_one() -> None:
    with pytest.raises(UnknownCode, match="must: literal_error"):
        read('{"must":"z","colour":"blue"}')


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "{",
        "[" * 100_000,
        '{"must":"x","at":"0001-01-01T00:00:00+14:00"}',
        '{"must":"x","at":"9999-12-31T23:59:59-14:00"}',
        '{"must":"x","at":"2027-01-04T14:00:00"}',
        '{"must":"x","dose":{}}',
        '{"must":"\\ud800"}',
    ],
    ids=lambda text: text[:50],
)
def test_what_is_no_fact_is_unparsable(text: str) -> None:
    with pytest.raises(Unparsable):
        read(text)


def test_a_description_of_what_is_wrong_holds_no_value() -> None:
    with pytest.raises(Unparsable) as told:
        read('{"must":"x","at":"Ada Example"}')
    assert "Ada" not in str(told.value)


def test_an_instant_is_aware_and_in_utc() -> None:
    assert instant("2027-01-04T09:00:00-05:00") == datetime(2027, 1, 4, 14, tzinfo=UTC)
    assert instant("2027-01-04T14:00:00Z").tzinfo is UTC


@pytest.mark.parametrize(
    "text", ["0001-01-01T00:00+14:00", "9999-12-31T23:59-14:00", "2027-01-04T14:00:00", "now", ""]
)
def test_what_names_no_instant_is_none(text: str) -> None:
    with pytest.raises(ValueError):
        instant(text)


@pytest.mark.parametrize("text", ["0", "-1", "1.0", "²", "٣", "9" * 19, "9" * 5_000, " 1"])
def test_what_is_no_number_of_a_sequence_is_none(text: str) -> None:
    with pytest.raises(ValueError):
        sequence_number(text)


def test_a_sequence_counts_from_one_and_may_be_absent() -> None:
    assert [sequence_number(text) for text in ("1", "42", "", None)] == [1, 42, None, None]


@pytest.mark.parametrize(
    "value", [None, b"", b"\xff", b"00-x", TRACE.encode() + b"\n", TRACE.encode() * 9_000]
)
def test_a_broken_trace_is_none(value: bytes | None) -> None:
    assert trace_header([("traceparent", value)]) is None


def test_a_trace_goes_on() -> None:
    assert trace_header([("other", None), ("traceparent", TRACE.encode())]) == TRACE
