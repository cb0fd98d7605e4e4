"""The parts of a row of the catalogue: where, about what, how urgent, by when, until what."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar

from backbone.model import Event
from schemas.codes import ItemType, Priority, Queue
from schemas.fact import Fact
from services.worklist.rules import Rules

F = TypeVar("F", bound=Fact)


def always(fact: Any) -> bool:
    return True


def nothing(fact: Any) -> None:
    return None


def itself(fact: F) -> Iterable[F]:
    return (fact,)


@dataclass(frozen=True, slots=True)
class When(Generic[F]):
    """A closing fact that closes only if its content says so; `by_referral`: whatever item of the referral (WL-06)."""

    fact: type[F]
    holds: Callable[[F], bool] = always
    by_referral: bool = False


class Subject(NamedTuple):
    """What an item is about. `names`: whether facts of a class name it, and `id` how."""

    kind: str
    id: Callable[[Event[Any]], str]
    names: Callable[[type[Fact]], bool]


def named(kind: str, field: str) -> Subject:
    """What the fact itself names in this field."""
    return Subject(
        kind,
        lambda event: str(getattr(event.fact, field)),
        lambda fact: field in fact.model_fields,
    )


def of(kind: str, mirror: str = "") -> Subject:
    """The thing that the fact is about; `mirror`: a kind of aggregate of our own with the same ids."""
    return Subject(kind, lambda event: event.head.aggregate_id, lambda fact: fact.aggregate in (kind, mirror))


class Detail(NamedTuple):
    """The one coded fact beside a title: what this field of the opening fact says. `among`: only these codes count."""

    field: str
    among: frozenset[str] = frozenset()

    def of(self, fact: Any) -> str | None:
        """Of several codes none: one would hide the others."""
        said = getattr(fact, self.field)
        codes = said if isinstance(said, tuple) else (said,)
        counted = [code for code in codes if code and (not self.among or code in self.among)]
        return counted[0] if len(counted) == 1 else None


REFERRAL = of("referral", mirror="episode")
PATHWAY = Subject("referral", lambda event: str(event.head.pathway_id), always)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row(Generic[F]):
    """One kind of item, and a fact that opens it.

    `safety` items are never cleaned up and have an `ack` time besides `due`.
    """

    item: ItemType
    queue: Queue | Callable[[Event[F], Rules], Queue]
    subject: Subject
    opens: type[F]
    priority: Priority | Callable[[Event[F], Rules], Priority]
    due: Callable[[Event[F], Rules], datetime]
    closes: tuple[type[Fact] | When[Any], ...]
    when: Callable[[F], bool] = always
    """Only facts for which this holds open it."""
    each: Callable[[F], Iterable[Any]] = itself
    """Where one fact opens several items: the parts that stand for the fact, one for each."""
    ack: Callable[[Event[F], Rules], datetime] | None = None
    category: Callable[[F], str | None] = nothing
    """The urgency category, where the fact suggests one."""
    detail: Detail | None = None
    about: Detail | None = None
    """What tells it apart from others of its type about the same patient, where the detail does not."""
    place: Callable[[Event[F]], str | None] = nothing
    """Where the record stands that nobody could handle."""
    safety: bool = False
    cleaned_up: bool = True
    """Ends with its referral."""
    while_it_goes: bool = False
    """Nothing else ends it with its referral, and nobody can do it any more: not even what was told after the end."""
    of_the_living: bool = False
    """Ends with the patient, though not with the referral: somebody speaks with them, or waits for them."""
    lives: Callable[[F], bool] = lambda fact: False
    """Facts that say themselves that a death was taken back: here it may not be known yet."""

    @property
    def ends_with_patient(self) -> bool:
        """NOT-14: everything but letters, and what is asked about the record itself."""
        return self.safety or self.cleaned_up or self.of_the_living

    @property
    def closings(self) -> tuple[When[Any], ...]:
        return tuple(each if isinstance(each, When) else When(each) for each in self.closes)

    def remembers(self, closing: When[Any]) -> bool:
        """A closing fact of another topic than the opening one may come first (WL-04)."""
        return self.opens.public and not closing.by_referral and topic(closing.fact) != topic(self.opens)

    def queue_for(self, event: Event[F], rules: Rules) -> Queue:
        return self.queue(event, rules) if callable(self.queue) else self.queue

    def priority_for(self, event: Event[F], rules: Rules) -> Priority:
        return self.priority(event, rules) if callable(self.priority) else self.priority

    def faults(self) -> Iterable[str]:
        """What would never work, or never end."""
        whole = self.each is itself
        facts = [self.opens] if whole else []
        facts += [closing.fact for closing in self.closings if not closing.by_referral]
        for fact in facts:
            if not self.subject.names(fact):
                yield f"{self.item}: {fact.wire_type} names no {self.subject.kind}"
        for shown in (self.detail, self.about):
            if whole and shown and shown.field not in self.opens.model_fields:
                yield f"{self.item}: {self.opens.wire_type} has no {shown.field}"
        if self.safety != (self.ack is not None) or (self.safety and self.cleaned_up):
            yield f"{self.item}: a safety item is acknowledged in time and never cleaned up; no other is"
        if callable(self.queue) and any(map(self.remembers, self.closings)):
            yield f"{self.item}: a closing fact that may come first must know the queue"


def topic(fact: type[Fact]) -> str:
    """The service whose facts share one topic, and so one order per patient."""
    return fact.wire_type.partition(".")[0]


def by_referral(fact: type[F], holds: Callable[[F], bool] = always) -> When[F]:
    """Closes every open item of the type of this referral (WL-06)."""
    return When(fact, holds, by_referral=True)
