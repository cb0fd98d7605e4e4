"""The shapes of an episode under the watch, and what it is told."""

from datetime import datetime

import msgspec

from backbone.model import Command, State


class Step(msgspec.Struct, frozen=True):
    """What somebody has to do, or what is to happen; with an end it counts until then."""

    name: str
    until: datetime | None = None


class Unknown(State, tag="unknown"):
    """Nothing was received. Steps may be known before the receipt is."""

    steps: tuple[Step, ...] = ()
    seen: dict[str, int] = msgspec.field(default_factory=dict)
    """By step, the sequence number of the last fact about it: an older one changes nothing."""


class Watched(State, tag="watched"):
    steps: tuple[Step, ...] = ()
    bare_since: datetime | None = None
    """Since when there is no step."""
    last_fact: str = "referral.received.v1"
    seen: dict[str, int] = msgspec.field(default_factory=dict)


class Unowned(State, tag="unowned"):
    since: datetime
    steps: tuple[Step, ...] = ()
    seen: dict[str, int] = msgspec.field(default_factory=dict)


class Ended(State, tag="ended"):
    """Rejected, redirected, completed."""

    at: datetime
    """When the fact that ended it became true."""


Episode = Unknown | Watched | Unowned | Ended


class Begin(Command, tag="begin_episode"):
    """The referral was received."""


class GainStep(Command, tag="gain_step"):
    step: str
    by_fact: str
    sequence: int
    until: datetime | None = None


class LoseStep(Command, tag="lose_step"):
    step: str
    by_fact: str
    sequence: int


class EndEpisode(Command, tag="end_episode"):
    at: datetime


class LookAgain(Command, tag="look_again"):
    """Timer: a step ended by time, or the grace is over."""

    at: datetime
