"""What the clinic sets about drugs that prevent clots around a procedure (ANT-01 to ANT-07)."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from typing import Literal, Self

from pydantic import Field, model_validator

from config.rules import Rule, RuleSet, Values, Verified
from schemas.care_plan.v1.codes import SpinalRegion
from schemas.codes import ProcedureFamily, Queue, Severity

Risk = Literal["high", "intermediate", "low"]
"""Of bleeding, where there is any."""
Advice = Literal["shared", "consider", "no"]


class Hold(Values):
    """So long without the drug."""

    days: int = Field(default=0, ge=0)
    hours: int = Field(default=0, ge=0)

    @property
    def length(self) -> timedelta:
        return timedelta(days=self.days, hours=self.hours)

    @model_validator(mode="after")
    def is_some_time(self) -> Self:
        if not self.length:
            raise ValueError("a hold has days or hours")
        return self


class Restarts(Values):
    high: int = Field(ge=1)
    intermediate: int = Field(ge=1)
    low: int = Field(ge=1)


class Row(Values):
    """One drug, in one way of taking it where there are several."""

    code: str = Field(pattern=r"^[a-z_]+(\.[a-z0-9_]+)?$")
    """The drug, and after a point how it is taken."""
    high: Hold | Advice
    intermediate: Hold | Advice
    low: Hold | Advice
    cervical_epidural: Advice | None = None
    restart_hours: Restarts
    needs_inr: bool = False
    verified: Verified
    source_url: tuple[str, ...] = ()

    @property
    def drug(self) -> str:
        return self.code.partition(".")[0]

    @property
    def use(self) -> str | None:
        return self.code.partition(".")[2] or None

    def at(self, risk: Risk, neck: bool) -> Hold | Advice:
        """What the row says of a procedure; `neck`: an epidural one there."""
        answers = {"high": self.high, "intermediate": self.intermediate, "low": self.low}
        said = answers[risk]
        return self.cervical_epidural if neck and said == "no" and self.cervical_epidural else said

    def restart(self, risk: Risk) -> int:
        hours = self.restart_hours
        return {"high": hours.high, "intermediate": hours.intermediate, "low": hours.low}[risk]

    @model_validator(mode="after")
    def has_a_source_or_nobody_verified_it(self) -> Self:
        if self.verified != "U" and not self.source_url:
            raise ValueError(f"{self.code} is marked {self.verified} but names no source_url")
        return self


class HoldTable(Values):
    rows: tuple[Row, ...]

    @cached_property
    def by_drug(self) -> Mapping[str, tuple[Row, ...]]:
        drugs = dict.fromkeys(row.drug for row in self.rows)
        return {drug: tuple(row for row in self.rows if row.drug == drug) for drug in drugs}

    def of(self, drug: str, use: str | None) -> Iterable[Row]:
        """The rows of a drug that may be meant."""
        return (row for row in self.by_drug.get(drug, ()) if use in (None, row.use))

    @model_validator(mode="after")
    def each_use_has_one_row(self) -> Self:
        codes = [row.code for row in self.rows]
        if twice := sorted({code for code in codes if codes.count(code) > 1}):
            raise ValueError(f"listed twice: {', '.join(twice)}")
        for drug, rows in self.by_drug.items():
            if len(rows) > 1 and not all(row.use for row in rows):
                raise ValueError(f"{drug} has several rows: each says how it is taken (`use`)")
        return self


class Planning(Values):
    """ANT-01. Risks at which nothing is booked before the plan is signed."""

    blocks: tuple[Risk, ...]


class Neck(Values):
    families: tuple[ProcedureFamily, ...]
    region: SpinalRegion


class Called(Values):
    """ANT-04. Who is called, and how soon."""

    queue: Queue
    severity: Severity


class Inr(Called):
    """ANT-05"""

    most: Decimal = Field(gt=0)
    hours_before: int = Field(ge=1)


class Cleared(Values):
    """A drug of which the table tells nothing without the kidneys: its use where they are `well`, and where they clear
    less than `below` millilitres per minute."""

    well: str
    impaired: str
    below: Decimal = Field(gt=0)


class Renal(Values):
    """ANT-06. A value older than `max_age_days` on the day of the procedure is none."""

    max_age_days: int = Field(ge=1)
    lowest: Decimal = Field(gt=0)
    highest: Decimal
    """What is outside was mistyped."""
    drugs: Mapping[str, Cleared]


class Antithrombotics(Values):
    """`antithrombotic.toml`"""

    rule_set: RuleSet
    planning: Rule[Planning]
    neck: Rule[Neck]
    hold_running: Rule[Called]
    inr: Rule[Inr]
    unknown: Rule[Values]
    renal: Rule[Renal]
    shared: Rule[Values]
    table: Rule[HoldTable]

    @model_validator(mode="after")
    def kidneys_have_rows(self) -> Self:
        rows = self.table.values.by_drug
        for drug, each in self.renal.values.drugs.items():
            if {row.use for row in rows.get(drug, ())} != {each.well, each.impaired}:
                raise ValueError(f"renal: drugs: {drug} has no rows {each.well} and {each.impaired}")
        return self
