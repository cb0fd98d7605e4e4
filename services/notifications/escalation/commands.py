"""What an escalation is told: by facts, by the clock, by people."""

from datetime import datetime

from backbone.model import Command
from schemas.codes import Queue
from schemas.notifications.v1.codes import EscalationSeverity
from services.notifications.escalation.states import Origin


class Raise(Command, tag="raise_escalation", kw_only=True):
    """A warning that somebody has to answer; or the same one once more."""

    origin: Origin
    subject_type: str
    subject_id: str
    severity: EscalationSeverity
    queue: Queue
    patient_id: str | None = None
    """Who must be alive for it to be anybody's work."""
    lives: bool = False
    """Whoever raised it knows that a death was taken back, whatever is known here."""


class Resolve(Command, tag="resolve_escalation", kw_only=True):
    """Its subject is dealt with."""

    origin: Origin


class NoteAssessment(Command, tag="note_assessment", kw_only=True):
    """Its subject was assessed, and is not closed yet."""

    origin: Origin
    by_id: str


class NoteItem(Command, tag="note_item", kw_only=True):
    """The work item about the same."""

    item_id: str


class NoteClaim(Command, tag="note_claim", kw_only=True):
    """Somebody claimed the work item."""

    by_id: str
    at: datetime


class NoteRelease(Command, tag="note_release", kw_only=True):
    """Whoever had claimed the work item gave it back."""

    at: datetime


class CallLater(Command, tag="call_later", kw_only=True):
    """The clinic opens."""


class PassDeadline(Command, tag="pass_deadline", kw_only=True):
    """Nobody acknowledged in time."""


class MissAssessment(Command, tag="miss_assessment", kw_only=True):
    """Who acknowledged has not assessed in time."""


class AnswerPage(Command, tag="answer_page", kw_only=True):
    """Somebody replied to a page, from their own number."""

    by_id: str


class RecordCall(Command, tag="record_call", kw_only=True):
    """Staff spoke with somebody on the ladder, who takes it up."""

    by_id: str
