"""Private facts: what rebuilds states and is nobody else's business. Journal only."""

from typing import ClassVar, Literal

from schemas.codes import Discipline
from schemas.fact import Code, Day, Id, Instant, PrivateFact


class FromFact(PrivateFact):
    """A step that a fact of some service caused (WL-02)."""

    aggregate: ClassVar[str] = "item"
    by_event: Id
    by_event_at: Instant
    by_aggregate: Id
    by_sequence: int | None = None


class OpeningNoted(FromFact):
    """An opening fact was taken in; what the public fact beside it does not say."""

    type: Literal["worklist.opening_noted.v1"] = "worklist.opening_noted.v1"
    waiting_since: Instant
    ack_due_at: Instant | None = None
    category: Code | None = None
    target_date: Day | None = None


class ItemRanked(FromFact):
    """Its category and target date were decided anew (REF-06)."""

    type: Literal["worklist.item_ranked.v1"] = "worklist.item_ranked.v1"
    category: Code | None = None
    target_date: Day | None = None


class ClosingRemembered(FromFact):
    """A closing fact of another topic; an opening fact that is not younger is closed by it (WL-04)."""

    type: Literal["worklist.closing_remembered.v1"] = "worklist.closing_remembered.v1"
    number: int
    by_id: Id | None = None


class VisitStep(PrivateFact):
    aggregate: ClassVar[str] = "visit"


class VisitDated(VisitStep):
    """An appointment has a date, or another one."""

    type: Literal["worklist.visit_dated.v1"] = "worklist.visit_dated.v1"
    discipline: Discipline
    start: Instant
    version: int


class VisitBegan(VisitStep):
    """The patient is here: somebody's work, in the discipline of the appointment."""

    type: Literal["worklist.visit_began.v1"] = "worklist.visit_began.v1"
    discipline: Discipline
    start: Instant


class WatchStep(PrivateFact):
    aggregate: ClassVar[str] = "episode"


class EpisodeBegan(WatchStep):
    type: Literal["worklist.episode_began.v1"] = "worklist.episode_began.v1"


class StepGained(WatchStep):
    """Somebody has a next step; one with an end counts until then."""

    type: Literal["worklist.step_gained.v1"] = "worklist.step_gained.v1"
    step: Code
    until: Instant | None = None
    by_fact: Code
    sequence: int


class StepLost(WatchStep):
    type: Literal["worklist.step_lost.v1"] = "worklist.step_lost.v1"
    step: Code
    by_fact: Code
    sequence: int


class EpisodeEnded(WatchStep):
    type: Literal["worklist.episode_ended.v1"] = "worklist.episode_ended.v1"
    at: Instant
