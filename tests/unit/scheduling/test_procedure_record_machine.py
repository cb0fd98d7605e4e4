"""The procedures of a referral, told in any order: each is known once, what took place stays, SCH-04 follows."""

from datetime import date
from typing import Any

import msgspec
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from backbone.ids import ROOT, derive
from backbone.model import Command
from schemas.fact import Fact
from services.scheduling.procedure_record.aggregate import (
    PROCEDURE_RECORD,
    DropProcedure,
    NoteConsent,
    NoteConsentGone,
    NoteDone,
    NoteOutcome,
    NoteProcedure,
)
from tests.support.effort import explored
from tests.support.machines import Machine
from tests.unit.scheduling.situations import rules

PROCEDURES = [derive(ROOT, f"procedure {number}") for number in range(6)]
procedures = st.sampled_from(PROCEDURES)
DAYS = st.sampled_from([date(2027, 1, 1), date(2027, 3, 31), date(2027, 4, 1), date(2199, 12, 31)])
EARLIER = {"mbb_1": (), "mbb_2": ("mbb_1",), "rfa": ("mbb_1", "mbb_2"), None: ()}
"""SCH-04: the first block before the second, both before the ablation."""


class Known(msgspec.Struct):
    """What the clinic was told of one procedure."""

    role: Any
    region: Any
    side: Any
    done: bool = False
    outcome: bool = False

    def is_where(self, other: "Known") -> bool:
        sides = {self.side, other.side}
        return self.region == other.region and (len(sides) == 1 or "both" in sides)


class ProcedureRecords(Machine):
    """One referral's."""

    @initialize()
    def nothing_is_ordered(self) -> None:
        self.begin(PROCEDURE_RECORD, rules())
        self.known: dict[str, Known] = {}
        self.signed: tuple[str, date, date] | None = None

    def told(self, command: Command) -> list[Fact]:
        return self.hear(command, derive(ROOT, f"fact {len(self.world.facts)} {command}"))

    @rule(
        name=procedures,
        role=st.sampled_from(list(EARLIER)),
        region=st.sampled_from(("cervical", "lumbar")),
        side=st.sampled_from(("left", "right", "both", "midline")),
    )
    def is_ordered(self, name: str, role: Any, region: Any, side: Any) -> None:
        """What the first order says counts."""
        made = self.told(NoteProcedure(procedure_id=name, role=role, region=region, side=side))
        assert len(made) == (name not in self.known)
        self.known.setdefault(name, Known(role, region, side))

    @rule(name=procedures)
    def takes_place(self, name: str) -> None:
        known = self.known.get(name)
        assert len(self.told(NoteDone(procedure_id=name))) == bool(known and not known.done)
        if known:
            known.done = True

    @rule(name=procedures)
    def its_outcome_is_known(self, name: str) -> None:
        """It took place then too."""
        known = self.known.get(name)
        assert len(self.told(NoteOutcome(procedure_id=name))) == bool(known and not known.outcome)
        if known:
            known.done = known.outcome = True

    @rule(name=procedures)
    def is_called_off(self, name: str) -> None:
        """What took place cannot be."""
        known = self.known.get(name)
        is_to_come = known is not None and not known.done
        assert len(self.told(DropProcedure(procedure_id=name))) == is_to_come
        if is_to_come:
            del self.known[name]

    @rule(paper=procedures, start=DAYS, end=DAYS)
    def the_patient_consents(self, paper: str, start: date, end: date) -> None:
        said = (paper, start, end)
        made = self.told(NoteConsent(evidence_ref=paper, valid_from=start, valid_to=end))
        assert len(made) == (said != self.signed)
        self.signed = said

    @rule()
    def the_patient_takes_it_back(self) -> None:
        assert len(self.told(NoteConsentGone())) == (self.signed is not None)
        self.signed = None

    @invariant()
    def each_is_known_in_the_order_of_the_orders_as_it_was_told(self) -> None:
        state = self.world.state
        assert [*state.procedures] == [*self.known]
        assert [msgspec.structs.asdict(each) for each in state.procedures.values()] == [
            msgspec.structs.asdict(each) for each in self.known.values()
        ]

    @invariant()
    def the_next_waits_for_what_comes_before_it_at_the_same_place(self) -> None:
        state, known = self.world.state, self.known
        for name in PROCEDURES:
            this = known.get(name)
            missing = [
                each.role
                for each in known.values()
                if this and each.role in EARLIER[this.role] and not each.done and each.is_where(this)
            ]
            assert state.first(name, rules()) == next(iter(missing), None)
            took_place = {other for other, each in known.items() if each.done}
            assert state.before(name).keys() == took_place - {name}

    @invariant()
    def a_consent_covers_its_first_day_and_its_last_until_it_is_taken_back(self) -> None:
        consent = self.world.state.consent
        assert (consent is None) == (self.signed is None)
        if consent and self.signed:
            _, start, end = self.signed
            for day in (date(2026, 12, 31), start, date(2027, 2, 1), end):
                assert consent.covers(day) == (start <= day <= end)


TestProcedureRecords = ProcedureRecords.TestCase
TestProcedureRecords.settings = explored(80, steps=30)
