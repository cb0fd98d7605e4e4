"""Codes of one sender, right and wrong, at any time: few guesses in a window, and its owner is never kept out."""

from datetime import datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from backbone.ids import ROOT, derive
from backbone.model import Refused
from services.notifications.guesses.aggregate import (
    GUESSES,
    CheckKey,
    CountWrongCode,
    Guessed,
    NoGuesses,
    is_shut_out,
)
from services.notifications.guesses.facts import WrongCodeCounted
from tests.support.effort import explored
from tests.support.machines import Machine
from tests.unit.notifications.situations import rules

LIMIT, WINDOW = 5, timedelta(hours=1)
SECOND = timedelta(seconds=1)
TEXTS = [derive(ROOT, f"text {number}") for number in range(8)]


class Senders(Machine):
    """One telephone of somebody who is paged. `wrong`: the texts that count in the window that began at `since`."""

    @initialize()
    def nobody_guessed(self) -> None:
        self.begin(GUESSES, rules())
        self.since: datetime | None = None
        self.wrong: list[str] = []
        self.keys: dict[datetime, str] = {}

    @property
    def is_open(self) -> bool:
        return self.since is not None and self.world.at < self.since + WINDOW

    @property
    def is_kept_out(self) -> bool:
        return self.is_open and len(self.wrong) == LIMIT

    @rule(text=st.sampled_from(TEXTS))
    def a_wrong_code_comes(self, text: str) -> None:
        """What the gateway tells again counts once; beyond the limit nothing counts, and no window is made longer."""
        counts = not self.is_open or (text not in self.wrong and len(self.wrong) < LIMIT)
        made = self.hear(CountWrongCode(inbound_id=text), derive(text, f"at {self.world.at} {self.wrong}"))
        assert [type(fact) for fact in made] == [WrongCodeCounted] * counts
        if not counts:
            return
        if not self.is_open:
            self.since, self.wrong = self.world.at, []
        self.wrong.append(text)
        [fact] = self.made(WrongCodeCounted)[-1:]
        assert (fact.inbound_id, fact.since) == (text, self.since)
        assert (fact.key is not None) == (len(self.wrong) == LIMIT), "it is told when it is needed"
        if fact.key:
            assert len(fact.key) == 8 and fact.key.isdigit()
            self.keys[fact.since] = fact.key

    @rule(texts=st.permutations(TEXTS))
    def somebody_guesses(self, texts: list[str]) -> None:
        for text in texts:
            self.a_wrong_code_comes(text)

    @rule(beside=st.sampled_from(("nothing", "something", "the key", "an old key")))
    def a_right_code_comes(self, beside: str) -> None:
        """Its owner has the key, whoever guesses has not."""
        old = [key for since, key in self.keys.items() if since != self.since]
        key = {
            "nothing": None,
            "something": "",
            "the key": self.world.state.key if isinstance(self.world.state, Guessed) else None,
            "an old key": old[-1] if old else None,
        }[beside]
        self.world.steps += 1
        answer = self.world.command(CheckKey(key=key), derive(ROOT, f"reply {self.world.steps}"))
        assert isinstance(answer, Refused) == (self.is_kept_out and beside != "the key")

    @rule(time=st.sampled_from((SECOND, timedelta(minutes=59), timedelta(days=400))))
    def time_goes_by(self, time: timedelta) -> None:
        self.world.at += time

    @precondition(lambda self: self.since is not None)
    @rule(off=st.sampled_from((-SECOND, timedelta(0))))
    def the_window_ends(self, off: timedelta) -> None:
        assert self.since
        self.world.at = max(self.world.at, self.since + WINDOW + off)

    @invariant()
    def who_guessed_too_often_is_kept_out_for_the_window(self) -> None:
        rule = rules().notifications.reply_codes.values
        assert is_shut_out(self.world.state, self.world.at, rule) == self.is_kept_out

    @invariant()
    def what_counts_is_kept_and_nothing_more(self) -> None:
        state = self.world.state
        assert isinstance(state, NoGuesses if self.since is None else Guessed)
        if isinstance(state, Guessed):
            assert (state.since, [*state.inbound_ids]) == (self.since, self.wrong)
            assert len(set(state.inbound_ids)) == len(state.inbound_ids) <= LIMIT

    @invariant()
    def each_window_has_a_key_of_its_own(self) -> None:
        assert len({*self.keys.values()}) == len(self.keys)


TestSenders = Senders.TestCase
TestSenders.settings = explored(80, steps=25)
