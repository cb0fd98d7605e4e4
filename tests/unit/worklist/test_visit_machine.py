"""A visit under any sequence of facts: the newest date counts, an arrival is somebody's work once."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from backbone.ids import ROOT, derive
from backbone.model import Command
from services.worklist.visit.aggregate import VISIT, BeginVisit, Begun, DateVisit, MoveVisit, Undated
from services.worklist.visit.facts import VisitBegan, VisitDated
from tests.support.deciding import START
from tests.support.desk import shipped_rules
from tests.support.effort import explored
from tests.support.machines import Machine


class Visits(Machine):
    """One appointment."""

    told: list[tuple[Command, str]]

    @initialize(booked=st.booleans())
    def nothing_is_booked(self, booked: bool) -> None:
        self.begin(VISIT, shipped_rules())
        self.told = []
        if booked:
            self.is_booked()

    @rule()
    def is_booked(self) -> None:
        self.tell(DateVisit("medical", START, 1))

    @rule(version=st.integers(1, 6))
    def is_moved(self, version: int) -> None:
        self.tell(MoveVisit(START + timedelta(days=version), version))

    @rule(really=st.integers(0, 3))
    def begins(self, really: int) -> None:
        if not really:
            self.tell(BeginVisit())

    @rule(data=st.data())
    def tell_again(self, data: st.DataObject) -> None:
        """A date that was told before changes nothing when it is told again."""
        again = [each for each in self.told if not isinstance(each[0], BeginVisit)]
        if again and not isinstance(self.world.state, Undated):
            before = self.world.state
            self.world.command(*data.draw(st.sampled_from(again)))
            assert isinstance(before, Begun) <= (self.world.state == before)
            assert self.world.state.version >= before.version

    def tell(self, command: Command) -> None:
        cause = derive(ROOT, f"fact {len(self.told)}")
        before = self.world.state
        self.hear(command, cause)
        self.told.append((command, cause))
        assert not (isinstance(before, Begun) and self.world.state != before), "who is here is here"

    @invariant()
    def the_newest_date_counts(self) -> None:
        dates = self.made(VisitDated)
        assert [fact.version for fact in dates] == sorted({fact.version for fact in dates})
        if dates:
            assert (self.world.state.start, self.world.state.version) == (dates[-1].start, dates[-1].version)
        assert bool(dates) != isinstance(self.world.state, Undated)

    @invariant()
    def who_arrives_is_work_once_for_the_discipline_of_the_visit(self) -> None:
        began = self.made(VisitBegan)
        assert len(began) == isinstance(self.world.state, Begun)
        for fact in began:
            assert (fact.discipline, fact.start) == ("medical", self.world.state.start)


TestVisits = Visits.TestCase
TestVisits.settings = explored(50, steps=20)
