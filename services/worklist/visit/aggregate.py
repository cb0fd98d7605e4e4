"""An appointment, so that an arrival becomes work in the right queue. Its id is the appointment's."""

from datetime import datetime
from typing import Any

from backbone.model import Aggregate, Command, Decision, Given, Head, State, Table
from schemas.codes import Discipline
from services.worklist.item.facts import VisitBegan, VisitDated
from services.worklist.rules import Rules


class Undated(State, tag="undated"):
    """Only offered or held."""


class Dated(State, tag="dated"):
    discipline: Discipline
    start: datetime
    version: int


class Begun(State, tag="begun"):
    discipline: Discipline
    start: datetime
    version: int


class DateVisit(Command, tag="date_visit"):
    discipline: Discipline
    start: datetime
    version: int


class MoveVisit(Command, tag="move_visit"):
    start: datetime
    version: int


class BeginVisit(Command, tag="begin_visit"):
    """The patient arrived."""


def date(state: Undated, command: DateVisit, given: Given[Rules]) -> Decision:
    return [VisitDated(discipline=command.discipline, start=command.start, version=command.version)]


def dated_already(state: Dated | Begun, command: DateVisit, given: Given[Rules]) -> Decision:
    return ()


def move(state: Dated, command: MoveVisit, given: Given[Rules]) -> Decision:
    if command.version <= state.version:
        return ()
    return [VisitDated(discipline=state.discipline, start=command.start, version=command.version)]


def nothing_to_move(state: Undated | Begun, command: MoveVisit, given: Given[Rules]) -> Decision:
    return ()


def begin(state: Dated, command: BeginVisit, given: Given[Rules]) -> Decision:
    return [VisitBegan(discipline=state.discipline, start=state.start)]


def begun_already(state: Undated | Begun, command: BeginVisit, given: Given[Rules]) -> Decision:
    return ()


def dated(state: Undated | Dated, fact: VisitDated, head: Head) -> Dated:
    return Dated(discipline=fact.discipline, start=fact.start, version=fact.version)


def begun(state: Dated, fact: VisitBegan, head: Head) -> Begun:
    return Begun(discipline=state.discipline, start=state.start, version=state.version)


VISIT: Aggregate[Any] = Aggregate(
    "visit",
    Undated(),
    decide=Table(date, dated_already, move, nothing_to_move, begin, begun_already),
    evolve=Table(dated, begun),
)
