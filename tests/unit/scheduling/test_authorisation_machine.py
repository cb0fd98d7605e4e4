"""Whatever the payer says, and whenever it ends: each procedure that needs it is told when it does not reach."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from backbone.ids import ROOT, derive
from backbone.model import SYSTEM, Actor
from schemas.scheduling.v1.authorisation import AuthorisationExpired, AuthorisationRecorded
from services.scheduling.authorisation.aggregate import (
    AUTHORISATION,
    CheckReach,
    EndNeed,
    NeedAuthorisation,
    RecordAuthorisation,
)
from services.scheduling.authorisation.states import Approved, Expired
from tests.support.effort import explored
from tests.unit.scheduling.situations import CLERK, COORDINATOR, EVERYBODY, MADE, Steady, rules

BLOCKS = tuple(derive(ROOT, f"block {number}") for number in range(2))
TODAY = date(2027, 2, 1)
blocks = st.sampled_from(BLOCKS)


class Authorisations(Steady):
    needed: set[str]
    said: int

    @initialize()
    def begins(self) -> None:
        self.begin(AUTHORISATION, rules())
        self.world.at, self.needed, self.said = MADE, set(), 0
        self.is_needed(BLOCKS[0])

    @rule(block=blocks)
    def is_needed(self, block: str) -> None:
        self.needed.add(block)
        self.hear(NeedAuthorisation(procedure_id=block, family="mbb_ct"), self.cause())

    @rule(block=blocks)
    def is_not_needed(self, block: str) -> None:
        self.needed.discard(block)
        self.hear(EndNeed(procedure_id=block), self.cause())

    @rule(
        actor=st.sampled_from((COORDINATOR, *EVERYBODY)),
        status=st.sampled_from(("approved", "denied", "pending")),
        days=st.none() | st.tuples(st.integers(0, 30), st.integers(0, 60)),
    )
    def answer(self, actor: Actor, status: Any, days: Any) -> None:
        first, last = (TODAY + timedelta(days=each) for each in days) if days else (None, None)
        before = len(self.made(AuthorisationRecorded))
        self.take(actor, RecordAuthorisation(status=status, valid_from=first, valid_to=last))
        for fact in self.made(AuthorisationRecorded)[before:]:
            assert actor in (COORDINATOR, CLERK, SYSTEM)
            assert (fact.status == "approved") == (first is not None and last is not None)
            assert fact.valid_to is None or fact.valid_from <= fact.valid_to

    @rule(block=blocks, days=st.integers(0, 90))
    def a_date_is_held(self, block: str, days: int) -> None:
        before, day = self.world.state, TODAY + timedelta(days=days)
        made = self.hear(CheckReach(procedure_id=block, day=day), self.cause())
        if made:
            assert isinstance(before, Approved) and before.valid_to < day
            assert block in self.needed and block not in before.told

    @rule(days=st.integers(1, 40))
    def time_passes(self, days: int) -> None:
        self.world.at += timedelta(days=days)
        for timer in AUTHORISATION.timers(self.world.state, rules()).values():
            if timer.due <= self.world.at:
                assert self.take(SYSTEM, timer.command)
                assert isinstance(self.world.state, Expired)

    def cause(self) -> str:
        self.said += 1
        return derive(ROOT, f"fact {self.said}")

    @invariant()
    def of_each_procedure_it_is_known_once(self) -> None:
        told = getattr(self.world.state, "told", ())
        assert len(set(told)) == len(told)
        assert all(fact.procedure_id in BLOCKS for fact in self.made(AuthorisationExpired))


TestAuthorisations = Authorisations.TestCase
TestAuthorisations.settings = explored(150, steps=30)
