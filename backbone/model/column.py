"""Columns: named texts of a state, by which selectors and queries find rows. Declared once, never named by a string."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every aggregate of the kind whose columns have these values."""

    columns: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Has:
    """The condition that a column has a value."""

    column: str
    value: str


class Column:
    """`of` reads its value from a state, None where the state has none. Its name is the attribute that it is bound to,
    and the column of the state table."""

    name: str

    def __init__(self, of: Callable[[Any], str | None]) -> None:
        self.of = of

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __call__(self, value: str) -> Has:
        return Has(self.name, value)


class Flag(Column):
    """A column that holds or does not. As a condition: it holds; inverted: it does not."""

    def __init__(self, holds: Callable[[Any], bool]) -> None:
        super().__init__(lambda state: "true" if holds(state) else "false")

    def __invert__(self) -> Has:
        return Has(self.name, "false")


class Columns:
    """The columns of one kind of aggregate: a class with a `Column` for each."""

    declared: ClassVar[tuple[Column, ...]] = ()

    def __init_subclass__(cls) -> None:
        cls.declared = tuple(each for each in vars(cls).values() if isinstance(each, Column))


def all_of(*conditions: Has | Flag) -> AllOf:
    """Address by selector: all aggregates for which every condition is true."""
    wanted = [Has(each.name, "true") if isinstance(each, Flag) else each for each in conditions]
    return AllOf(tuple(sorted((each.column, each.value) for each in wanted)))


def field(name: str) -> Column:
    """A column that is a field of those states that have it."""
    return Column(lambda state: getattr(state, name, None))
