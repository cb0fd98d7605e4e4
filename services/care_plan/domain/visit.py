"""What this service knows of an appointment: when, for what, for whom. Its id is the appointment's."""

from datetime import datetime
from typing import Any

import msgspec

from backbone.model import Aggregate, Command, Decision, Given, Head, State, Table
from schemas.codes import Discipline
from schemas.scheduling.v1.codes import Purpose
from services.care_plan.domain.facts import VisitEnded, VisitMoved, VisitNoted
from services.care_plan.domain.rules import Rules


class Unknown(State, tag="unknown", frozen=True, kw_only=True):
    pass


class Visit(State, tag="noted", frozen=True, kw_only=True):
    purpose: Purpose
    discipline: Discipline
    start: datetime
    version: int
    activity_id: str | None = None
    ended: str | None = None


class NoteVisit(Command, tag="note_visit", kw_only=True, frozen=True):
    purpose: Purpose
    discipline: Discipline
    start: datetime
    version: int
    activity_id: str | None = None


class MoveVisit(Command, tag="move_visit", kw_only=True, frozen=True):
    start: datetime
    version: int


class EndVisit(Command, tag="end_visit", kw_only=True, frozen=True):
    how: str


def note(state: Unknown, command: NoteVisit, given: Given[Rules]) -> Decision:
    return [
        VisitNoted(
            purpose=command.purpose,
            discipline=command.discipline,
            start=command.start,
            version=command.version,
            activity_id=command.activity_id,
        )
    ]


def note_again(state: Visit, command: NoteVisit, given: Given[Rules]) -> Decision:
    return ()


def move(state: Visit, command: MoveVisit, given: Given[Rules]) -> Decision:
    later = command.version > state.version
    return [VisitMoved(start=command.start, version=command.version)] if later else ()


def end(state: Visit, command: EndVisit, given: Given[Rules]) -> Decision:
    return () if state.ended == command.how else [VisitEnded(how=command.how)]


def unknown_to_us(state: Unknown, command: MoveVisit | EndVisit, given: Given[Rules]) -> Decision:
    """It was never booked: only offered or held."""
    return ()


def noted(state: Unknown, fact: VisitNoted, head: Head) -> Visit:
    return Visit(
        purpose=fact.purpose,
        discipline=fact.discipline,
        start=fact.start,
        version=fact.version,
        activity_id=fact.activity_id,
    )


def moved(state: Visit, fact: VisitMoved, head: Head) -> Visit:
    return msgspec.structs.replace(state, start=fact.start, version=fact.version)


def ended(state: Visit, fact: VisitEnded, head: Head) -> Visit:
    return msgspec.structs.replace(state, ended=fact.how)


VISIT: Aggregate[Any] = Aggregate(
    "visit",
    Unknown(),
    decide=Table(note, note_again, move, end, unknown_to_us),
    evolve=Table(noted, moved, ended),
)
