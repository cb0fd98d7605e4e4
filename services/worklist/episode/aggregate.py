"""The watch over promise 1: every open episode of care has a next step with an owner. Its id is the referral's."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from backbone.model import Aggregate, Command, Decision, Given, Head, State, Table, Timer
from schemas.fact import Fact
from schemas.worklist.v1.episode import EpisodeOwned, EpisodeUnowned
from services.worklist.item.facts import EpisodeBegan, EpisodeEnded, StepGained, StepLost
from services.worklist.rules import Rules


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


class Begin(Command, tag="begin_episode"):
    pass


class GainStep(Command, tag="gain_step"):
    name: str
    by_fact: str
    sequence: int
    until: datetime | None = None


class LoseStep(Command, tag="lose_step"):
    name: str
    by_fact: str
    sequence: int


class EndEpisode(Command, tag="end_episode"):
    at: datetime


class LookAgain(Command, tag="look_again"):
    """Timer: a step ended by time, or the grace is over."""

    at: datetime


def begin(state: Unknown, command: Begin, given: Given[Rules]) -> Decision:
    return [EpisodeBegan()]


def begun_already(state: Watched | Unowned | Ended, command: Begin, given: Given[Rules]) -> Decision:
    return ()


def gain(state: Unknown | Watched | Unowned, command: GainStep, given: Given[Rules]) -> Decision:
    if command.sequence <= state.seen.get(command.name, 0):
        return ()
    gained = StepGained(
        step=command.name, until=command.until, by_fact=command.by_fact, sequence=command.sequence
    )
    over = command.until is not None and command.until <= given.at
    return [gained, EpisodeOwned()] if isinstance(state, Unowned) and not over else [gained]


def lose(state: Unknown | Watched | Unowned, command: LoseStep, given: Given[Rules]) -> Decision:
    if command.sequence <= state.seen.get(command.name, 0):
        return ()
    return [StepLost(step=command.name, by_fact=command.by_fact, sequence=command.sequence)]


def end(state: Unknown | Watched | Unowned, command: EndEpisode, given: Given[Rules]) -> Decision:
    ended = EpisodeEnded(at=command.at)
    return [EpisodeOwned(), ended] if isinstance(state, Unowned) else [ended]


def over(
    state: Ended, command: GainStep | LoseStep | EndEpisode | LookAgain, given: Given[Rules]
) -> Decision:
    return ()


def look(state: Watched, command: LookAgain, given: Given[Rules]) -> Decision:
    """Steps whose time is over are lost; who is without any for longer than the grace is somebody's work."""
    past: list[Fact] = [
        StepLost(step=step.name, by_fact="timer", sequence=state.seen.get(step.name, 0))
        for step in state.steps
        if step.until is not None and step.until <= given.at
    ]
    if past:
        return past
    grace = timedelta(seconds=given.rules.worklist.watch.values.grace_seconds)
    if state.steps or state.bare_since is None or given.at - state.bare_since < grace:
        return ()
    return [EpisodeUnowned(since=state.bare_since, last_fact=state.last_fact)]


def looked_already(state: Unknown | Unowned, command: LookAgain, given: Given[Rules]) -> Decision:
    return ()


def began(state: Unknown, fact: EpisodeBegan, head: Head) -> Watched:
    return Watched(steps=state.steps, bare_since=None if state.steps else head.occurred_at, seen=state.seen)


def gained(state: Unknown | Watched | Unowned, fact: StepGained, head: Head) -> Unknown | Watched | Unowned:
    others = tuple(step for step in state.steps if step.name != fact.step)
    steps = (*others, Step(fact.step, fact.until))
    if isinstance(state, Watched):
        return Watched(steps=steps, bare_since=None, last_fact=fact.by_fact, seen=seen_by(state, fact))
    return msgspec.structs.replace(state, steps=steps, seen=seen_by(state, fact))


def seen_by(state: Unknown | Watched | Unowned, fact: StepGained | StepLost) -> dict[str, int]:
    return state.seen | {fact.step: fact.sequence}


def lost(state: Unknown | Watched | Unowned, fact: StepLost, head: Head) -> Unknown | Watched | Unowned:
    steps = tuple(step for step in state.steps if step.name != fact.step)
    if isinstance(state, Watched):
        bare_since = None if steps else state.bare_since or head.occurred_at
        return Watched(steps=steps, bare_since=bare_since, last_fact=fact.by_fact, seen=seen_by(state, fact))
    return msgspec.structs.replace(state, steps=steps, seen=seen_by(state, fact))


def unowned(state: Watched, fact: EpisodeUnowned, head: Head) -> Unowned:
    return Unowned(since=fact.since, steps=state.steps, seen=state.seen)


def owned(state: Unowned, fact: EpisodeOwned, head: Head) -> Watched:
    return Watched(steps=state.steps, seen=state.seen)


def ended(state: Unknown | Watched | Unowned, fact: EpisodeEnded, head: Head) -> Ended:
    return Ended(at=fact.at)


def timers(state: Any, rules: Rules) -> Mapping[str, Timer]:
    """When to look again: at the end of the next step that ends by time, or of the grace."""
    if not isinstance(state, Watched):
        return {}
    dues = list(due_times(state, rules))
    return {"look": Timer(min(dues), LookAgain(at=min(dues)))} if dues else {}


def due_times(state: Watched, rules: Rules) -> Iterable[datetime]:
    yield from (step.until for step in state.steps if step.until is not None)
    if state.bare_since is not None:
        yield state.bare_since + timedelta(seconds=rules.worklist.watch.values.grace_seconds)


EPISODE = Aggregate(
    "episode",
    Unknown(),
    decide=Table(begin, begun_already, gain, lose, end, over, look, looked_already),
    evolve=Table(began, gained, lost, unowned, owned, ended),
    timers=timers,
)
