"""What every fact carries beside its own fields: who, when, about what, and because of what.

`lane_key` is the envelope's `patient_id` and `pathway_id` its `referral_id`; inside the runtime they have no meaning
but order and grouping.
"""

from datetime import datetime
from typing import Generic, TypeVar

import msgspec

from schemas.fact import Fact

F_co = TypeVar("F_co", bound=Fact, covariant=True)


class Actor(msgspec.Struct, frozen=True):
    """Who acted. `kind` is one of user, patient, referrer, system, partner."""

    kind: str
    id: str | None = None
    role: str | None = None


SYSTEM = Actor("system")


class Rights(msgspec.Struct, frozen=True):
    """What the verified token says of the person who asks. Nobody but a request has any."""

    roles: tuple[str, ...] = ()
    disciplines: tuple[str, ...] = ()


NO_RIGHTS = Rights()


class Cause(msgspec.Struct, frozen=True):
    """Why orders are given: a fact, a request, a timer, an effect or a record. Its id makes every id that follows."""

    id: str
    at: datetime
    actor: Actor
    correlation_id: str
    lane_key: str | None = None
    pathway_id: str | None = None
    traceparent: str | None = None
    source: str = "request"
    """`request`, `fact`, `timer`, `effect` or `record`: only a request is told at once that its order is refused."""
    type: str | None = None
    """The wire type of the fact, where the cause is one."""
    key: str | None = None
    """The key of the record, where the cause is one that has one."""
    rights: Rights = NO_RIGHTS
    sent_at: datetime | None = None
    """When the record says that it was sent, where the cause is one and its time is one."""


class Head(msgspec.Struct, frozen=True):
    """The envelope of a fact. Times are aware UTC instants; `sequence` is None for private facts."""

    event_id: str
    type: str
    origin: str
    occurred_at: datetime
    recorded_at: datetime
    aggregate_type: str
    aggregate_id: str
    version: int
    sequence: int | None
    lane_key: str | None
    pathway_id: str | None
    correlation_id: str
    causation_id: str
    actor: Actor
    rules: tuple[str, ...] = ()
    traceparent: str | None = None


class Event(Generic[F_co]):
    """A fact with its envelope, as reactions see it."""

    __slots__ = ("fact", "head")

    def __init__(self, head: Head, fact: F_co) -> None:
        self.head = head
        self.fact = fact

    def __repr__(self) -> str:
        return f"Event({self.head.type} {self.head.event_id})"


def cause_of(event: Event[Fact]) -> Cause:
    """A fact as the cause of what follows. Who did the first is not who does the second: software does."""
    head = event.head
    return Cause(
        id=head.event_id,
        at=head.occurred_at,
        actor=SYSTEM,
        correlation_id=head.correlation_id,
        lane_key=head.lane_key,
        pathway_id=head.pathway_id,
        traceparent=head.traceparent,
        source="fact",
        type=head.type,
    )
