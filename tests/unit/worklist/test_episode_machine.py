"""The watch under any sequence of facts and hours: unowned exactly when there is no next step and the grace is over."""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from backbone.ids import ROOT, derive
from backbone.model import Command
from schemas.worklist.v1.episode import EpisodeOwned, EpisodeUnowned
from services.worklist.episode.aggregate import EPISODE
from services.worklist.episode.states import (
    Begin,
    Ended,
    EndEpisode,
    GainStep,
    LoseStep,
    Unknown,
    Unowned,
    Watched,
)
from tests.support.desk import shipped_rules
from tests.support.effort import explored
from tests.support.machines import Machine

NAMES = st.sampled_from(("item:1", "appointment:1", "plan:1"))
FACT = "scheduling.appointment_booked.v1"
GRACE = timedelta(seconds=shipped_rules().worklist.watch.values.grace_seconds)


class Episodes(Machine):
    """One episode, beside a plain account of its steps: name → until when, and since when there is none."""

    told: list[tuple[Command, str]]
    steps: dict[str, datetime | None]
    numbers: dict[str, int]
    bare_since: datetime | None
    over: bool

    @initialize(received=st.booleans(), seconds=st.sampled_from((0, 59, 60)))
    def a_referral_comes(self, received: bool, seconds: int) -> None:
        self.begin(EPISODE, shipped_rules())
        self.told, self.steps, self.numbers = [], {}, {}
        self.bare_since, self.over = None, False
        if received:
            self.is_received()
            self.wait(seconds)

    @rule()
    def is_received(self) -> None:
        self.tell(Begin())

    @rule(name=NAMES, seconds=st.none() | st.integers(-100, 5000))
    def gains(self, name: str, seconds: int | None) -> None:
        until = None if seconds is None else self.world.at + timedelta(seconds=seconds)
        self.numbers[name] = self.numbers.get(name, 0) + 1
        self.steps[name] = until
        if self.bare_since and isinstance(self.world.state, Watched):
            self.bare_since = self.world.at  # what ends at once gives the grace anew
        self.tell(GainStep(name, FACT, self.numbers[name], until))

    @rule(name=NAMES)
    def loses(self, name: str) -> None:
        self.numbers[name] = self.numbers.get(name, 0) + 1
        self.steps.pop(name, None)
        self.tell(LoseStep(name, FACT, self.numbers[name]))

    @rule(really=st.integers(0, 5))
    def ends(self, really: int) -> None:
        if not really:
            self.over = True
            self.tell(EndEpisode(self.world.at))
            assert isinstance(self.world.state, Ended)

    @rule(data=st.data())
    def tell_again(self, data: st.DataObject) -> None:
        """Everything that was ever told changes nothing when it is told again."""
        if self.told:
            before = len(self.world.facts)
            self.world.command(*data.draw(st.sampled_from(self.told)))
            assert len(self.world.facts) == before

    @rule(seconds=st.sampled_from((1, 30, 60, 600, 6000)))
    def wait(self, seconds: int) -> None:
        self.go_on(self.world.at + timedelta(seconds=seconds))

    def tell(self, command: Command) -> None:
        """Time does not stand still: what is due fires before the next fact is told."""
        cause = derive(ROOT, f"fact {len(self.told)}")
        before = self.world.state
        self.hear(command, cause)
        self.told.append((command, cause))
        assert not (isinstance(before, Ended) and self.world.state != before), "an end is an end"
        self.look()
        self.go_on(self.world.at)

    def go_on(self, until: datetime) -> None:
        while due := [each for each in self.timers().values() if each.due <= until]:
            [timer] = due
            self.world.at = max(timer.due, self.world.at)
            cause = derive(ROOT, f"timer {timer.due} {len(self.world.facts)}")
            assert self.hear(timer.command, cause), "a timer that changes nothing would fire for ever"
            self.look()
        self.world.at = until
        self.look()

    def look(self) -> None:
        """Keep the account: since when is there nothing?"""
        if self.live() or isinstance(self.world.state, Unknown):
            self.bare_since = None
        elif self.bare_since is None:
            self.bare_since = self.world.at

    def live(self) -> bool:
        return any(until is None or until > self.world.at for until in self.steps.values())

    def timers(self) -> Any:
        return self.world.aggregate.timers(self.world.state, shipped_rules())

    @invariant()
    def it_is_unowned_exactly_when_nothing_is_next_and_the_grace_is_over(self) -> None:
        state = self.world.state
        begun = not isinstance(state, Unknown | Ended)
        bare = self.bare_since is not None and self.world.at - self.bare_since >= GRACE
        assert isinstance(state, Unowned) == (begun and bare)

    @invariant()
    def while_it_is_watched_and_bare_somebody_will_look(self) -> None:
        if isinstance(self.world.state, Watched) and not self.live():
            assert self.timers()

    @invariant()
    def every_unowned_episode_becomes_owned_again_or_still_is(self) -> None:
        told = [fact for fact, _ in self.world.facts if isinstance(fact, EpisodeUnowned | EpisodeOwned)]
        kinds = [isinstance(fact, EpisodeUnowned) for fact in told]
        assert kinds == [number % 2 == 0 for number in range(len(kinds))]
        assert isinstance(self.world.state, Unowned) == (len(kinds) % 2 == 1)

    @invariant()
    def the_end_is_the_end(self) -> None:
        assert isinstance(self.world.state, Ended) == self.over


TestEpisodes = Episodes.TestCase
TestEpisodes.settings = explored(150, steps=40)
