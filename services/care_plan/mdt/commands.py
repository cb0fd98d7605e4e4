"""What can be asked of a case, of a meeting and of an action."""

from datetime import date, datetime

import msgspec

from backbone.model import Command
from schemas.codes import Priority, Queue
from schemas.fact import Code


class RequestCase(Command, tag="request_mdt_case", kw_only=True):
    """A rule puts it forward; `reason` names it where it has a name."""

    reason: Code
    priority: Priority = "routine"
    referral_id: str | None = None


class AskTeam(Command, tag="ask_mdt", kw_only=True):
    """Somebody puts it forward, with a question."""

    referral_id: str
    reason: Code
    question: str
    priority: Priority = "routine"


class ListCase(Command, tag="list_mdt_case", kw_only=True):
    meeting_id: str
    prep_queues: tuple[Queue, ...]


class Task(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What somebody has to do: a queue or a person, and by when (MDT-02). The text goes into the minutes."""

    action_id: str
    owner_queue: Queue
    owner_id: str | None = None
    due_on: date
    priority: Priority = "routine"
    text: str = ""
    kind: Code | None = None


class DecideCase(Command, tag="decide_mdt_case", kw_only=True):
    """`attendees` are people of the staff directory, which knows their roles."""

    meeting_id: str
    decision: Code
    attendees: tuple[str, ...]
    summary: str
    dissent: str | None = None
    actions: tuple[Task, ...] = ()
    quorum_waived_by: str | None = None


class DeferCase(Command, tag="defer_mdt_case", kw_only=True):
    """`meeting_id`: from this meeting only."""

    meeting_id: str | None = None
    reason: Code
    next_meeting_id: str | None = None


class WithdrawCase(Command, tag="withdraw_mdt_case", kw_only=True):
    reason: Code


class EndCase(Command, tag="end_mdt_case", kw_only=True):
    """The referral ended: nobody has to decide any more."""

    reason: Code


class BeginInterval(Command, tag="begin_mdt_interval", kw_only=True):
    """The plan was activated or reviewed; not `running`: it ended. `at` is when that came true."""

    on: date
    at: datetime
    patient_id: str | None = None
    running: bool = True


class HoldInterval(Command, tag="hold_mdt_interval", kw_only=True):
    """The plan is on hold; or it goes on."""

    held: bool
    at: datetime


class ShortenInterval(Command, tag="shorten_mdt_interval", kw_only=True):
    """The patient is at risk, perhaps: MDT-01 then counts less time from the same day."""

    patient_id: str


class AskByInterval(Command, tag="ask_mdt_by_interval", kw_only=True):
    """Timer, MDT-01."""

    since: date


class ScheduleMeeting(Command, tag="schedule_mdt_meeting", kw_only=True):
    """`quorum`: where this meeting needs other roles than the clinic's rule."""

    start: datetime
    quorum: tuple[Code, ...] = ()


class OpenMeeting(Command, tag="open_mdt_meeting"):
    """It begins."""


class CountDecision(Command, tag="count_mdt_decision", kw_only=True):
    """`attendees`: who was there when it was decided."""

    case_id: str
    attendees: tuple[str, ...] = ()
    quorum_waived_by: str | None = None


class CloseMeeting(Command, tag="close_mdt_meeting", kw_only=True):
    """`deferred`: cases still open, each of which is deferred in the same act; `attendees`: who was there besides those
    whom the decisions name."""

    deferred: int = 0
    attendees: tuple[str, ...] = ()
    quorum_waived_by: str | None = None


class CancelMeeting(Command, tag="cancel_mdt_meeting", kw_only=True):
    """Its cases are deferred in the same act."""

    reason: Code


class OpenAction(Command, tag="open_mdt_action", kw_only=True):
    case_id: str
    due_on: date
    kind: Code | None = None
    owner_queue: Queue | None = None
    owner_id: str | None = None


class CompleteAction(Command, tag="complete_mdt_action"):
    """It is done."""


class NoteActionDone(Command, tag="note_mdt_action_done"):
    """A fact says that it is done."""


class ReassignAction(Command, tag="reassign_mdt_action", kw_only=True):
    owner_id: str


class CancelAction(Command, tag="cancel_mdt_action", kw_only=True):
    reason: Code
