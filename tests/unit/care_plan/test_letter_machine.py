"""Whoever writes, signs, recalls and reviews in any order: one text from its signature on, recalled once at most."""

from datetime import timedelta
from hashlib import sha256
from typing import Any

import msgspec
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from backbone.model import Actor, Command
from schemas.care_plan.v1.letter import LetterRecalled, LetterRecallReviewed
from schemas.fact import Fact
from services.care_plan.letter.aggregate import (
    LETTER,
    Draft,
    FreezeLetter,
    Recalled,
    RecallLetter,
    ReviewRecall,
    Signed,
    Unwritten,
    WriteLetter,
)
from services.care_plan.letter.facts import LetterFrozen, LetterWritten
from tests.support.deciding import TARGET
from tests.support.effort import explored
from tests.support.machines import Machine
from tests.unit.care_plan.situations import (
    CLERK,
    COORDINATOR,
    MANAGER,
    NURSE,
    OUTSIDERS,
    PHYSICIAN,
    PROCEDURALIST,
    PSYCHOLOGIST,
    rules,
    staff,
)

OFFICER = staff("ada.voss")
SIGNERS = (PHYSICIAN, PROCEDURALIST)
WRITERS = (*SIGNERS, NURSE, PSYCHOLOGIST)
RECALLERS = (*WRITERS, COORDINATOR, CLERK, MANAGER)
EVERYBODY = st.sampled_from((*RECALLERS, OFFICER, *OUTSIDERS))
kinds: Any = st.sampled_from(("outcome", "discharge"))
texts = st.sampled_from(("Dear colleague", "Sehr geehrte Frau Kollegin, es grüßt Łukasz 👋", "x" * 20_000))


class Letters(Machine):
    """One letter. `stage` is how far it came, `text` what it says."""

    @initialize(far=st.sampled_from((Unwritten, Signed, Recalled)))
    def begins(self, far: type) -> None:
        self.begin(LETTER, rules())
        self.stage: Any = Unwritten
        self.text, self.result = "", None
        self.signed: tuple[Any, ...] = ()
        self.recalled: tuple[Any, ...] = ()
        if far is not Unwritten:
            self.is_signed(PHYSICIAN, "outcome", "Dear colleague", ("referrer",))
        if far is Recalled:
            self.is_recalled(NURSE, "wrong_recipient", said=True)

    def ask(self, actor: Actor, command: Command, may: bool, leads: type, fact: type[Fact]) -> bool:
        """Whether it was done: by whom it is allowed, where it is possible."""
        was = self.world.state
        made = self.take(actor, command)
        assert [type(each) for each in made] == [fact] * may
        assert may or self.world.state == was
        self.stage = leads if may else self.stage
        return may

    @rule(actor=st.sampled_from(WRITERS) | EVERYBODY, kind=kinds, text=texts)
    def is_written(self, actor: Actor, kind: Any, text: str) -> None:
        may = actor in WRITERS and self.stage in (Unwritten, Draft)
        if self.ask(actor, WriteLetter(kind=kind, text=text), may, Draft, LetterWritten):
            self.text = text
            assert self.world.state.text_ref != TARGET, "a draft is no letter"

    @rule(
        actor=st.sampled_from(SIGNERS) | EVERYBODY,
        kind=kinds,
        text=texts,
        audience=st.sampled_from((("referrer",), ("patient", "pcp"))),
    )
    def is_signed(self, actor: Actor, kind: Any, text: str, audience: Any) -> None:
        may = actor in SIGNERS and self.stage in (Unwritten, Draft)
        command = FreezeLetter(kind=kind, audience=audience, text=text)
        if self.ask(actor, command, may, Signed, LetterFrozen):
            digest = sha256(text.encode()).hexdigest()
            self.text, self.signed = text, (kind, digest, audience, actor.id, self.world.at)

    @rule(
        actor=st.sampled_from(RECALLERS) | EVERYBODY,
        reason=st.sampled_from(("wrong_recipient", "wrong_content")),
        said=st.booleans(),
    )
    def is_recalled(self, actor: Actor, reason: Any, said: bool) -> None:
        """By somebody who says what happened. That is not part of any fact."""
        may = actor in RECALLERS and self.stage is Signed and said
        note = "sent to Mr Doe" if said else " \n "
        if self.ask(actor, RecallLetter(reason=reason, note=note), may, Recalled, LetterRecalled):
            self.recalled = (reason, actor.id, self.world.at)
            assert "Doe" not in self.made(LetterRecalled)[0].model_dump_json()

    @rule(actor=st.just(OFFICER) | EVERYBODY, result=st.sampled_from(("destroyed", "not_confirmed")))
    def is_reviewed(self, actor: Actor, result: Any) -> None:
        """The same said twice is said once; the latest word counts."""
        may = actor == OFFICER and self.stage is Recalled and result != self.result
        if self.ask(actor, ReviewRecall(result=result), may, Recalled, LetterRecallReviewed):
            self.result = result

    @rule(hours=st.sampled_from((1, 24 * 400)))
    def time_goes_by(self, hours: int) -> None:
        self.world.at += timedelta(hours=hours)

    @invariant()
    def it_is_as_far_as_it_came_and_says_what_was_written_last(self) -> None:
        state: Any = self.world.state
        assert type(state) is self.stage
        if self.stage is not Unwritten:
            assert msgspec.json.decode(self.world.contents[state.text_ref]) == self.text

    @invariant()
    def what_was_signed_stays_whatever_is_said_of_it_later(self) -> None:
        state: Any = self.world.state
        if self.stage in (Signed, Recalled):
            assert state.text_ref == TARGET
            signed = (state.kind, state.sha256, state.audience, state.signed_by, state.signed_at)
            assert signed == self.signed
            assert sha256(self.text.encode()).hexdigest() == state.sha256
        if self.stage is Recalled:
            assert (state.recall_reason, state.recalled_by, state.recalled_at) == self.recalled
            assert state.recall_result == self.result
            assert self.made(LetterRecalled)[0].audience == self.signed[2], "whoever could read it is asked"


TestLetters = Letters.TestCase
TestLetters.settings = explored(60, steps=15)
