"""One function per transition; its signature is the row of the table."""

import inspect
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, Union, get_args, get_origin, get_type_hints

Transition = Callable[..., Any]


class Table:
    """Dispatches on (type of the first argument, type of the second), as their annotations say.

    Raises TypeError when two functions claim the same pair.
    """

    def __init__(self, *transitions: "Transition | Table") -> None:
        self.rows: dict[tuple[type, type], Transition] = {}
        for transition in transitions:
            if isinstance(transition, Table):
                self._merge(transition)
            else:
                self._add(transition)

    @classmethod
    def of(cls, rows: Mapping[tuple[type, type], Transition]) -> "Table":
        """A table of rows that no annotation names."""
        table = cls()
        table.rows.update(rows)
        return table

    def _add(self, transition: Transition) -> None:
        names = list(inspect.signature(transition).parameters)[:2]
        hints = get_type_hints(transition)
        for left in members(hints[names[0]]):
            for right in members(hints[names[1]]):
                self._put((left, right), transition)

    def _merge(self, other: "Table") -> None:
        for pair, transition in other.rows.items():
            self._put(pair, transition)

    def _put(self, pair: tuple[type, type], transition: Transition) -> None:
        if pair in self.rows:
            left, right = pair
            raise TypeError(
                f"{self.rows[pair].__name__} and {transition.__name__} both answer {left.__name__} × {right.__name__}"
            )
        self.rows[pair] = transition

    @cached_property
    def commands(self) -> frozenset[type]:
        """The commands or facts that the table knows."""
        return frozenset(self.rights)

    @cached_property
    def lefts(self) -> tuple[type, ...]:
        """The states that the table knows, in order of first mention."""
        return tuple(dict.fromkeys(left for left, _ in self.rows))

    @cached_property
    def rights(self) -> tuple[type, ...]:
        """The commands or facts that the table knows, in order of first mention."""
        return tuple(dict.fromkeys(right for _, right in self.rows))

    def answers(self, left: type) -> tuple[type, ...]:
        """What is possible in a state."""
        return tuple(right for row_left, right in self.rows if row_left is left)

    def returns(self) -> Iterator[type]:
        """The types that the transitions return: for an evolve table, its states."""
        for transition in dict.fromkeys(self.rows.values()):
            yield from members(get_type_hints(transition)["return"])


def members(annotation: Any) -> Iterable[type]:
    """The classes of a union, or the class itself."""
    if isinstance(annotation, types.UnionType) or get_origin(annotation) is Union:
        return [cls for member in get_args(annotation) for cls in members(member)]
    origin = get_origin(annotation)
    return [annotation if origin is None else origin]


def by_name(classes: Iterable[type], name: Callable[[type], str]) -> Mapping[str, type]:
    """Classes by their frozen name. Raises TypeError when two share one."""
    named: dict[str, type] = {}
    for cls in classes:
        if named.setdefault(name(cls), cls) is not cls:
            raise TypeError(f"{named[name(cls)].__name__} and {cls.__name__} share the name {name(cls)}")
    return named
