"""Private facts of items: what rebuilds their states and is nobody else's business. Journal only."""

from typing import ClassVar, Literal

from schemas.fact import AnyCode, Code, Day, Id, Instant, PrivateFact
from schemas.queue import UnverifiedRule


class FromFact(PrivateFact):
    """A step that a fact of some service caused (WL-02)."""

    aggregate: ClassVar[str] = "item"
    by_event: Id
    by_event_at: Instant
    by_aggregate: Id
    by_aggregate_type: Code | None = None
    by_sequence: int | None = None


class OpeningNoted(FromFact):
    """An opening fact was taken in; what the public fact beside it does not say."""

    type: Literal["worklist.opening_noted.v1"] = "worklist.opening_noted.v1"
    waiting_since: Instant
    ack_due_at: Instant | None = None
    category: Code | None = None
    target_date: Day | None = None
    detail: AnyCode | None = None
    about: AnyCode | None = None
    unverified: tuple[UnverifiedRule, ...] | None = None
    wanted_by: Id | None = None
    """Another referral, whose work it is too."""
    lives: bool | None = None
    """It said that a death was taken back."""


class ReferralLeft(FromFact):
    """The referral whose work it was is over; it is still this one's."""

    type: Literal["worklist.referral_left.v1"] = "worklist.referral_left.v1"
    referral_id: Id


class LadderFollowed(FromFact):
    """Until when the people who are called about it have to answer."""

    type: Literal["worklist.ladder_followed.v1"] = "worklist.ladder_followed.v1"
    ack_due_at: Instant | None = None


class OverdueNoted(PrivateFact):
    """It was escalated because its due time passed: which step that was."""

    type: Literal["worklist.overdue_noted.v1"] = "worklist.overdue_noted.v1"
    aggregate: ClassVar[str] = "item"
    steps: int


class ClaimKept(PrivateFact):
    """Whoever has claimed it said that they still work on it: the claim rests from then on."""

    type: Literal["worklist.claim_kept.v1"] = "worklist.claim_kept.v1"
    aggregate: ClassVar[str] = "item"


class ItemRanked(FromFact):
    """Its category and target date were decided anew (REF-06)."""

    type: Literal["worklist.item_ranked.v1"] = "worklist.item_ranked.v1"
    category: Code | None = None
    target_date: Day | None = None


class UrgencyFollowed(FromFact):
    """What a fact says of its due time and priority holds; no older one of the same thing moves them back."""

    type: Literal["worklist.urgency_followed.v1"] = "worklist.urgency_followed.v1"


class ShownUnder(FromFact):
    """Of which patient it is shown as the work."""

    type: Literal["worklist.shown_under.v1"] = "worklist.shown_under.v1"
    patient_id: Id


class ClosingRemembered(FromFact):
    """A closing fact of another topic; an opening fact that is not younger is closed by it (WL-04)."""

    type: Literal["worklist.closing_remembered.v1"] = "worklist.closing_remembered.v1"
    number: int
    by_id: Id | None = None
