"""A visit, so that an arrival becomes work in the right queue. Its id is the appointment's."""

from datetime import datetime

from backbone.model import Aggregate, Command, Decision, Given, Head, State, Table, ignores, like
from schemas.codes import Discipline
from services.worklist.rules import Rules
from services.worklist.visit.facts import VisitBegan, VisitDated


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


Visit = Undated | Dated | Begun


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
    return [like(VisitDated, command)]


def move(state: Dated, command: MoveVisit, given: Given[Rules]) -> Decision:
    if command.version <= state.version:
        return ()
    return [like(VisitDated, command, discipline=state.discipline)]


def begin(state: Dated, command: BeginVisit, given: Given[Rules]) -> Decision:
    return [like(VisitBegan, state)]


def dated(state: Undated | Dated, fact: VisitDated, head: Head) -> Dated:
    return like(Dated, fact)


def begun(state: Dated, fact: VisitBegan, head: Head) -> Begun:
    return like(Begun, state)


VISIT = Aggregate[Visit](
    "visit",
    Undated(),
    decide=Table(
        *(date, move, begin),
        ignores(DateVisit, when=(Dated, Begun)),
        ignores(MoveVisit, BeginVisit, when=(Undated, Begun)),
    ),
    evolve=Table(dated, begun),
)
