"""Private facts of the watch."""

from typing import ClassVar, Literal

from schemas.fact import Code, Instant, PrivateFact


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
