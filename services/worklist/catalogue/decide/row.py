"""The parts of a row of the catalogue: where, about what, how urgent, by when, until what."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from backbone.model import Event
from schemas.codes import ItemType, Priority, Queue
from schemas.fact import Fact
from services.worklist.catalogue.decide.due import Due
from services.worklist.rules import Rules


class When(NamedTuple):
    """A closing fact that closes only if its content says so; `by_referral`: whatever item of the referral (WL-06)."""

    fact: type[Fact]
    holds: Callable[[Any], bool]
    by_referral: bool = False


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


def always(fact: Any) -> bool:
    return True


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
    when: Callable[[Any], bool] = always
    """Only facts for which this holds open it."""
    queues: Callable[[Event[Any]], tuple[Queue, ...]] | None = None
    """Where one fact opens one item in each of several queues."""
    ack: Due | None = None
    rank: Callable[[Event[Any]], Rank] = unranked
    safety: bool = False
    cleaned_up: bool = True

    @property
    def closings(self) -> tuple[When, ...]:
        return tuple(each if isinstance(each, When) else When(each, always) for each in self.closes)

    def remembers(self, closing: type[Fact]) -> bool:
        """A closing fact of another topic than the opening one may come first (WL-04)."""
        return self.opens.public and topic(closing) != topic(self.opens)


def topic(fact: type[Fact]) -> str:
    """The service whose facts share one topic, and so one order per patient."""
    return fact.wire_type.partition(".")[0]


def in_queue(name: Queue) -> Place:
    return lambda event, rules: name


def priority(code: Priority) -> Urgency:
    return lambda event, rules: code


REFERRAL = Subject("referral", lambda event: event.head.aggregate_id)
PATHWAY = Subject("referral", lambda event: str(event.head.pathway_id))
FLAG = Subject("red_flag", lambda event: str(event.fact.flag_id))
PARKING = Subject("parking", lambda event: event.head.aggregate_id)
STUCK_FACT = Subject("stuck_fact", lambda event: event.head.aggregate_id)


def named(kind: str, field: str) -> Subject:
    """What the fact itself names in this field."""
    return Subject(kind, lambda event: str(getattr(event.fact, field)))


def of(kind: str) -> Subject:
    """The thing that the fact is about."""
    return Subject(kind, lambda event: event.head.aggregate_id)


def by_referral(fact: type[Fact], holds: Callable[[Any], bool] = always) -> When:
    """Closes every open item of the type of this referral (WL-06)."""
    return When(fact, holds, by_referral=True)
