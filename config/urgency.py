"""Urgency schemes: which categories there are, how soon each wants the patient seen, and what suggests
them."""

from collections.abc import Mapping
from functools import cached_property
from typing import Self

from pydantic import Field, model_validator

from config.rules import Rule, RuleSet, Values, Verified
from schemas.codes import Priority, ReferrerType
from schemas.fact import SchemeName, Word


class Criterion(Values):
    """Suggests a category when everything named in it holds. What isn't known doesn't hold."""

    code: Word
    conditions: tuple[str, ...] = Field(min_length=1)
    """Diagnosis codes, or beginnings of them."""
    onset_within_days: int | None = Field(default=None, ge=1)
    referrer_types: tuple[ReferrerType, ...] = ()


class Category(Values):
    """In order of urgency, the most urgent first."""

    code: Word
    name: str
    target_days: int = Field(ge=1)
    priority: Priority
    verified: Verified | None = None
    """Where it differs from the scheme's."""
    criteria: tuple[Criterion, ...] = ()


class Scheme(Values):
    default: str
    """What is suggested when no criterion holds, or too little is known."""
    categories: tuple[Category, ...] = Field(min_length=1)

    @cached_property
    def by_code(self) -> Mapping[str, Category]:
        return {category.code: category for category in self.categories}

    @cached_property
    def ranks(self) -> Mapping[str, int]:
        """0 is the most urgent."""
        return {category.code: rank for rank, category in enumerate(self.categories)}

    @model_validator(mode="after")
    def default_is_a_category(self) -> Self:
        if self.default not in self.by_code:
            raise ValueError(f"the default {self.default} is not a category")
        return self


class UrgencySchemes(Values):
    """`urgency.toml`"""

    rule_set: RuleSet
    schemes: Mapping[SchemeName, Rule[Scheme]] = Field(min_length=1)
