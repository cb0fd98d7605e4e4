"""What may change in a service's OpenAPI document: who sends goes on sending, who reads still finds it."""

from collections.abc import Iterator, Mapping
from typing import Any

from schemas.documents import resolved

Document = Mapping[str, Any]
Schema = Mapping[str, Any]
LEAST, MOST = ("minLength", "minItems", "minimum", "minProperties"), ("maxLength", "maxItems", "maximum")
FORM = ("type", "pattern", "format", "const")


def broken(before: Document | None, after: Document) -> list[str]:
    """Sentences; none when whoever knows the document of before can go on."""
    if before is None:
        return []
    old, new = by_id(before), by_id(after)
    found = [f"{name}: gone" for name in old if name not in new]
    for name in old:
        if name in new:
            found += [f"{name}: {problem}" for problem in changed(old[name], new[name])]
    return found


def by_id(document: Document) -> Mapping[str, Document]:
    """Each operation with its address, its schemas' parts where they are used."""
    parts = {**document["components"]["schemas"], **document["components"].get("responses", {})}
    return {
        operation["operationId"]: {**operation, "at": f"{method.upper()} {path}"}
        for path, methods in resolved(document["paths"], parts).items()
        for method, operation in methods.items()
    }


def changed(old: Document, new: Document) -> Iterator[str]:
    if old == new:
        return
    if old["at"] != new["at"]:
        yield f"{old['at']} became {new['at']}"
    yield from parameters(old, new)
    before, after = old.get("requestBody", {}), new.get("requestBody", {})
    if before or after.get("required"):
        yield from asked(body(before), body(after))
    for code, answer in old["responses"].items():
        if code not in new["responses"]:
            yield f"answers no {code} any more"
        elif code.startswith("2"):
            yield from told(body(answer), body(new["responses"][code]))


def body(holder: Document) -> Schema | None:
    for media in holder.get("content", {}).values():
        schema: Schema = media["schema"]
        return schema
    return None


def parameters(old: Document, new: Document) -> Iterator[str]:
    before, after = named(old), named(new)
    yield from (f"parameter {name}: gone" for name in before if name not in after)
    for name, each in after.items():
        if each.get("required") and not before.get(name, {}).get("required"):
            yield f"parameter {name}: must be said now"
        if name in before:
            yield from narrower(before[name]["schema"], each["schema"], f"parameter {name}")


def named(operation: Document) -> Mapping[str, Document]:
    return {each["name"]: each for each in operation.get("parameters", ())}


def asked(old: Schema | None, new: Schema | None) -> Iterator[str]:
    """A request."""
    if new is None and old is not None:
        yield "takes no body any more"
    elif old is None and new is not None:
        yield "wants a body now"
    elif old is not None and new is not None:
        yield from narrower(old, new, "")


def narrower(old: Schema, new: Schema, where: str) -> Iterator[str]:
    """What was taken and would be refused now."""
    if old == new:
        return
    yield from taken_away(old, new, where)
    yield from (f"{where}: {name} is required now" for name in required(new) - required(old))
    yield from bounds(old, new, where)
    before, after = old.get("properties", {}), new.get("properties", {})
    if new.get("additionalProperties") is False:
        yield from (f"{where}/{name}: gone" for name in before if name not in after)
    yield from inside(old, new, where, narrower)


def told(old: Schema | None, new: Schema | None) -> Iterator[str]:
    """An answer."""
    if old and not new:
        yield "the answer has no schema any more"
    elif old and new:
        yield from poorer(old, new, "the answer")


def poorer(old: Schema, new: Schema, where: str) -> Iterator[str]:
    """What was found in an answer and is not there now."""
    if old == new:
        return
    yield from taken_away(old, new, where)
    after = new.get("properties", {})
    yield from (f"{where}/{name}: gone" for name in old.get("properties", {}) if name not in after)
    yield from (
        f"{where}: {name} may be absent now" for name in required(old) - required(new) if name in after
    )
    yield from inside(old, new, where, poorer)


def taken_away(old: Schema, new: Schema, where: str) -> Iterator[str]:
    for name in ("enum", "x-codes"):
        if gone := [str(code) for code in old.get(name, ()) if code not in new.get(name, ()) and name in new]:
            yield f"{where}: taken off the list: {', '.join(gone)}"
    if "enum" in new and "enum" not in old and "const" not in old:
        yield f"{where}: only certain values now"
    for name in FORM:
        if name in new and old.get(name) != new[name] and not ("enum" in new and name == "type"):
            yield f"{where}: {name} {old.get(name)!r} became {new[name]!r}"


def bounds(old: Schema, new: Schema, where: str) -> Iterator[str]:
    for name in (*LEAST, *MOST):
        if name in new and stricter(name, old.get(name), new[name]):
            yield f"{where}: {name} {old.get(name)} became {new[name]}"


def stricter(name: str, before: int | None, after: int) -> bool:
    if before is None:
        return name in MOST or after > 0
    return after < before if name in MOST else after > before


def required(schema: Schema) -> set[str]:
    return set(schema.get("required", ()))


def inside(old: Schema, new: Schema, where: str, compare: Any) -> Iterator[str]:
    before, after = old.get("properties", {}), new.get("properties", {})
    for name in before:
        if name in after:
            yield from compare(before[name], after[name], f"{where}/{name}")
    for name, place in (("items", "[]"), ("additionalProperties", "{}"), ("propertyNames", "{key}")):
        if isinstance(old.get(name), Mapping) and isinstance(new.get(name), Mapping):
            yield from compare(old[name], new[name], f"{where}{place}")
    yield from alternatives(old, new, where, compare)


def alternatives(old: Schema, new: Schema, where: str, compare: Any) -> Iterator[str]:
    """Each alternative of before goes on as one of those of now: as that which it resembles most."""
    for name in ("anyOf", "oneOf", "allOf"):
        for before in old.get(name, ()):
            tried = [list(compare(before, after, where)) for after in new.get(name, ())]
            yield from min(tried, key=len, default=[f"{where}: one alternative is gone"])
