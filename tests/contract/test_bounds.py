"""Every input has a bound: no published schema leaves a string, a number, a list or a map as big as it likes."""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from backbone.engine.writes import MOST_RECORD_BYTES
from backbone.http.limits import MOST_BODY_BYTES
from schemas.documents import READ, contracts, inlined
from schemas.envelope import Envelope
from tests.contract.bounds import largest, unbounded
from tests.support.requests import promised

BOUNDED = {"type": "string", "pattern": "^[a-z]{1,9}$"}


def offenders() -> Iterator[str]:
    models: dict[str, type[BaseModel]] = {**contracts(), "Envelope": Envelope}
    for name, model in models.items():
        yield from (f"{name}: {problem}" for problem in unbounded(inlined(model)))
    for body in promised():
        yield from (f"{body.name}: {problem}" for problem in unbounded(body.schema))


def test_no_published_schema_leaves_anything_without_a_bound() -> None:
    assert list(offenders()) == []
    assert len(promised()) > 60, "the bodies of all services are looked into"


def test_no_legal_fact_is_larger_than_a_record_may_be() -> None:
    sizes = {name: largest(inlined(model)) for name, model in contracts().items() if model not in READ}
    assert {name: size for name, size in sizes.items() if size > MOST_RECORD_BYTES} == {}
    assert max(sizes.values()) > 50_000, "drug lists are long"


def test_no_legal_request_is_larger_than_a_body_may_be() -> None:
    sizes = {body.name: largest(body.schema) for body in promised()}
    assert {name: size for name, size in sizes.items() if size > MOST_BODY_BYTES} == {}


def test_the_largest_value_is_reckoned_in_bytes() -> None:
    assert largest({"type": "array", "items": BOUNDED, "maxItems": 3}) == len(
        '["abcdefghi","abcdefghi","abcdefghi",]'
    )
    assert largest({"type": "string", "pattern": "^[^\\n]*$", "maxLength": 5}) == len('"🙂🙂🙂🙂🙂"'.encode())


@pytest.mark.parametrize(
    ("planted", "said"),
    [
        ({"type": "string"}, "a string without a form"),
        ({"type": "string", "pattern": "^[a-z]*$"}, "a string without a length"),
        ({"type": "string", "pattern": "[a-z]"}, "a string without a length"),
        ({"type": "integer", "minimum": 0}, "a number without a least and a most"),
        ({"type": "number", "maximum": 1}, "a number without a least and a most"),
        ({"type": "array", "items": BOUNDED}, "a list without a most"),
        ({"type": "array", "maxItems": 3}, "anything"),
        (
            {"type": "object", "additionalProperties": BOUNDED, "propertyNames": BOUNDED},
            "a map without a most",
        ),
        ({"type": "object", "additionalProperties": BOUNDED, "maxProperties": 3}, "a string without a form"),
        ({"type": "object"}, "an object without fields"),
        ({"anyOf": [{"type": "null"}, {"type": "string"}]}, "a string without a form"),
        ({}, "anything"),
    ],
)
def test_a_planted_field_without_a_bound_is_found(planted: Any, said: str) -> None:
    contract = {"type": "object", "properties": {"good": BOUNDED, "planted": planted}}
    [problem] = unbounded(contract)
    assert problem.startswith("/planted") and problem.endswith(said)
