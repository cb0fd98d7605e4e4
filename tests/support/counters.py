"""A small service for tests of locks: counters of patients, and two kinds of shelves that belong to nobody."""

from typing import Any, Literal

from pydantic import BaseModel

from backbone.model import (
    Aggregate,
    Cause,
    Command,
    Decision,
    Given,
    Head,
    Intake,
    Orders,
    Send,
    Service,
    State,
    Table,
    one,
    together,
)
from schemas.fact import Id, PrivateFact


class Counted(PrivateFact):
    type: Literal["counters.counted.v1"] = "counters.counted.v1"


class Count(State, tag="count"):
    number: int = 0


class CountOne(Command, tag="count_one"):
    pass


def count_one(state: Count, command: CountOne, given: Given[Any]) -> Decision:
    return [Counted()]


def counted(state: Count, fact: Counted, head: Head) -> Count:
    return Count(number=state.number + 1)


def kind(name: str, *, has_lane: bool) -> Aggregate[Count]:
    return Aggregate(
        name,
        Count(),
        decide=Table(count_one),
        evolve=Table(counted),
        has_lane=has_lane,
        has_pathway=False,
    )


COUNTER, SHELF, CRATE = (
    kind("counter", has_lane=True),
    kind("shelf", has_lane=False),
    kind("crate", has_lane=False),
)


class Delivery(BaseModel):
    """Of one patient, under any key. Puts things onto shelves and into crates, in the order given."""

    patient: Id
    counter: Id
    places: tuple[tuple[Literal["shelf", "crate"], Id], ...] = ()


def deliver(delivery: Delivery, cause: Cause, rules: Any) -> Orders:
    yield together(*sends(delivery), about=one(delivery.patient))


def sends(delivery: Delivery) -> list[Send]:
    kinds = {"shelf": SHELF, "crate": CRATE}
    places = [kinds[name].send(CountOne(), to=one(identity)) for name, identity in delivery.places]
    return [*places, COUNTER.send(CountOne(), to=one(delivery.counter))]


COUNTERS = Service(
    "counters",
    aggregates=(COUNTER, SHELF, CRATE),
    intakes=(Intake("counters.intake", Delivery, deliver),),
)

COUNTERS_SQL = "".join(
    f"""
CREATE TABLE {name} (
    id uuid PRIMARY KEY, lane_key uuid, pathway_id uuid, version int NOT NULL, sequence int NOT NULL,
    status text NOT NULL, body jsonb NOT NULL, updated_at timestamptz NOT NULL
);
"""
    for name in ("counter", "shelf", "crate")
)
