"""The shape of a rule: values that decide something, with their version, their source and who may override
them."""

from datetime import date
from typing import Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

Evidence = Literal["G", "P", "S", "L", "T", "C"]
"""Guideline or regulator, payer, study, local policy, technical standard, convention of this project."""

Verified = Literal["V", "V*", "U", "C"]
"""Read in the source; read in a reproduction; unverified, to be shown as such; a choice without a source."""

V = TypeVar("V")


class Values(BaseModel):
    """Anything read from a file: frozen, and a key that nobody knows is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Rule(Values, Generic[V]):
    """A rule keeps its id for ever; other values are a new version."""

    id: str = Field(pattern=r"^[A-Z]{2,4}-\d{2}$|^[a-z_]+(\.[a-z_]+)+$")
    version: int = Field(ge=1)
    jurisdiction: str = Field(min_length=1)
    evidence: tuple[Evidence, ...] = Field(min_length=1)
    verified: Verified
    source_url: tuple[str, ...] = ()
    effective_from: date
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
    """Which set of rules this is, and who approved it for use (PRV-33)."""

    version: int = Field(ge=1)
    approved_by: str | None = None
    """None: nobody yet; the values are defaults, not for clinical use."""
