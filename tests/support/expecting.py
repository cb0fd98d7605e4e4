"""What given / when / then tests expect of a decision: facts in order, nothing, or a refusal."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from backbone.model import Refused, TooEarly
from schemas.fact import Fact


@dataclass
class Expected:
    """What one fact should be: its class, the fields that matter, the rules that helped to decide it."""

    fact: type[Fact]
    fields: Mapping[str, Any] = field(default_factory=dict)
    rules: tuple[str, ...] | None = None

    def problem(self, fact: Fact, rules: tuple[str, ...]) -> str | None:
        if type(fact) is not self.fact:
            return f"expected {self.fact.__name__}"
        wrong = {
            name: getattr(fact, name) for name, value in self.fields.items() if getattr(fact, name) != value
        }
        if wrong:
            return f"expected {dict(self.fields)}, but {wrong}"
        named = {rule.partition("@")[0] for rule in rules}
        if self.rules is not None and named != set(self.rules):
            return f"expected the rules {self.rules}, got {rules}"
        return None


def like(fact: type[Fact], **fields: Any) -> Expected:
    """A fact of this class with at least these fields."""
    return Expected(fact, fields)


def ruled(expected: type[Fact] | Expected, *rules: str) -> Expected:
    """The same, decided with the help of exactly these rules (ids without version)."""
    expectation = expected if isinstance(expected, Expected) else Expected(expected)
    return Expected(expectation.fact, expectation.fields, rules)


@dataclass(frozen=True)
class Refusing:
    """A refusal, by a part of its reason and what it advises instead."""

    kind: type[Refused] | type[TooEarly]
    reason: str = ""
    instead: str | None = None
    code: str | None = None


def refused(reason: str = "", *, instead: str | None = None, code: str | None = None) -> Refusing:
    return Refusing(Refused, reason, instead, code)


def too_early(reason: str = "") -> Refusing:
    return Refusing(TooEarly, reason)


class Nothing:
    """It was done already."""


def nothing() -> Nothing:
    return Nothing()


def expectation(expected: type[Fact] | Fact | Expected) -> Expected:
    if isinstance(expected, Expected):
        return expected
    if isinstance(expected, Fact):
        return Expected(
            type(expected), {name: getattr(expected, name) for name in type(expected).model_fields}
        )
    return Expected(expected)
