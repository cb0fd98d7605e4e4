"""Facts of the watch: an episode of care without a next step, and with one again. Its id is the referral's."""

from typing import ClassVar, Literal

from schemas.fact import CauseName, Fact, Instant


class EpisodeFact(Fact):
    """What every fact of this aggregate is."""

    aggregate: ClassVar[str] = "episode"


class EpisodeUnowned(EpisodeFact):
    """For longer than the grace nobody has a next step. `last_fact` is the type of the fact that took the last one,
    or `timer`."""

    type: Literal["worklist.episode_unowned.v1"] = "worklist.episode_unowned.v1"
    since: Instant
    last_fact: CauseName


class EpisodeOwned(EpisodeFact):
    """There is a next step again."""

    type: Literal["worklist.episode_owned.v1"] = "worklist.episode_owned.v1"
