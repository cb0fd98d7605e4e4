"""Whoever wants a place of a group in whatever order: no more than it has are sold, and nobody has two."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from backbone.ids import ROOT, derive
from backbone.model import Refused
from services.scheduling.appointment.states import NoAppointment
from services.scheduling.diary.aggregate import DIARY, Diary, Expected, FreeTimes, TakeTimes
from services.scheduling.slot.aggregate import SLOT, slot_at
from services.scheduling.slot.commands import ReleaseSlot, TakeSlot
from services.scheduling.slot.queries import place_for
from services.scheduling.slot.states import Free, SlotTime
from tests.support.deciding import LANE, World
from tests.support.effort import explored
from tests.support.told import at_clinic
from tests.unit.scheduling.situations import rules, staff

PRIYA, START = staff("priya.nair").id or "", at_clinic("2027-02-03 12:30")
MOST = rules().scheduling.groups.values.most
PEOPLE = st.integers(1, MOST + 3)


def world(aggregate: Any) -> World:
    return World(aggregate, rules(), aggregate.initial)


class Groups(RuleBasedStateMachine):
    """One time of a group, more people than it has places, each with two appointments that could have one."""

    @initialize(people=st.integers(0, MOST))
    def some_come(self, people: int) -> None:
        self.slots: dict[int, World] = {}
        self.diaries: dict[int, World] = {}
        for person in range(1, people + 1):
            self.want(person, 1, place_for(None, self.taken, MOST))

    @property
    def taken(self) -> dict[int, str]:
        states = {place: each.state for place, each in self.slots.items()}
        return {place: each.appointment_id for place, each in states.items() if not isinstance(each, Free)}

    def want(self, person: int, number: int, place: int) -> bool:
        """All or nothing, as a request is."""
        who = derive(ROOT, f"{person} {number}")
        diary = self.diaries.setdefault(person, world(DIARY))
        slot = self.slots.setdefault(place, world(SLOT))
        before = diary.state
        diary.others = {LANE: Diary()}
        expected = Expected(appointment_id=who, clinician_id=PRIYA, start=START)
        if isinstance(diary.take(TakeTimes(patient_id=LANE, expected=(expected,))), Refused):
            return False
        made = slot.take(TakeSlot(clinician_id=PRIYA, start=START, appointment_id=who, place=place))
        if isinstance(made, Refused):
            diary.state = before
            return False
        return True

    @rule(person=PEOPLE, number=st.integers(1, 2))
    def come(self, person: int, number: int) -> None:
        who, before = derive(ROOT, f"{person} {number}"), self.taken
        is_there = any(derive(ROOT, f"{person} {each}") in before.values() for each in (1, 2))
        sold = self.want(person, number, place_for(who, before, MOST))
        assert sold == (who in before.values() or (not is_there and len(before) < MOST))

    @rule(person=PEOPLE, place=st.integers(MOST + 1, MOST + 3))
    def want_a_place_that_there_is_not(self, person: int, place: int) -> None:
        assert not self.want(person, 1, place)

    @rule(person=PEOPLE, number=st.integers(1, 2))
    def give_back(self, person: int, number: int) -> None:
        who = derive(ROOT, f"{person} {number}")
        for place in [each for each, whose in self.taken.items() if whose == who]:
            self.slots[place].others = {who: NoAppointment()}
            self.slots[place].take(ReleaseSlot(appointment_id=who))
            self.diaries[person].take(FreeTimes(appointment_ids=(who,)))
            assert place not in self.taken

    @invariant()
    def no_more_than_there_are_places_and_nobody_twice(self) -> None:
        whose = [*self.taken.values()]
        assert len(whose) <= MOST and len({*whose}) == len(whose)
        assert {*self.taken} <= {*range(1, MOST + 1)}
        names = {derive(ROOT, f"{person} {each}"): person for person in range(MOST + 4) for each in (1, 2)}
        assert len({names[each] for each in whose}) == len(whose)

    @invariant()
    def each_place_is_a_slot_of_its_own(self) -> None:
        ids = {slot_at(SlotTime(PRIYA, START, place)).id for place in range(1, MOST + 1)}
        assert len(ids) == MOST and slot_at(SlotTime(PRIYA, START)).id in ids


TestGroups = Groups.TestCase
TestGroups.settings = explored(50, steps=30)
