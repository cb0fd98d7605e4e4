"""How much of its work a discipline gives where whoever orders it does not say: the shape of a row of `doses` in
`care_plan.toml`."""

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import AfterValidator, Field

from config.rules import Rule, Values
from schemas.care_plan.v1.codes import ActivityKind
from schemas.codes import Discipline
from schemas.fact import Slug


class Dose(Values):
    """So many sessions of work of these kinds, so many days apart where there is more than one."""

    disciplines: tuple[Discipline, ...] = Field(min_length=1)
    kinds: tuple[ActivityKind, ...] = Field(min_length=1)
    sessions: int = Field(ge=1, le=60)
    every_days: int | None = Field(default=None, ge=1, le=90)

    @property
    def covered(self) -> Iterator[tuple[Discipline, ActivityKind]]:
        return ((discipline, kind) for discipline in self.disciplines for kind in self.kinds)


def each_work_once(doses: Mapping[str, Rule[Dose]]) -> Mapping[str, Rule[Dose]]:
    """Nobody can tell which of two defaults holds."""
    known: dict[tuple[Discipline, ActivityKind], str] = {}
    for name, rule in doses.items():
        for work in rule.values.covered:
            if known.setdefault(work, name) != name:
                raise ValueError(f"{' '.join(work)} is in {known[work]} and in {name}")
    return doses


Doses = Annotated[Mapping[Slug, Rule[Dose]], AfterValidator(each_work_once)]


def dose_of(doses: Doses, discipline: Discipline, kind: ActivityKind) -> Rule[Dose] | None:
    """The default of this work, if the clinic has one."""
    found = (rule for rule in doses.values() if (discipline, kind) in rule.values.covered)
    return next(found, None)
