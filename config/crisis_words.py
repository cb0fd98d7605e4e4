"""What people write who want to die, to harm themselves or who give up: the clinic's list, and how texts are read."""

import unicodedata
from collections.abc import Mapping

from pydantic import Field, field_validator

from config.rules import Values
from schemas.codes import Severity
from schemas.fact import Language

SHORTEST_PHRASE = 6
"""Letters of a phrase of the crisis list."""


class Crisis(Values):
    """By language: what people write who want to die or to harm themselves; how soon somebody speaks with them."""

    severity: Severity
    phrases: Mapping[Language, tuple[str, ...]] = Field(min_length=1)
    endings: Mapping[Language, tuple[str, ...]] = {}
    """Only where a part of the text ends with it."""

    @field_validator("phrases", "endings")
    @classmethod
    def are_long_enough(cls, phrases: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
        """They are found within a text without its spaces: a short one would be found in any."""
        short = [each for said in phrases.values() for each in said if len(letters(each)) < SHORTEST_PHRASE]
        if short:
            raise ValueError(f"too short to be told from other words: {', '.join(sorted(short))}")
        return phrases


def letters(text: str) -> str:
    """Without case, accents, spaces and punctuation: what is left is the same however it was typed."""
    bare = unicodedata.normalize("NFKD", text).casefold()
    return "".join(each for each in unicodedata.normalize("NFKD", bare) if each.isalnum())


def all_letters(phrases: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    return frozenset(letters(each) for said in phrases.values() for each in said)
