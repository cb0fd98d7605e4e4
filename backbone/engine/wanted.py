"""What a run needs to have loaded: states by id, states by selector, content by ref."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field

from backbone.model.aggregate import Lookup, One, Order
from backbone.model.column import AllOf

Key = tuple[str, str]
"""(kind, aggregate id)"""
Selector = tuple[str, tuple[tuple[str, str], ...]]
"""(kind, what its columns must hold)"""


@dataclass(slots=True)
class Wanted:
    """Each thing once, in the order in which it was named."""

    states: dict[Key, None] = field(default_factory=dict)
    selectors: dict[Selector, None] = field(default_factory=dict)
    contents: dict[str, None] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.states or self.selectors or self.contents)

    def add_targets(self, order: Order, lookups: Mapping[Lookup, str]) -> None:
        """Everything that the order addresses."""
        for send in order.sends:
            if isinstance(send.to, AllOf):
                self.selectors[send.aggregate.kind, send.to.columns] = None
            else:
                self.states[send.aggregate.kind, id_of(send.to, lookups)] = None

    def drop(self, states: Container[Key], contents: Container[str]) -> None:
        """Without what is there already."""
        self.states = {key: None for key in self.states if key not in states}
        self.contents = {ref: None for ref in self.contents if ref not in contents}


def lookups_of(orders: Iterable[Order]) -> Iterable[Lookup]:
    for order in orders:
        for target in (order.about, order.pathway):
            if isinstance(target, Lookup):
                yield target
        for send in order.sends:
            if isinstance(send.to, Lookup):
                yield send.to


def id_of(target: One | Lookup, lookups: Mapping[Lookup, str]) -> str:
    return target.id if isinstance(target, One) else lookups[target]
