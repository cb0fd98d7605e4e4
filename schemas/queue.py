"""The row of a queue, as its compacted topic and every view of it carry it."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict

from schemas.codes import ItemType, Priority, Queue
from schemas.fact import FEW, AnyCode, Count, Day, Id, Instant, Number, Part, Place, RuleVersion, Word
from schemas.worklist.v1.codes import HoldReason, SubjectType


class UnverifiedRule(Part):
    """A rule that nobody has verified; `part` is the row that is meant, where the rest of it is verified."""

    rule: RuleVersion
    part: AnyCode | None = None


class QueueItem(BaseModel):
    """An open item: opaque ids and codes (PRV-39). `version` is the item's; `level` counts escalations.

    `kept_at`: when the claimant last said that they still work on it. `resume_on`: until when it is on hold.
    `place`: which service could not handle which record
    (service:topic/partition/offset). `detail`: what the fact that opened it says, where the catalogue names a code.
    `about`: the code that tells it apart from others of its type about the same patient. `unverified`: rules that
    helped to open it.
    """

    model_config = ConfigDict(frozen=True)
    item_id: Id
    version: Count
    number: Number
    item_type: ItemType
    queue: Queue
    status: Literal["waiting", "claimed"]
    priority: Priority
    level: Count = 0
    due_at: Instant | None = None
    ack_due_at: Instant | None = None
    waiting_since: Instant
    claimed_by: Id | None = None
    claimed_at: Instant | None = None
    kept_at: Instant | None = None
    subject_type: SubjectType
    subject_id: Id
    place: Place | None = None
    patient_id: Id | None = None
    referral_id: Id | None = None
    category: Word | None = None
    detail: AnyCode | None = None
    about: AnyCode | None = None
    target_date: Day | None = None
    resume_on: Day | None = None
    hold_reason: HoldReason | None = None
    unverified: Annotated[tuple[UnverifiedRule, ...] | None, FEW] = None
