"""What a published schema leaves without a bound, and how large in bytes the largest value of one is."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]
SCALARS = {"null", "boolean"}
WIDEST = 100_000
"""Characters that a form may allow without a `maxLength` beside it."""


def unbounded(schema: Schema, where: str = "") -> Iterator[str]:
    """Places and what they lack. The schema has its references put in place."""
    if "const" in schema or "enum" in schema:
        return
    for option in branches(schema):
        yield from unbounded({**without_branches(schema), **option}, where)
    if branches(schema):
        return
    kind = schema.get("type")
    checks = {
        "string": of_string,
        "integer": of_number,
        "number": of_number,
        "array": of_list,
        "object": of_map,
    }
    if kind in checks:
        yield from checks[kind](schema, where or "/")
    elif kind not in SCALARS:
        yield f"{where or '/'}: anything"


def branches(schema: Schema) -> list[Schema]:
    return [*schema.get("anyOf", ()), *schema.get("oneOf", ())]


def without_branches(schema: Schema) -> Schema:
    return {name: value for name, value in schema.items() if name not in ("anyOf", "oneOf")}


def of_string(schema: Schema, where: str) -> Iterator[str]:
    if "pattern" not in schema:
        yield f"{where}: a string without a form"
    elif min(widest(schema["pattern"]), schema.get("maxLength", WIDEST)) >= WIDEST:
        yield f"{where}: a string without a length"


def widest(pattern: str) -> int:
    """The longest text that the form takes; without both anchors any."""
    if not (pattern.startswith("^") and pattern.endswith("$")):
        return WIDEST
    return min(int(re._parser.parse(pattern).getwidth()[1]), WIDEST)  # type: ignore[attr-defined]


def of_number(schema: Schema, where: str) -> Iterator[str]:
    if not {"minimum", "exclusiveMinimum"} & set(schema) or not {"maximum", "exclusiveMaximum"} & set(schema):
        yield f"{where}: a number without a least and a most"


def of_list(schema: Schema, where: str) -> Iterator[str]:
    if "maxItems" not in schema:
        yield f"{where}: a list without a most"
    yield from unbounded(schema.get("items", {}), f"{where}[]")


def of_map(schema: Schema, where: str) -> Iterator[str]:
    for name, field in schema.get("properties", {}).items():
        yield from unbounded(field, f"{where}/{name}".replace("//", "/"))
    entries = entries_of(schema)
    if entries and "maxProperties" not in schema:
        yield f"{where}: a map without a most"
    for key, value in entries:
        yield from unbounded({"type": "string", **schema.get("propertyNames", {}), **key}, f"{where}{{key}}")
        yield from unbounded(value, f"{where}{{}}")
    if not entries and "properties" not in schema:
        yield f"{where}: an object without fields"


def entries_of(schema: Schema) -> list[tuple[Schema, Schema]]:
    """What keys and values beside the named fields look like. Facts say nothing of other fields: they are ignored."""
    entries: list[tuple[Schema, Schema]] = [
        ({"pattern": pattern}, value) for pattern, value in schema.get("patternProperties", {}).items()
    ]
    rest = schema.get("additionalProperties", bool(entries))
    if rest is not False:
        entries.append(({}, rest if isinstance(rest, Mapping) else {}))
    return entries


LONGEST_NUMBER = 24
BYTES_OF_A_CHARACTER = 4


def largest(schema: Schema) -> int:
    """Bytes of the largest legal value, as JSON in UTF-8."""
    if options := branches(schema):
        return max(largest({**without_branches(schema), **option}) for option in options)
    if "const" in schema or "enum" in schema:
        return max(len(str(value)) for value in schema.get("enum", [schema.get("const")])) + 2
    kind = schema.get("type")
    if kind == "string":
        most = min(widest(schema["pattern"]), schema.get("maxLength", WIDEST))
        return 2 + most * (BYTES_OF_A_CHARACTER if "[^" in schema["pattern"] else 1)
    if kind == "array":
        return 2 + int(schema["maxItems"]) * (1 + largest(schema["items"]))
    return of_fields(schema) if kind == "object" else LONGEST_NUMBER


def of_fields(schema: Schema) -> int:
    named = sum(len(name) + 4 + largest(field) for name, field in schema.get("properties", {}).items())
    entries = [
        largest({"type": "string", **schema.get("propertyNames", {}), **key}) + 2 + largest(value)
        for key, value in entries_of(schema)
    ]
    return 2 + named + int(schema.get("maxProperties", 0)) * max(entries, default=0)
