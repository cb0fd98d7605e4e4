"""The runtime's fourth aggregate: which other records of the registry are the same person's, and whether they died
(EVT-03, ADR 19).

Its id is the patient's; it hears what the registry says of that id, and of no other. What a service keeps by patient
and declares `of_person` is then read for all records of the person, as they stand: nothing is copied at a merge, so
nothing has to be taken back when it is undone.
"""

from collections.abc import Callable, Iterable
from typing import Any, Literal

from msgspec.structs import replace

from backbone.model.aggregate import Aggregate, Orders, one
from backbone.model.alike import like
from backbone.model.decision import Command, Decision, Given, State
from backbone.model.head import Event, Head
from backbone.model.service import On, on
from backbone.model.table import Table
from schemas.fact import Fact, Id, PrivateFact


class Person(State, tag="person", frozen=True, kw_only=True):
    others: tuple[str, ...] = ()
    survivor_id: str | None = None
    """The record that this one is shown under since they were merged."""
    heard: int = 0
    """The number of the registry's latest fact: an older one, told again or late, changes nothing."""
    died: bool = False
    lives_since: int = 0
    """The number of the fact that said so; an older death changes nothing."""


class JoinPerson(Command, tag="join_person", kw_only=True, frozen=True):
    """The other record is the same person's; `survivor_id`: and this one is shown under it."""

    other_id: str
    heard: int
    survivor_id: str | None = None


class PartPerson(Command, tag="part_person", kw_only=True, frozen=True):
    """It is somebody else's after all."""

    other_id: str
    heard: int


class NoteDeath(Command, tag="note_death", kw_only=True, frozen=True):
    """Until it is taken back."""

    heard: int = 0


class NoteLife(Command, tag="note_life", kw_only=True, frozen=True):
    """They did not die."""

    heard: int


class PersonJoined(PrivateFact):
    """Another record is the same person's."""

    type: Literal["backbone.person_joined.v1"] = "backbone.person_joined.v1"
    other_id: Id
    heard: int
    survivor_id: Id | None = None


class PersonParted(PrivateFact):
    """It is somebody else's after all."""

    type: Literal["backbone.person_parted.v1"] = "backbone.person_parted.v1"
    other_id: Id
    heard: int


class PersonDied(PrivateFact):
    type: Literal["backbone.person_died.v1"] = "backbone.person_died.v1"


class PersonLives(PrivateFact):
    type: Literal["backbone.person_lives.v1"] = "backbone.person_lives.v1"
    lives_since: int


def join(state: Person, command: JoinPerson, given: Given[Any]) -> Decision:
    return () if command.heard <= state.heard else [like(PersonJoined, command)]


def part(state: Person, command: PartPerson, given: Given[Any]) -> Decision:
    """Kept even where nothing was joined yet: else a late merge would outlive its undoing."""
    return () if command.heard <= state.heard else [like(PersonParted, command)]


def note_death(state: Person, command: NoteDeath, given: Given[Any]) -> Decision:
    is_old = 0 < command.heard <= state.lives_since
    return () if state.died or is_old else [PersonDied()]


def note_life(state: Person, command: NoteLife, given: Given[Any]) -> Decision:
    return () if command.heard <= state.lives_since else [PersonLives(lives_since=command.heard)]


def died(state: Person, fact: PersonDied, head: Head) -> Person:
    return replace(state, died=True)


def lives(state: Person, fact: PersonLives, head: Head) -> Person:
    return replace(state, died=False, lives_since=fact.lives_since)


def joined(state: Person, fact: PersonJoined, head: Head) -> Person:
    return replace(
        state,
        heard=fact.heard,
        others=tuple(dict.fromkeys((*state.others, fact.other_id))),
        survivor_id=fact.survivor_id or state.survivor_id,
    )


def parted(state: Person, fact: PersonParted, head: Head) -> Person:
    return replace(
        state,
        heard=fact.heard,
        others=tuple(each for each in state.others if each != fact.other_id),
        survivor_id=None if state.survivor_id == fact.other_id else state.survivor_id,
    )


PERSON = Aggregate[Person](
    "person",
    Person(),
    decide=Table(join, part, note_death, note_life),
    evolve=Table(joined, parted, died, lives),
    has_pathway=False,
    of_person=True,
)


def known_by_registry(
    merged: type[Fact], undone: type[Fact], deceased: type[Fact], settled: type[Fact]
) -> tuple[On, ...]:
    """The reactions by which a service knows it; each fact is told under the key of every record."""

    def hear_merge(event: Event[Any], rules: Any) -> Orders:
        survivor, merged = event.fact.surviving_id, event.fact.merged_id
        if event.head.aggregate_id == merged:
            yield from told(JoinPerson, event, survivor, survivor_id=survivor)
        else:
            yield from told(JoinPerson, event, merged)

    def hear_undoing(event: Event[Any], rules: Any) -> Orders:
        survivor, restored = event.fact.surviving_id, event.fact.restored_id
        yield from told(PartPerson, event, survivor if event.head.aggregate_id == restored else restored)

    def hear_death(event: Event[Any], rules: Any) -> Orders:
        yield PERSON.send(NoteDeath(heard=event.head.sequence or 0), to=one(event.head.aggregate_id))

    def hear_life(event: Event[Any], rules: Any) -> Orders:
        if event.fact.lives:
            yield PERSON.send(NoteLife(heard=event.head.sequence or 0), to=one(event.head.aggregate_id))

    return on(merged, hear_merge), on(undone, hear_undoing), on(deceased, hear_death), on(settled, hear_life)


def told(command: type[JoinPerson | PartPerson], event: Event[Any], other_id: str, **more: Any) -> Orders:
    """The record under whose key it is told learns of the other one."""
    yield PERSON.send(
        command(other_id=other_id, heard=event.head.sequence or 0, **more), to=one(event.head.aggregate_id)
    )


def walk(record: str, others: Callable[[str], Iterable[str]]) -> list[str]:
    """All records of the person whose this one is, this one first. `others`: what a record names."""
    found = [record]
    for each in found:
        found += [other for other in others(each) if other not in found]
    return found


def person_seen(lane_key: str | None) -> tuple[tuple[str, str], ...]:
    """For `needs`: which records are this person's."""
    return ((PERSON.kind, lane_key),) if lane_key else ()


def others_of(lane_key: str | None, given: Given[Any]) -> tuple[str, ...]:
    """The other records of the person, for a decider that asked to see them."""
    records = (each for (_, each), state in given.others.items() if isinstance(state, Person))
    return tuple(each for each in records if each != lane_key)


def survivor_of(lane_key: str, given: Given[Any]) -> str:
    """The record that this one is shown under, for a decider that asked to see the person. A survivor is merged into no
    other one."""
    found = given.others.get((PERSON.kind, lane_key))
    return (found.survivor_id if isinstance(found, Person) else None) or lane_key


def has_died(given: Given[Any]) -> bool:
    """The person whom the decider asked to see, by whatever record."""
    return any(isinstance(each, Person) and each.died for each in given.others.values())
