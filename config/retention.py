"""`retention.toml`: how long what is kept that is not kept for ever, by which law."""

from pydantic import Field

from config.rules import Rule, RuleSet, Values


class Years(Values):
    years: int = Field(ge=1, le=100)


class Days(Values):
    days: int = Field(ge=1, le=366)


class Writings(Values):
    """Contents of these kinds."""

    years: int = Field(ge=1, le=100)
    kinds: tuple[str, ...] = Field(min_length=1)


class Retention(Values):
    """The journal, and what people wrote about care, have no end here: they are the clinical record."""

    rule_set: RuleSet
    reads: Rule[Years]
    messages: Rule[Writings]
    answers: Rule[Days]
    parked: Rule[Days]
