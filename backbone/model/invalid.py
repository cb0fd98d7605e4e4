"""What is wrong with what somebody sent, field by field: in the same form for a request and for a record."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from pydantic import BaseModel

WrongField = Mapping[str, str]
"""`pointer` (RFC 6901), `in` (what of the request or record), a `code`, and what is wanted instead: `detail`."""
SOMETHING = "*"
"""Stands for a name that is not of the contract: it is the sender's own text."""


class Invalid(Exception):
    """It can be read, and can't be taken. Nothing is changed, and its sender is told every wrong field."""

    def __init__(self, fields: Sequence[WrongField]) -> None:
        super().__init__(f"{len(fields)} field(s) are not valid; all are listed.")
        self.fields = fields


def wrong(place: Iterable[Any], code: str, detail: str, within: str = "body") -> WrongField:
    pointer = "".join(f"/{escaped(str(part))}" for part in place) or "/"
    return {"pointer": pointer, "in": within, "code": code, "detail": detail}


def escaped(part: str) -> str:
    """As RFC 6901 wants it."""
    return part.replace("~", "~0").replace("/", "~1")


def of_the_contract(problems: Iterable[Any], names: Collection[str]) -> list[WrongField]:
    """What pydantic found, without a word of the sender: names that the contract does not have are left out."""
    return [
        wrong(
            (part if isinstance(part, int) or part in names else SOMETHING for part in problem["loc"]),
            problem["type"],
            problem["msg"],
        )
        for problem in problems
    ]


@cache
def names_in(model: type[BaseModel]) -> frozenset[str]:
    return frozenset(names_of(model.model_json_schema()))


def names_of(schema: Any) -> Iterator[str]:
    """Every name that a JSON Schema gives to a field, and every code."""
    if isinstance(schema, Mapping):
        yield from schema.get("properties", ())
        yield from (str(code) for code in schema.get("enum", ()))
        for part in schema.values():
            yield from names_of(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from names_of(part)
