"""How an outcome measure is answered and scored: the shape of one instrument of `measures.toml`."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal, Self

from pydantic import Field, model_validator

from config.rules import Values, Verified
from schemas.care_plan.v1.codes import Band as BandCode
from schemas.care_plan.v1.codes import Finding
from schemas.care_plan.v1.codes import Subscale as Subscales
from schemas.fact import Loinc, Version


class Band(Values):
    """Scores below `below`, or up to and with `up_to`; without either: the rest. `finding`: what somebody looks at."""

    code: BandCode
    below: Decimal | None = None
    up_to: Decimal | None = None
    finding: Finding | None = None
    verified: Verified | None = None

    def holds(self, score: Decimal) -> bool:
        if self.below is not None:
            return score < self.below
        return self.up_to is None or score <= self.up_to


class Improvement(Values):
    """The smallest change for the better that means something: by points, or by percent of what it was; `band_changes`:
    only with another band."""

    points: Decimal | None = None
    percent: int | None = None
    band_changes: bool = False
    verified: Verified | None = None

    @model_validator(mode="after")
    def is_measured_in_one_way(self) -> Self:
        if (self.points is None) == (self.percent is None):
            raise ValueError("an improvement is so many points, or so many percent")
        return self


class Subscale(Values):
    """Items of an instrument, counted from 1, that have a score and bands of their own."""

    items: tuple[int, ...] = Field(min_length=1)
    bands: tuple[Band, ...] = ()
    answered_at_least: int | None = None
    """None: all."""
    improvement: Improvement | None = None


class Overruled(Values):
    """From a score of the subscale on the whole is in this band, whatever it adds up to."""

    subscale: Subscales
    at_least: int
    band: Band


class Scoring(Values):
    """How one instrument is answered and scored. Answers are whole numbers from `lowest` to `highest`, but for a score
    that is `given` and for items that have `points` of their own."""

    instrument_version: Version
    licence: Literal["free", "terms", "permission"]
    method: Literal["mean", "sum", "double_sum", "percent_of_answered", "given"]
    items: int = Field(ge=1)
    lowest: int
    highest: int
    points: Mapping[int, tuple[int, ...]] = Field(default_factory=dict)
    """By item, what each answer counts for, from the answer 0 on."""
    bands: tuple[Band, ...] = ()
    overruled: Overruled | None = None
    loinc: Loinc | None = None
    answered_at_least: int | None = None
    """None: all."""
    higher_is_better: bool = False
    subscales: Mapping[Subscales, Subscale] = Field(default_factory=dict)
    """Instead of one score of all items; parts of it, where the whole has bands."""
    improvement: Improvement | None = None

    @property
    def scales(self) -> Mapping[Subscales | None, Subscale]:
        """What is scored by itself, by name; without one, the whole."""
        if self.subscales and not self.bands:
            return dict(self.subscales.items())
        whole = Subscale(
            items=tuple(range(1, self.items + 1)),
            bands=self.bands,
            answered_at_least=self.answered_at_least,
            improvement=self.improvement,
        )
        return {None: whole}

    @property
    def parts(self) -> Mapping[Subscales, Subscale]:
        """Of the whole."""
        return self.subscales if self.bands else {}
