"""How an outcome measure is answered and scored: the shape of one instrument of `measures.toml`."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from pydantic import Field

from config.rules import Values
from schemas.care_plan.v1.codes import Band as BandCode
from schemas.care_plan.v1.codes import Subscale as Subscales
from schemas.fact import Loinc, Version


class Band(Values):
    """Scores below `below`, or up to and with `up_to`; without either: the rest."""

    code: BandCode
    below: Decimal | None = None
    up_to: Decimal | None = None

    def holds(self, score: Decimal) -> bool:
        if self.below is not None:
            return score < self.below
        return self.up_to is None or score <= self.up_to


class Subscale(Values):
    """Items of an instrument, counted from 1, that have a score and bands of their own."""

    items: tuple[int, ...] = Field(min_length=1)
    bands: tuple[Band, ...] = ()
    answered_at_least: int | None = None
    """None: all."""


class Improvement(Values):
    """The smallest change for the better that means something; `band_changes`: only with another band."""

    points: Decimal
    band_changes: bool = False


class Scoring(Values):
    """How one instrument is answered and scored. Answers are whole numbers from `lowest` to `highest`, but for a score
    that is `given`."""

    instrument_version: Version
    licence: Literal["free", "terms", "permission"]
    method: Literal["mean", "sum", "double_sum", "percent_of_answered", "given"]
    items: int = Field(ge=1)
    lowest: int
    highest: int
    bands: tuple[Band, ...] = ()
    loinc: Loinc | None = None
    answered_at_least: int | None = None
    """None: all."""
    higher_is_better: bool = False
    subscales: Mapping[Subscales, Subscale] = Field(default_factory=dict)
    """Instead of one score of all items."""
    improvement: Improvement | None = None

    @property
    def scales(self) -> Mapping[Subscales | None, Subscale]:
        """What is scored, by name; without one, the whole."""
        whole = tuple(range(1, self.items + 1))
        if self.subscales:
            return dict(self.subscales.items())
        return {None: Subscale(items=whole, bands=self.bands, answered_at_least=self.answered_at_least)}
