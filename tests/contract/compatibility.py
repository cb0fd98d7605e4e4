"""What within one version may change in a contract: optional fields may come, published lists may grow (EVT-04)."""

from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]
SAID = {"title", "description", "examples", "x-sensitivity"}
"""About the contract, not of it."""
INSIDE = {
    "properties",
    "required",
    "items",
    "anyOf",
    "propertyNames",
    "additionalProperties",
    "patternProperties",
}


def incompatibilities(old: Schema, new: Schema, where: str = "") -> list[str]:
    """Sentences; none when every document of the old contract fits the new one, and the other way round."""
    return [*keywords(old, new, where), *fields(old, new, where), *parts(old, new, where)]


def keywords(old: Schema, new: Schema, where: str) -> Iterator[str]:
    for name in sorted((set(old) | set(new)) - SAID - INSIDE):
        before, after = old.get(name), new.get(name)
        if before == after:
            continue
        if name == "x-codes" or (name == "enum" and "x-code-list" in old):
            yield from shrunk(before or (), after or (), where)
        elif not (name == "default" and grew_by_nothing(before, after)):
            yield f"{where or 'the contract'}: {name} {before!r} became {after!r}"


def grew_by_nothing(before: Any, after: Any) -> bool:
    """Where a whole object is left out, its optional fields that came since are left out too."""
    if not (isinstance(before, Mapping) and isinstance(after, Mapping)):
        return False
    return before == {key: value for key, value in after.items() if key in before or value is not None}


def shrunk(before: Any, after: Any, where: str) -> Iterator[str]:
    """A published code stays published: who has stored one can look it up."""
    if gone := [code for code in before if code not in after]:
        yield f"{where}: taken off the published list: {', '.join(gone)}"


def fields(old: Schema, new: Schema, where: str) -> Iterator[str]:
    before, after = old.get("properties", {}), new.get("properties", {})
    required, now_required = set(old.get("required", ())), set(new.get("required", ()))
    yield from (f"{where}/{name}: removed" for name in before if name not in after)
    yield from (f"{where}/{name}: new and required" for name in after if name in now_required - set(before))
    yield from (f"{where}/{name}: became required" for name in before if name in now_required - required)
    yield from (f"{where}/{name}: became optional" for name in before if name in required - now_required)
    for name in before:
        if name in after:
            yield from incompatibilities(before[name], after[name], f"{where}/{name}")


def parts(old: Schema, new: Schema, where: str) -> Iterator[str]:
    """What a list holds, what a map holds, what may stand in a field."""
    for name, place in (("items", "[]"), ("propertyNames", "{key}"), ("additionalProperties", "{}")):
        before, after = old.get(name), new.get(name)
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            yield from incompatibilities(before, after, f"{where}{place}")
        elif before != after:
            yield f"{where}: {name} changed"
    if old.get("patternProperties") != new.get("patternProperties"):
        yield f"{where}: patternProperties changed"
    before, after = old.get("anyOf", ()), new.get("anyOf", ())
    if len(before) != len(after):
        yield f"{where}: {len(before)} alternatives became {len(after)}"
    for one, other in zip(before, after, strict=False):
        yield from incompatibilities(one, other, where)
