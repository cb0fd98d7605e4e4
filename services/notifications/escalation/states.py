"""An escalation's states: `none → raised → acknowledged → resolved`; back to raised when nobody assesses in time."""

from datetime import datetime

import msgspec

from backbone.model import State
from schemas.codes import Queue
from schemas.notifications.v1.codes import EscalationSeverity


class Origin(msgspec.Struct, frozen=True, omit_defaults=True):
    """The fact elsewhere behind a step: about what, its number in the life of that, and when it became true."""

    aggregate_type: str
    aggregate_id: str
    sequence: int
    at: datetime

    def follows(self, other: "Origin | None") -> bool:
        """It tells something newer. Of one thing the numbers say so, of two the clocks."""
        if other is None:
            return True
        if (self.aggregate_type, self.aggregate_id) == (other.aggregate_type, other.aggregate_id):
            return self.sequence > other.sequence
        return self.at > other.at


class Claim(msgspec.Struct, frozen=True):
    """Somebody took the item before the warning was heard of here."""

    by: str
    at: datetime


class Ladder(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What people are called about. `episode` counts how often it was raised, `rounds` how often people were called.
    `code` is what a reply names; `item_id` the work item, as soon as it is known."""

    subject_type: str
    subject_id: str
    severity: EscalationSeverity
    queue: Queue
    raised_by: Origin
    code: str
    episode: int = 1
    rounds: int = 0
    item_id: str | None = None
    referral_id: str | None = None
    patient_id: str | None = None
    called: tuple[str, ...] = ()
    """Everybody in this episode: who was paged may answer, whoever stands in the roster by then."""


class Quiet(State, tag="none"):
    """Nothing was raised. What came before its warning is remembered."""

    item_id: str | None = None
    claim: Claim | None = None
    resolved_by: Origin | None = None


class Raised(State, tag="raised"):
    """People are called. `call_at`: not before the clinic opens."""

    ladder: Ladder
    level: int
    ack_due_at: datetime
    call_at: datetime | None = None


class Acknowledged(State, tag="acknowledged"):
    """A named person took it up; they still have to assess."""

    ladder: Ladder
    level: int
    by: str
    at: datetime
    via: str
    assessed: bool = False


class Resolved(State, tag="resolved"):
    """Its subject is dealt with. Where the warning came after its resolution there never was a `ladder`."""

    resolved_by: Origin
    ladder: Ladder | None = None
    item_id: str | None = None


Open = Raised | Acknowledged
Escalation = Quiet | Open | Resolved


def item_of(state: Escalation) -> str | None:
    """The work item about the same, as soon as it is known."""
    ladder = ladder_of(state)
    known = state.item_id if isinstance(state, Quiet | Resolved) else None
    return ladder.item_id if ladder else known


def ladder_of(state: Escalation) -> Ladder | None:
    return None if isinstance(state, Quiet) else state.ladder
