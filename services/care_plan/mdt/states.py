"""The states of a case, of a meeting and of an action."""

from datetime import date, datetime

import msgspec

from backbone.model import State
from schemas.codes import Priority, Queue
from schemas.fact import Code


class Interval(msgspec.Struct, frozen=True):
    """From when MDT-01 counts, while a plan is running."""

    on: date
    high_risk: bool
    held: bool = False
    """The plan is on hold: it counts on, and asks for nothing."""


class Known(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What stays whatever becomes of the case.

    `asked_by` are the causes of its requests, so that none counts twice; `counted_at` is when the newest fact that the
    interval follows came true, so that an older one does not set it back.
    """

    patient_id: str | None = None
    referral_id: str | None = None
    asked_by: tuple[str, ...] = ()
    interval: Interval | None = None
    counted_at: datetime | None = None


class Matter(State, kw_only=True):
    known: Known = Known()


class NoCase(Matter, tag="none"):
    """Nobody asked."""


class Question(msgspec.Struct, frozen=True):
    """What somebody asks of the team: its text is content."""

    ref: str
    reason: Code
    asked_by: str | None = None


class OpenCase(Matter, kw_only=True):
    reasons: tuple[Code, ...]
    priority: Priority
    questions: tuple[Question, ...] = ()


class Requested(OpenCase, tag="requested"):
    """It waits for a meeting."""


class Listed(OpenCase, tag="listed", kw_only=True):
    meeting_id: str
    start: datetime
    prep_queues: tuple[Queue, ...] = ()
    """Who prepares it, for whichever meeting it is."""


class Decided(Matter, tag="decided", kw_only=True):
    decision: Code


class Withdrawn(Matter, tag="withdrawn"):
    """Nobody needs a decision any more."""


Settled = NoCase | Decided | Withdrawn
Pending = Requested | Listed
MdtCase = Settled | Pending


class NoMeeting(State, tag="none"):
    """No date is set."""


class Planned(State, kw_only=True):
    start: datetime
    quorum: tuple[Code, ...] = ()
    decided: tuple[str, ...] = ()
    present: tuple[str, ...] = ()
    """By the decisions."""
    waived: bool = False
    """A decision was made without quorum, by the chair's leave."""


class Scheduled(Planned, tag="scheduled"):
    """It takes cases."""


class InSession(Planned, tag="open"):
    """It decides."""


class Closed(State, tag="closed"):
    start: datetime


class Cancelled(State, tag="cancelled"):
    start: datetime


MdtMeeting = NoMeeting | Scheduled | InSession | Closed | Cancelled


class NoAction(State, tag="none"):
    """Nothing was asked for."""


class OpenTask(State, tag="open", kw_only=True):
    case_id: str
    kind: Code | None = None
    due_on: date
    referral_id: str | None = None
    owner_queue: Queue | None = None
    owner_id: str | None = None


class Done(State, tag="done"):
    case_id: str


class Dropped(State, tag="cancelled"):
    case_id: str


MdtAction = NoAction | OpenTask | Done | Dropped
