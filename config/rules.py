"""The shape of a rule: values that decide something, with their version, their source and who may override
them."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Generic, Literal, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from config.kinds import mistaken

Evidence = Literal["G", "P", "S", "L", "T", "C"]
"""Guideline or regulator, payer, study, local policy, technical standard, convention of this project."""

Verified = Literal["V", "V*", "U", "C"]
"""Read in the source; read in a reproduction; unverified, to be shown as such; a choice without a source."""

V = TypeVar("V")


class Values(BaseModel):
    """Anything read from a file: frozen, and a key that nobody knows is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @field_validator("*", mode="before")
    @classmethod
    def is_what_it_says(cls, stated: Any, info: ValidationInfo) -> Any:
        """`true` is no number, and "15" is none either."""
        assert info.field_name is not None
        if problem := mistaken(cls.model_fields[info.field_name].annotation, stated):
            raise ValueError(problem)
        return stated


class Days(Values):
    days: int = Field(ge=1)


class BusinessDays(Values):
    business_days: int = Field(ge=1)


class Rule(Values, Generic[V]):
    """A rule keeps its id for ever; other values are a new version."""

    id: str = Field(pattern=r"^[A-Z]{2,4}-\d{2}$|^[a-z_]+(\.[a-z_]+)+$")
    version: int = Field(ge=1)
    jurisdiction: str = Field(min_length=1)
    evidence: tuple[Evidence, ...] = Field(min_length=1)
    verified: Verified
    source_url: tuple[str, ...] = ()
    effective_from: date
    """The first day of the clinic on which this version applies."""
    override_role: str | None = None
    values: V

    @property
    def named(self) -> str:
        """Id and version, as facts carry them."""
        return f"{self.id}@{self.version}"

    @model_validator(mode="after")
    def has_a_source_or_is_a_choice(self) -> "Rule[V]":
        if self.verified in ("V", "V*") and not self.source_url:
            raise ValueError(f"{self.id} is marked {self.verified} but names no source_url")
        return self


class RuleSet(Values):
    """Which edition of a file of rules this is. Who approved it stands in `approval.toml` (PRV-33)."""

    version: int = Field(ge=1)


PARTED = (BaseModel, dict, tuple, list)
"""What may hold rules."""


class Placed(NamedTuple):
    """A rule and where it stands in its file: the names of the tables, joined by dots."""

    file: str
    place: str
    rule: Rule[Any]


def rules_in(node: object, file: str, place: str = "") -> Iterator[Placed]:
    """Every rule of a file, in its order."""
    if isinstance(node, Rule):
        yield Placed(file, place, node)
        return
    for name, each in entries(node):
        if isinstance(each, PARTED):
            yield from rules_in(each, file, f"{place}.{name}".lstrip("."))


WHOLE = "*"


def unverified_in(rule: Rule[Any] | Mapping[str, Any]) -> tuple[str, ...]:
    """What of the rule nobody has verified: WHOLE, or its rows by their key or code. Also of a rule as its file has
    it."""
    return (WHOLE,) if said(rule, "verified") == "U" else tuple(unverified_rows(said(rule, "values")))


def unverified_rows(node: object) -> Iterator[str]:
    for name, each in entries(node):
        if said(each, "verified") == "U":
            yield said(each, "code") or name
        else:
            yield from unverified_rows(each)


def said(node: object, name: str) -> Any:
    return node.get(name) if isinstance(node, dict) else getattr(node, name, None)


def entries(node: object) -> Iterable[tuple[str, object]]:
    """The parts of a value that may hold rules or rows."""
    if isinstance(node, BaseModel):
        return [(info.alias or name, getattr(node, name)) for name, info in type(node).model_fields.items()]
    if isinstance(node, dict):
        return list(node.items())
    return [(str(index), each) for index, each in enumerate(node)] if isinstance(node, tuple | list) else ()
