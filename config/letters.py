"""The shape of `letters.toml`: the text of a letter before anybody writes in it."""

from collections.abc import Mapping
from string import Formatter
from typing import Literal

from pydantic import Field, model_validator

from config.rules import BusinessDays, Values
from schemas.care_plan.v1.codes import Audience

FIELDS = frozenset({"clinic", "outcome", "diagnoses", "plan", "dose"})
"""What a letter's template may be filled with."""


class OutcomeLetters(BusinessDays):
    """CON-02: by when the outcome letter is signed, and whom it is for."""

    audience: tuple[Audience, ...] = Field(min_length=1)


class LetterTemplates(Values):
    """By kind of letter."""

    version: int = Field(ge=1)
    texts: Mapping[Literal["outcome", "discharge"], str]

    @model_validator(mode="after")
    def fields_are_known(self) -> "LetterTemplates":
        asked = {name for text in self.texts.values() for _, name, _, _ in Formatter().parse(text) if name}
        if unknown := sorted(asked - FIELDS):
            raise ValueError(f"unknown fields: {', '.join(unknown)}")
        if len(self.texts) < 2:
            raise ValueError("both letters need a template: outcome, discharge")
        return self
