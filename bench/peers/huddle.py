"""The contender: the job as a service of ours, in a process as every service has it (HTTP side, probes, relay)."""

import os
from typing import Any

from backbone.model import (
    Aggregate,
    Command,
    Decision,
    Event,
    Given,
    Head,
    Orders,
    Service,
    State,
    Table,
    on,
    one,
)
from backbone.process import main
from bench.job import ItemAsked, ItemClosed, ItemOpened, ItemUpdated


class NoItem(State, tag="none"):
    pass


class Open(State, tag="open"):
    note: int
    updates: int = 0


class Closed(State, tag="closed"):
    updates: int


class OpenItem(Command, tag="open_item"):
    note: int


class UpdateItem(Command, tag="update_item"):
    note: int


class CloseItem(Command, tag="close_item"):
    pass


def open_item(state: NoItem, command: OpenItem, given: Given[Any]) -> Decision:
    return [ItemOpened(note=command.note)]


def update(state: Open, command: UpdateItem, given: Given[Any]) -> Decision:
    return [ItemUpdated(note=command.note, updates=state.updates + 1)]


def close(state: Open, command: CloseItem, given: Given[Any]) -> Decision:
    return [ItemClosed(updates=state.updates)]


def opened(state: NoItem, fact: ItemOpened, head: Head) -> Open:
    return Open(note=fact.note)


def updated(state: Open, fact: ItemUpdated, head: Head) -> Open:
    return Open(note=fact.note, updates=fact.updates)


def closed(state: Open, fact: ItemClosed, head: Head) -> Closed:
    return Closed(updates=fact.updates)


ITEM = Aggregate[State](
    "item",
    NoItem(),
    decide=Table(open_item, update, close),
    evolve=Table(opened, updated, closed),
    has_pathway=False,
)


def follow(event: Event[ItemAsked], rules: Any) -> Orders:
    """What was asked for becomes a command to the item."""
    fact = event.fact
    commands = {"open": OpenItem(fact.note), "update": UpdateItem(fact.note), "close": CloseItem()}
    yield ITEM.send(commands[fact.step], to=one(fact.item))


if __name__ == "__main__":
    main(Service(os.environ["BENCH_NAME"], aggregates=(ITEM,), reactions=(on(ItemAsked, follow),)))
