"""What can be asked of an item. Persons claim, release, transfer, undo; facts and timers do the rest."""

from datetime import date, datetime
from typing import Literal

from backbone.model import Command, Unverified
from schemas.codes import ItemType, Priority, Queue
from services.worklist.item.states import Source

HoldReason = Literal["waits_for_patient", "waits_for_others", "waits_for_date"]
ReleaseReason = Literal["not_needed_now", "handed_over", "end_of_shift", "claimed_by_mistake"]
TransferReason = Literal["wrong_queue", "other_expertise", "workload", "patient_wish"]
CancelReason = Literal[
    "rejected",
    "redirected",
    "withdrawn",
    "completed",
    "discharged",
    "marked_in_error",
    "linked",
    "deceased",
]


class OpenItem(Command, tag="open_item"):
    """There is work to do. Due times are reckoned where the fact is read, with the clinic's calendar."""

    source: Source
    item_type: ItemType
    queue: Queue
    subject_type: str
    subject_id: str
    priority: Priority
    subject_version: int | None = None
    due_at: datetime | None = None
    ack_due_at: datetime | None = None
    category: str | None = None
    detail: str | None = None
    about: str | None = None
    referral_id: str | None = None
    """Whose episode may have ended: late work of an ended episode is not opened."""
    patient_id: str | None = None
    """Whom it is about: for who has died, nothing but letters is opened."""
    lives: bool = False
    """The fact knows that a death was taken back, whatever is known here."""
    place: str | None = None
    """Of the record that is parked."""
    unverified: tuple[Unverified, ...] = ()
    """Rules that made the opening fact and that nobody has verified."""


class CompleteItem(Command, tag="complete_item"):
    """A closing fact. `remember` when it comes from another topic than the opening fact: it may be early."""

    source: Source
    by: str | None = None
    remember: bool = False


class CancelItem(Command, tag="cancel_item"):
    """A cleanup fact."""

    source: Source
    reason: CancelReason


class ReprioritiseItem(Command, tag="reprioritise_item"):
    """A fact moves the due time, or makes the work more urgent; or less, where it `decides` how urgent it is. Work that
    `waits` is due when the fact says, or not at all."""

    source: Source
    cause: str
    priority: Priority | None = None
    due_at: datetime | None = None
    decides: bool = False
    waits: bool = False


class FollowLadder(Command, tag="follow_ladder"):
    """By when the people who are called have to answer now; nobody is called any more without it."""

    source: Source
    ack_due_at: datetime | None = None


class EscalateByLadder(Command, tag="escalate_by_ladder"):
    """Nobody answered in time."""

    source: Source
    ack_due_at: datetime | None = None


class EscalateOverdue(Command, tag="escalate_overdue"):
    """Its due time has passed; or half as much time again."""


class EscalateByLead(Command, tag="escalate_by_lead"):
    """A lead wants it seen."""


class ReprioritiseByLead(Command, tag="reprioritise_by_lead"):
    """A lead says how urgent it is."""

    priority: Priority


class HoldItem(Command, tag="hold_item"):
    """It can't go on before this day."""

    reason: HoldReason
    resume_on: date


class ResumeItem(Command, tag="resume_item"):
    """It can go on."""


class ResumeOnTime(Command, tag="resume_on_time"):
    """The day has come."""


class ShowUnder(Command, tag="show_under"):
    """Two records are one person: the work is shown under the surviving id. Who claimed it keeps it."""

    source: Source
    patient_id: str


class ShowApart(Command, tag="show_apart"):
    """They are two persons after all: work that was born with the restored id goes back to it."""

    source: Source
    restored_id: str


class RankItem(Command, tag="rank_item"):
    """The urgency category and target date that order the queue (REF-06)."""

    source: Source
    category: str | None = None
    target_date: date | None = None


class ReleaseIdle(Command, tag="release_idle_item"):
    """Nobody touched a claimed item for too long."""


class ClaimItem(Command, tag="claim_item"):
    """Of two claims one wins."""


class KeepItem(Command, tag="keep_item"):
    """Whoever has claimed it still works on it."""


class ReleaseItem(Command, tag="release_item"):
    """Back to its old place in the queue."""

    reason: ReleaseReason = "not_needed_now"


class TransferItem(Command, tag="transfer_item"):
    """To another queue that takes its type; its waiting time goes on."""

    queue: Queue
    reason: TransferReason


class UndoTransition(Command, tag="undo_transition"):
    """Take the latest claim, release, hold or transfer back."""
