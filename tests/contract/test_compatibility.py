"""Within a version optional fields may come and published lists may grow. Anything else is a new version."""

from typing import Any

import pytest

from tests.contract.compatibility import incompatibilities

CLOSED = {"type": "string", "enum": ["x", "y"]}
OPEN = {"type": "string", "pattern": "^[a-z]+$", "maxLength": 64, "x-code-list": "L", "x-codes": ["a", "b"]}
AT_THE_DOOR = {"type": "string", "enum": ["a", "b"], "x-code-list": "L"}
LIST = {"type": "array", "items": {"type": "integer", "minimum": 0, "maximum": 9}, "maxItems": 5}
MAP = {"type": "object", "additionalProperties": CLOSED, "propertyNames": OPEN, "maxProperties": 5}
FIELDS: dict[str, dict[str, Any]] = {
    "closed": CLOSED,
    "open": OPEN,
    "door": AT_THE_DOOR,
    "list": LIST,
    "map": MAP,
    "maybe": {"anyOf": [CLOSED]},
}
BASE: dict[str, Any] = {"type": "object", "properties": FIELDS, "required": ["closed"]}


def with_field(name: str, **changed: Any) -> dict[str, Any]:
    return BASE | {"properties": FIELDS | {name: FIELDS[name] | changed}}


@pytest.mark.parametrize(
    "new",
    [
        BASE | {"properties": FIELDS | {"more": {"type": "integer"}}},
        with_field("open", **{"x-codes": ["a", "b", "c"]}),
        with_field("door", enum=["c", "a", "b"]),
        with_field("closed", description="Other words."),
        with_field("map", propertyNames=OPEN | {"x-codes": ["b", "a", "c"]}),
    ],
    ids=["an optional field", "a published list grows", "the same at the door", "words", "keys of a map"],
)
def test_what_is_compatible(new: Any) -> None:
    assert incompatibilities(BASE, new) == []


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (BASE | {"properties": {}, "required": []}, "/closed: removed"),
        (BASE | {"required": []}, "/closed: became optional"),
        (BASE | {"required": ["closed", "open"]}, "/open: became required"),
        (BASE | {"properties": FIELDS | {"b": {}}, "required": ["closed", "b"]}, "/b: new and required"),
        (with_field("closed", type="integer"), "/closed: type 'string' became 'integer'"),
        (with_field("closed", enum=["x"]), "/closed: enum"),
        (with_field("closed", enum=["x", "y", "z"]), "/closed: enum"),
        (with_field("open", **{"x-codes": ["a"]}), "/open: taken off the published list: b"),
        (with_field("door", enum=["a"]), "/door: taken off the published list: b"),
        (with_field("open", pattern="^[a-z_]+$"), "/open: pattern"),
        (with_field("open", maxLength=65), "/open: maxLength 64 became 65"),
        (with_field("list", maxItems=6), "/list: maxItems"),
        (with_field("list", items={"type": "integer", "minimum": 0}), "/list[]: maximum 9 became None"),
        (with_field("map", maxProperties=6), "/map: maxProperties"),
        (with_field("map", additionalProperties=True), "/map: additionalProperties changed"),
        (with_field("map", patternProperties={"^a$": CLOSED}), "/map: patternProperties changed"),
        (with_field("maybe", anyOf=[CLOSED, {"type": "null"}]), "/maybe: 1 alternatives became 2"),
        (with_field("maybe", anyOf=[OPEN]), "/maybe: enum"),
    ],
)
def test_what_is_not(new: Any, said: str) -> None:
    assert any(said in problem for problem in incompatibilities(BASE, new)), incompatibilities(BASE, new)


def test_where_a_whole_object_is_left_out_what_came_since_is_left_out_too() -> None:
    left_out = {"type": "object", "default": {"a": None}}
    assert incompatibilities(left_out, left_out | {"default": {"a": None, "b": None}}) == []
    for other in ({"a": None, "b": 1}, {"a": 1}, {}, None):
        assert incompatibilities(left_out, left_out | {"default": other})
