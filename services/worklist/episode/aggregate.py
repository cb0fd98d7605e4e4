"""An episode of care. Its id is the referral's."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from msgspec.structs import replace

from backbone.model import Aggregate, Decision, Given, Head, Table, Timer, ignores, like
from schemas.fact import Fact
from schemas.worklist.v1.episode import EpisodeOwned, EpisodeUnowned
from services.worklist.episode.facts import EpisodeBegan, EpisodeEnded, StepGained, StepLost
from services.worklist.episode.states import (
    Begin,
    Ended,
    EndEpisode,
    Episode,
    GainStep,
    LookAgain,
    LoseStep,
    Step,
    Unknown,
    Unowned,
    Watched,
)
from services.worklist.rules import Rules

Going = Unknown | Watched | Unowned


def begin(state: Unknown, command: Begin, given: Given[Rules]) -> Decision:
    return [EpisodeBegan()]


def gain(state: Going, command: GainStep, given: Given[Rules]) -> Decision:
    if is_known(state, command):
        return ()
    gained = like(StepGained, command)
    over = command.until is not None and command.until <= given.at
    return [gained, EpisodeOwned()] if isinstance(state, Unowned) and not over else [gained]


def lose(state: Going, command: LoseStep, given: Given[Rules]) -> Decision:
    return () if is_known(state, command) else [like(StepLost, command)]


def is_known(state: Going, command: GainStep | LoseStep) -> bool:
    """A younger fact about the step was heard, or this one."""
    return command.sequence <= state.seen.get(command.step, 0)


def end(state: Going, command: EndEpisode, given: Given[Rules]) -> Decision:
    ended = like(EpisodeEnded, command)
    return [EpisodeOwned(), ended] if isinstance(state, Unowned) else [ended]


def look(state: Watched, command: LookAgain, given: Given[Rules]) -> Decision:
    """Steps whose time is over are lost; who is without any for longer than the grace is somebody's work."""
    past: list[Fact] = [
        StepLost(step=step.name, by_fact="timer", sequence=state.seen.get(step.name, 0))
        for step in state.steps
        if step.until is not None and step.until <= given.at
    ]
    if past:
        return past
    if state.steps or state.bare_since is None or given.at - state.bare_since < grace(given.rules):
        return ()
    return [EpisodeUnowned(since=state.bare_since, last_fact=state.last_fact)]


def grace(rules: Rules) -> timedelta:
    return timedelta(seconds=rules.worklist.watch.values.grace_seconds)


def began(state: Unknown, fact: EpisodeBegan, head: Head) -> Watched:
    return like(Watched, state, bare_since=None if state.steps else head.occurred_at)


def gained(state: Going, fact: StepGained, head: Head) -> Unknown | Watched | Unowned:
    return with_steps(state, fact, (*without(state, fact), Step(fact.step, fact.until)), head)


def lost(state: Going, fact: StepLost, head: Head) -> Unknown | Watched | Unowned:
    return with_steps(state, fact, without(state, fact), head)


def without(state: Going, fact: StepGained | StepLost) -> tuple[Step, ...]:
    return tuple(step for step in state.steps if step.name != fact.step)


def with_steps(
    state: Going, fact: StepGained | StepLost, steps: tuple[Step, ...], head: Head
) -> Unknown | Watched | Unowned:
    seen = state.seen | {fact.step: fact.sequence}
    if not isinstance(state, Watched):
        return replace(state, steps=steps, seen=seen)
    bare_since = None if steps else state.bare_since or head.occurred_at
    return Watched(steps=steps, bare_since=bare_since, last_fact=fact.by_fact, seen=seen)


def unowned(state: Watched, fact: EpisodeUnowned, head: Head) -> Unowned:
    return like(Unowned, state, since=fact.since)


def owned(state: Unowned, fact: EpisodeOwned, head: Head) -> Watched:
    return like(Watched, state)


def ended(state: Going, fact: EpisodeEnded, head: Head) -> Ended:
    return like(Ended, fact)


def timers(state: Episode, rules: Rules) -> Mapping[str, Timer]:
    """When to look again: at the end of the next step that ends by time, or of the grace."""
    if not isinstance(state, Watched):
        return {}
    due = min(due_times(state, rules), default=None)
    return {"look": Timer(due, LookAgain(at=due))} if due else {}


def due_times(state: Watched, rules: Rules) -> Iterable[datetime]:
    yield from (step.until for step in state.steps if step.until is not None)
    if state.bare_since is not None:
        yield state.bare_since + grace(rules)


EPISODE = Aggregate[Episode](
    "episode",
    Unknown(),
    decide=Table(
        *(begin, gain, lose, end, look),
        ignores(Begin, when=(Watched, Unowned, Ended)),
        ignores(GainStep, LoseStep, EndEpisode, when=(Ended,)),
        ignores(LookAgain, when=(Unknown, Unowned, Ended)),
    ),
    evolve=Table(began, gained, lost, unowned, owned, ended),
    timers=timers,
)
