"""Whatever the clock, the provider, the patient and staff do with a message: it ends once, and leaves as often as its
channels allow."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule
from msgspec.structs import replace

from backbone.model import SYSTEM, Actor, Command
from schemas.fact import Fact
from schemas.notifications.v1.message import (
    MessageCancelled,
    MessageDelivered,
    MessageFailed,
    MessageSent,
    MessageSuppressed,
)
from services.notifications.message.aggregate import MESSAGE
from services.notifications.message.commands import (
    CancelByHand,
    CancelMessage,
    HandedOver,
    NotAccepted,
    NoteDelivery,
    NoteSilence,
    NoteUnsent,
    SayAfterAll,
    ScheduleMessage,
    TakeReply,
    TrySend,
)
from services.notifications.message.facts import MessageReleased, MessageToRetry
from services.notifications.message.states import (
    Cancelled,
    Delivered,
    Failed,
    KeptBack,
    Sending,
    Sent,
    Suppressed,
)
from tests.support.deciding import START
from tests.support.effort import explored
from tests.support.machines import Machine
from tests.unit.notifications.situations import COORDINATOR, NURSE, around, letter, rules

ENDS = (MessageSuppressed, MessageCancelled, MessageFailed)
REACHED = (*ENDS, MessageDelivered)
CHANNELS = st.sampled_from([{"sms"}, {"email"}, {"sms", "email"}, {"sms", "email"}, set()])


class Messages(Machine):
    """One reminder, of a visit. `ends` are the public facts with which it ended; `accepted`: by which channel a
    provider has it now."""

    @initialize(agreed=CHANNELS, has=CHANNELS, hours=st.sampled_from([1, 5, 24]))
    def planned(self, agreed: set[Any], has: set[Any], hours: int) -> None:
        self.begin(MESSAGE, rules())
        self.agreed, self.has = dict.fromkeys(agreed, True), tuple(sorted(has))
        self.noted = True
        self.look_around()
        self.ends: list[Fact] = []
        self.released: list[MessageReleased] = []
        self.before = 0
        self.accepted: str | None = None
        self.visit = START + timedelta(hours=hours)
        self.plan = ScheduleMessage(letter=replace(letter(), start=self.visit))
        self.give(self.plan)

    def look_around(self) -> None:
        self.world.others = around(self.agreed, self.has, noted=self.noted)

    def give(self, command: Command, actor: Actor = SYSTEM) -> list[Fact]:
        facts = self.take(actor, command)
        self.ends += [fact for fact in facts if isinstance(fact, REACHED)]
        for fact in facts:
            if isinstance(fact, MessageReleased):
                self.released.append(fact)
                assert self.world.at < self.visit, "nobody is reminded of what has begun"
                assert self.accepted is None, "what was taken is not said again"
            elif isinstance(fact, MessageSent):
                self.accepted = fact.channel
            elif isinstance(fact, MessageToRetry | MessageFailed):
                self.accepted = None
        return facts

    @rule(minutes=st.integers(0, 300))
    def time_passes(self, minutes: int) -> None:
        self.world.at += timedelta(minutes=minutes)

    @rule()
    def its_time_comes(self) -> None:
        self.give(TrySend())

    @rule(delivered=st.booleans(), behind=st.integers(0, 1))
    def the_provider_takes_it(self, delivered: bool, behind: int) -> None:
        attempt = len(self.released) - behind
        sent = [
            fact
            for fact in self.give(HandedOver(attempt=attempt, delivered=delivered))
            if isinstance(fact, MessageSent)
        ]
        assert not sent or behind == 0, "only the answer to the latest attempt counts"

    @rule(behind=st.integers(0, 1))
    def the_provider_refuses_it(self, behind: int) -> None:
        self.give(NotAccepted(attempt=len(self.released) - behind, reason="30003"))

    @rule(behind=st.integers(0, 1))
    def it_arrives(self, behind: int) -> None:
        self.give(NoteDelivery(attempt=len(self.released) - behind))

    @rule()
    def nobody_says_anything(self) -> None:
        self.give(NoteSilence())

    @rule()
    def it_has_not_gone_in_time(self) -> None:
        was_going = isinstance(self.world.state, Sending)
        made = self.give(NoteUnsent())
        assert any(isinstance(fact, MessageFailed) for fact in made) == was_going

    @rule()
    def it_is_overtaken(self) -> None:
        left = isinstance(self.world.state, Sending | Sent | Delivered)
        self.noted = False if not left else self.noted
        self.look_around()
        made = self.give(CancelMessage(reason="moved"))
        assert not (left and made), "what has left can't be called back"

    @rule(actor=st.sampled_from((COORDINATOR, NURSE)))
    def somebody_cancels_it(self, actor: Actor) -> None:
        made = self.give(CancelByHand(reason="spoken_to"), actor)
        assert not made or actor == COORDINATOR

    @rule(reply=st.sampled_from(("confirm", "cancel", "unknown")))
    def the_patient_writes_back(self, reply: Any) -> None:
        self.give(TakeReply(reply=reply))

    @rule(agreed=CHANNELS)
    def the_patient_agrees_to_other_channels(self, agreed: set[Any]) -> None:
        self.agreed = {"sms": "sms" in agreed, "email": "email" in agreed}
        self.look_around()

    @rule(seconds=st.integers(0, 100))
    def they_can_be_reached_after_all(self, seconds: int) -> None:
        kept_back = isinstance(self.world.state, KeptBack)
        made = self.give(SayAfterAll(send_at=self.world.at + timedelta(seconds=seconds)))
        assert bool(made) == kept_back, "only what did not reach anybody"
        if made:
            self.ends, self.before = [], len(self.released)

    @rule()
    def it_is_planned_again(self) -> None:
        assert self.give(self.plan) == []

    @invariant()
    def it_ends_once(self) -> None:
        final = [fact for fact in self.ends if isinstance(fact, ENDS)]
        assert len(final) <= 1 or (len(final) == 2 and isinstance(final[1], MessageCancelled))
        assert len(self.ends) - len(final) <= 1, "delivered once"
        if final:
            assert isinstance(self.world.state, Suppressed | Cancelled | Failed)

    @invariant()
    def a_channel_is_tried_twice_at_most(self) -> None:
        channels = [fact.channel for fact in self.released[self.before :]]
        assert all(channels.count(each) <= 2 for each in channels)
        assert [fact.attempt for fact in self.released] == list(range(1, len(self.released) + 1))

    @invariant()
    def it_never_leaves_by_a_channel_without_consent(self) -> None:
        if self.released and isinstance(self.world.state, Sending):
            assert self.released[-1].channel in self.has


Messages.TestCase.settings = explored(250, steps=40)
TestMessages = Messages.TestCase
