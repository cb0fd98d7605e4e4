"""Which codes are which drugs: one table for whoever asks for a class (referral) or a dose (care_plan)."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import NamedTuple, Self

from pydantic import Field, model_validator

from config.rules import Rule, RuleSet, Values
from schemas.codes import MedicationFlag

Codes = Mapping[str, tuple[str, ...]]
"""By the short name of their system."""


class Listed(Values):
    """One drug: its classes, the codes of the ingredient, and those of products by route."""

    classes: tuple[MedicationFlag, ...] = ()
    codes: Codes = Field(default_factory=dict)
    products: Mapping[str, Codes] = Field(default_factory=dict)


class Known(NamedTuple):
    """What a code says: which drug, of which classes, and how it is taken where the code says that too."""

    name: str
    classes: tuple[MedicationFlag, ...]
    route: str | None


class DrugTable(Values):
    systems: Mapping[str, str]
    """Short name → the system's own name, as it stands on a drug list."""
    drugs: Mapping[str, Listed]

    def known(self, system: str, code: str) -> Known | None:
        """None: nobody knows which drug that is."""
        return self._by_code.get((system, code))

    @cached_property
    def _by_code(self) -> Mapping[tuple[str, str], Known]:
        return dict(self._codes())

    def _codes(self) -> Iterator[tuple[tuple[str, str], Known]]:
        for name, drug in self.drugs.items():
            for route, codes in ((None, drug.codes), *drug.products.items()):
                for system, listed in codes.items():
                    for code in listed:
                        yield (self.systems[system], code), Known(name, drug.classes, route)

    @model_validator(mode="after")
    def each_code_is_one_drug(self) -> Self:
        unknown = {system for drug in self.drugs.values() for system in drug.codes} - set(self.systems)
        if unknown:
            raise ValueError(f"no such code system: {', '.join(sorted(unknown))}")
        keys = [key for key, _ in self._codes()]
        if twice := sorted({code for system, code in keys if keys.count((system, code)) > 1}):
            raise ValueError(f"listed twice: {', '.join(twice)}")
        return self


class Drugs(Values):
    """`drugs.toml`"""

    rule_set: RuleSet
    table: Rule[DrugTable]
