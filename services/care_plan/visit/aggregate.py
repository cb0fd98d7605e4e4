"""The read copy of an appointment: noted, moved, ended. Its id is the appointment's."""

from datetime import datetime

from msgspec.structs import replace

from backbone.model import Aggregate, Command, Decision, Given, Head, Table, ignores, like, updated
from schemas.codes import Discipline
from schemas.scheduling.v1.codes import Purpose
from services.care_plan.rules import Rules
from services.care_plan.visit.facts import VisitEnded, VisitMoved, VisitNoted
from services.care_plan.visit.states import Noted, Unknown, Visit


class NoteVisit(Command, tag="note_visit", kw_only=True):
    """It is booked."""

    purpose: Purpose
    discipline: Discipline
    start: datetime
    version: int
    activity_id: str | None = None
    procedure_id: str | None = None


class MoveVisit(Command, tag="move_visit"):
    """It has another time."""

    start: datetime
    version: int


class EndVisit(Command, tag="end_visit"):
    """Attended, missed or cancelled."""

    how: str


def note(state: Unknown, command: NoteVisit, given: Given[Rules]) -> Decision:
    return [like(VisitNoted, command)]


def move(state: Noted, command: MoveVisit, given: Given[Rules]) -> Decision:
    return [like(VisitMoved, command)] if command.version > state.version else ()


def end(state: Noted, command: EndVisit, given: Given[Rules]) -> Decision:
    return () if state.ended == command.how else [like(VisitEnded, command)]


def noted(state: Unknown, fact: VisitNoted, head: Head) -> Noted:
    return like(Noted, fact, patient_id=head.lane_key)


def moved(state: Noted, fact: VisitMoved, head: Head) -> Noted:
    return updated(state, fact)


def ended(state: Noted, fact: VisitEnded, head: Head) -> Noted:
    return replace(state, ended=fact.how)


VISIT = Aggregate[Visit](
    "visit",
    Unknown(),
    decide=Table(
        *(note, move, end), ignores(NoteVisit, when=Noted), ignores(MoveVisit, EndVisit, when=(Unknown,))
    ),
    evolve=Table(noted, moved, ended),
)
