"""Private facts of what is heard of escalations. Journal only."""

from typing import ClassVar, Literal

from schemas.fact import Instant
from services.worklist.item.facts import FromFact


class LadderHeard(FromFact):
    """Somebody is called, answered or did not; or it is over."""

    type: Literal["worklist.ladder_heard.v1"] = "worklist.ladder_heard.v1"
    aggregate: ClassVar[str] = "ladder"
    ack_due_at: Instant | None = None
    unanswered: bool
