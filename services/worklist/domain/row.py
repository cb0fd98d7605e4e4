"""The parts of a row of the catalogue: where, about what, how urgent, by when, until what."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from backbone.head import Event
from schemas.codes import ItemType, Priority, Queue
from schemas.fact import Fact
from services.worklist.domain.due import Due
from services.worklist.domain.rules import Rules


class When(NamedTuple):
    """A closing fact that closes only if its content says so."""

    fact: type[Fact]
    holds: Callable[[Any], bool]


class Subject(NamedTuple):
    """What an item is about: the type, and where facts that open or close it name the id."""

    type: str
    id: Callable[[Event[Any]], str]


class Rank(NamedTuple):
    """Urgency category and target date, as far as a fact knows them."""

    category: str | None = None
    target_date: date | None = None


Place = Callable[[Event[Any], Rules], Queue]
"""The queue in which the item is opened."""

Urgency = Callable[[Event[Any], Rules], Priority]
"""The FHIR priority with which it is opened."""


def unranked(event: Event[Any]) -> Rank:
    return Rank()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One kind of item. `safety` items are never cleaned up and have an `ack` time besides `due`."""

    item: ItemType
    queue: Place
    subject: Subject
    opens: type[Fact]
    priority: Urgency
    due: Due
    closes: tuple[type[Fact] | When, ...]
    ack: Due | None = None
    rank: Callable[[Event[Any]], Rank] = unranked
    safety: bool = False
    cleaned_up: bool = True

    @property
    def closings(self) -> tuple[When, ...]:
        return tuple(each if isinstance(each, When) else When(each, always) for each in self.closes)

    def remembers(self, closing: type[Fact]) -> bool:
        """A closing fact of another topic than the opening one may come first (WL-04)."""
        return topic(closing) != topic(self.opens)


def always(fact: Any) -> bool:
    return True


def topic(fact: type[Fact]) -> str:
    """The service whose facts share one topic, and so one order per patient."""
    return fact.wire_type.partition(".")[0]


def in_queue(name: Queue) -> Place:
    return lambda event, rules: name


def priority(code: Priority) -> Urgency:
    return lambda event, rules: code


REFERRAL = Subject("referral", lambda event: event.head.aggregate_id)
FLAG = Subject("red_flag", lambda event: str(event.fact.flag_id))
PARKING = Subject("parking", lambda event: event.head.aggregate_id)
STUCK_FACT = Subject("stuck_fact", lambda event: event.head.aggregate_id)
