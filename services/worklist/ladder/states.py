"""The shapes of what was heard of an escalation. Its id is the subject's."""

from datetime import datetime

from backbone.model import State
from services.worklist.item.states import Source


class Unheard(State, tag="unheard"):
    """Nobody was called about it, as far as is known here."""


class Heard(State, tag="heard"):
    """`told` is the latest fact. Who is called has to answer until `ack_due_at`; without it nobody has to any more.
    `unanswered`: when nobody answered in time."""

    told: Source
    ack_due_at: datetime | None = None
    unanswered: tuple[datetime, ...] = ()


Ladder = Unheard | Heard
