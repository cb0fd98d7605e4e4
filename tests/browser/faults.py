"""Bodies with one thing wrong, made from a schema and an example that fits it."""

import copy
import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

Schema = Mapping[str, Any]


class Fault(NamedTuple):
    """`part`: the schema of the field that is wrong."""

    what: str
    pointer: str
    body: Any
    part: Schema

    def kind(self) -> str:
        """The same field, with the same wrong in it: many requests have it."""
        return f"{self.what} {self.pointer.rpartition('/')[2]} {json.dumps(self.part, sort_keys=True)}"


def faulty(schema: Schema, example: Any) -> Iterator[Fault]:
    """Each field of the example made wrong in every way that its schema knows."""
    for pointer, part, value, is_needed in fields(schema, example):
        if pointer and is_needed and not may_be_empty(part):
            yield Fault("missing", pointer, without(example, pointer), part)
        for what, other in others(plain(part), value):
            yield Fault(what, pointer, replaced(example, pointer, other), part)


def may_be_empty(schema: Schema) -> bool:
    """A form always says such a list; and a part, of which it then names what is missing inside."""
    return schema.get("type") == "object" or (schema.get("type") == "array" and not schema.get("minItems"))


def plain(schema: Schema) -> Schema:
    """Without null."""
    real = [each for each in schema.get("anyOf", ()) if each.get("type") != "null"]
    return real[0] if len(real) == 1 else schema


def fields(
    schema: Schema, value: Any, at: str = "", is_needed: bool = True
) -> Iterator[tuple[str, Schema, Any, bool]]:
    schema = plain(schema)
    yield at, schema, value, is_needed
    if isinstance(value, Mapping):
        for name, each in value.items():
            inside = schema.get("properties", {}).get(name)
            if inside is not None:
                yield from fields(inside, each, f"{at}/{name}", name in schema.get("required", ()))
    elif isinstance(value, list) and value:
        yield from fields(schema["items"], value[0], f"{at}/0", False)


def others(schema: Schema, value: Any) -> Iterator[tuple[str, Any]]:
    """Values that the schema refuses."""
    if {"anyOf", "enum", "const"} & schema.keys():
        yield from [("no such code", "No such code!")] if isinstance(value, str) else []
    else:
        yield from OTHERS.get(type(value), nothing)(schema, value)


def nothing(schema: Schema, value: Any) -> Iterator[tuple[str, Any]]:
    return iter(())


def texts(schema: Schema, value: str) -> Iterator[tuple[str, Any]]:
    if schema.get("maxLength", LONGEST) < LONGEST:
        yield "too long", "a" * (schema["maxLength"] + 1)
    if schema.get("format"):
        yield "wrong form", "!"


def numbers(schema: Schema, value: int) -> Iterator[tuple[str, Any]]:
    yield "too little", schema["minimum"] - 1
    yield "too much", schema["maximum"] + 1


def lists(schema: Schema, value: list[Any]) -> Iterator[tuple[str, Any]]:
    if schema.get("minItems"):
        yield "too few", []
    if value and schema.get("maxItems", MOST) < MOST:
        yield "too many", value[:1] * (schema["maxItems"] + 1)


LONGEST, MOST = 9000, 100
"""Longer texts and lists take the browser long and show nothing new."""
OTHERS: Mapping[type, Any] = {str: texts, int: numbers, list: lists}


def replaced(body: Any, pointer: str, value: Any) -> Any:
    changed = copy.deepcopy(body)
    place, last = place_of(changed, pointer)
    place[last] = value
    return changed


def without(body: Any, pointer: str) -> Any:
    changed = copy.deepcopy(body)
    place, last = place_of(changed, pointer)
    del place[last]
    return changed


def place_of(body: Any, pointer: str) -> tuple[Any, Any]:
    *steps, last = pointer.split("/")[1:]
    for step in steps:
        body = body[int(step)] if isinstance(body, list) else body[step]
    return body, int(last) if isinstance(body, list) else last
