"""Values of a published schema, drawn by hypothesis: what a stranger who reads the contract may send."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from schemas.written import END, FIRST

Schema = Mapping[str, Any]
Values = st.SearchStrategy[Any]
TEXT = st.characters(codec="utf-8")
EARLIEST, LATEST = FIRST.replace(tzinfo=None), END.replace(tzinfo=None) - timedelta(days=1)
SOON = date(2027, 3, 9), date(2027, 4, 30)
"""Where something may follow from a day: half of them are drawn here."""
MOST_DRAWN = 4
"""Entries of a list or a map: that more are taken is another test's."""
PERIODS = (("start", "end"), ("from_date", "to_date"))


def drawn(of: Values, examples: int, do: Callable[[Any], object]) -> None:
    """Do it with so many values: the same ones every time, and none is drawn again."""

    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(of)
    def each(value: Any) -> None:
        do(value)

    each()


def values(schema: Schema) -> Values:
    """Of the schema, whose parts stand where they are used."""
    return values_of(json.dumps(schema, sort_keys=True))


@cache
def values_of(written: str) -> Values:
    """Contracts have many parts in common, and to work out how a form is drawn takes long."""
    schema = json.loads(written)
    if options := [*schema.get("anyOf", ()), *schema.get("oneOf", ())]:
        return st.one_of([values(option) for option in options])
    if "const" in schema or "enum" in schema:
        return st.sampled_from(schema.get("enum", [schema.get("const")]))
    kinds = {
        "string": strings,
        "integer": numbers,
        "array": lists,
        "object": maps,
        "boolean": lambda _: st.booleans(),
    }
    return kinds[schema["type"]](schema) if schema["type"] in kinds else st.none()


def strings(schema: Schema) -> Values:
    """Codes of the list and of tomorrow, days that there are, and whatever else the form takes."""
    pattern = schema["pattern"]
    if schema.get("format") == "date":
        return (st.dates(*SOON) | st.dates(EARLIEST.date(), LATEST.date())).map(date.isoformat)
    if schema.get("format") == "date-time":
        soon = [datetime.combine(day, time(12)) for day in SOON]
        moments = st.one_of(
            [st.datetimes(*span, timezones=st.just(UTC)) for span in (soon, (EARLIEST, LATEST))]
        )
        return moments.map(lambda moment: moment.isoformat().replace("+00:00", "Z"))
    if schema.get("format") == "iana-time-zone":
        return st.sampled_from(
            ("America/New_York", "Asia/Kathmandu", "Europe/Dublin", "Pacific/Chatham", "UTC")
        )
    formed = st.from_regex(pattern.removeprefix("^").removesuffix("$"), fullmatch=True, alphabet=TEXT)
    formed = formed.filter(lambda text: len(text) <= schema.get("maxLength", len(text)))
    return st.sampled_from(schema["x-codes"]) | formed if "x-codes" in schema else formed


def numbers(schema: Schema) -> Values:
    return st.integers(schema["minimum"], schema["maximum"])


def lists(schema: Schema) -> Values:
    most = min(schema["maxItems"], schema.get("minItems", 0) + MOST_DRAWN)
    return st.lists(values(schema["items"]), min_size=schema.get("minItems", 0), max_size=most)


def maps(schema: Schema) -> Values:
    named = {name: values(field) for name, field in schema.get("properties", {}).items()}
    required = {name: named[name] for name in schema.get("required", ())}
    optional = {name: field for name, field in named.items() if name not in required}
    fields = st.fixed_dictionaries(required, optional=optional)
    for key, value in entries(schema):
        more = st.dictionaries(
            values(key), values(value), min_size=schema.get("minProperties", 0), max_size=MOST_DRAWN
        )
        fields = st.builds(lambda one, other: one | other, fields, more)
    return fields.map(in_order)


def entries(schema: Schema) -> list[tuple[Schema, Schema]]:
    """What keys and values beside the named fields look like."""
    key: dict[str, Any] = {"type": "string", **schema.get("propertyNames", {})}
    found: list[tuple[Schema, Schema]] = [
        (key | {"pattern": form}, value) for form, value in schema.get("patternProperties", {}).items()
    ]
    rest = schema.get("additionalProperties", False)
    return [*found, (key, rest)] if isinstance(rest, Mapping) else found


def in_order(value: dict[str, Any]) -> dict[str, Any]:
    """A schema can't say that an end is later than its start: half an hour, or a day."""
    for start, end in PERIODS:
        if value.get(start) and value.get(end):
            begun = datetime.fromisoformat(value[start])
            later = begun + (timedelta(minutes=30) if begun.tzinfo else timedelta(days=1))
            value[end] = (
                later.isoformat().replace("+00:00", "Z") if begun.tzinfo else later.date().isoformat()
            )
    return value
