"""A time of a group, whatever comes in whatever order: its places are counted right, and somebody is asked once."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from backbone.ids import ROOT, derive
from backbone.model import SYSTEM, Snapshot, one
from schemas.scheduling.v1.group_time import GroupSettled, GroupShort
from services.scheduling.appointment.states import Appointment, Booked, Date, Matter
from services.scheduling.group_time.aggregate import (
    GROUP_TIME,
    BeginGroup,
    CallOffGroup,
    GivePlaceBack,
    KeepGroup,
    LookAtGroup,
    SellPlace,
    group_at,
)
from services.scheduling.group_time.reactions import call_off
from services.scheduling.group_time.states import CalledOff, GroupTime, Kept, NoGroup, Planned, Short
from services.scheduling.rules import Groups
from services.scheduling.slot.facts import SlotReleased, SlotTaken
from tests.support.deciding import deciding, refused
from tests.support.effort import explored
from tests.support.told import at_clinic
from tests.unit.scheduling.situations import COORDINATOR, IN_10_DAYS, PAUL, Steady, asked, rules, staff

PRIYA, START = staff("priya.nair").id or "", at_clinic("2027-02-03 12:30")
ASKED = at_clinic("2027-01-20 08:00")
GROUPS = rules().scheduling.groups.values
PEOPLE = [derive(ROOT, f"person {number}") for number in range(14)]
PLACES, PERSONS = st.integers(1, GROUPS.most), st.integers(1, 13)


class Times(Steady):
    """One time, its places sold and given back, timers that fire, and a coordinator who decides."""

    @initialize(sold=st.integers(0, GROUPS.most), day=st.integers(4, 31))
    def some_have_a_place(self, sold: int, day: int) -> None:
        self.begin(GROUP_TIME, rules())
        self.world.at = at_clinic(f"2027-01-{day:02} 12:00")
        self.whose: dict[int, str] = {}
        self.left: set[str] = set()
        self.off = False
        for place in range(1, sold + 1):
            self.come(place, place)

    @rule(place=PLACES, person=PERSONS)
    def come(self, place: int, person: int) -> None:
        """As slots sell: before the start, and a place that somebody has is given back first."""
        if self.world.at < START and self.whose.get(place) in (None, PEOPLE[person]):
            wanted = SellPlace(
                clinician_id=PRIYA,
                discipline="psychology",
                start=START,
                place=place,
                appointment_id=PEOPLE[person],
            )
            if self.off:
                assert not self.take(SYSTEM, wanted)
            else:
                self.whose[place] = PEOPLE[person]
                self.take(SYSTEM, wanted)

    @rule(place=PLACES, person=PERSONS)
    def go(self, place: int, person: int) -> None:
        """Also who has no place, or not this one any more."""
        if self.whose.get(place) == PEOPLE[person]:
            del self.whose[place]
            self.left.add(PEOPLE[person])
        self.take(SYSTEM, GivePlaceBack(place=place, appointment_id=PEOPLE[person]))

    @rule(keep=st.integers(0, 9))
    def many_go(self, keep: int) -> None:
        for place, who in [*self.whose.items()][keep:]:
            self.go(place, PEOPLE.index(who))

    @rule(hours=st.sampled_from([1, 30, 100, 300]))
    def time_passes(self, hours: int) -> None:
        """Timers that are due by then fire, in order."""
        self.world.at += timedelta(hours=hours)
        for _ in range(3):
            for timer in GROUP_TIME.timers(self.world.state, rules()).values():
                if timer.due <= self.world.at:
                    self.take(SYSTEM, timer.command)

    @rule(command=st.sampled_from([LookAtGroup(), BeginGroup()]))
    def fire_too_early_or_again(self, command: Any) -> None:
        self.take(SYSTEM, command)

    @rule()
    def keep(self) -> None:
        self.take(COORDINATOR, KeepGroup(reason="other"))

    @rule(without=st.integers(0, 2))
    def call_off(self, without: int) -> None:
        """All, or those that were there a moment ago: not all."""
        who, everybody = tuple(self.whose.values())[without:], {*self.whose.values()}
        if self.take(COORDINATOR, CallOffGroup(appointment_ids=who)):
            assert {*who} == everybody
            self.whose.clear()
            self.off = True

    @invariant()
    def who_has_a_place_is_counted(self) -> None:
        state: GroupTime = self.world.state
        assert ({} if isinstance(state, NoGroup) else state.places) == self.whose
        assert (set() if isinstance(state, NoGroup) else {*state.left}) == self.left
        assert isinstance(state, CalledOff) == self.off

    @invariant()
    def somebody_is_asked_once_until_it_is_settled(self) -> None:
        said = [fact for fact, _ in self.world.facts if isinstance(fact, GroupShort | GroupSettled)]
        asks = [isinstance(fact, GroupShort) for fact in said]
        assert not any(one and other for one, other in pairwise(asks)), "asked twice"
        assert isinstance(self.world.state, Short) == bool(asks and asks[-1])

    @invariant()
    def only_too_few_are_told_and_only_so_near_to_the_start(self) -> None:
        told = self.made(GroupShort)
        assert all(0 < each.sold < each.least == GROUPS.least for each in told)
        assert not told or self.world.at >= ASKED

    @invariant()
    def too_few_are_somebodys_work_until_it_begins(self) -> None:
        sold, state = len(self.whose), self.world.state
        if ASKED <= self.world.at < START:
            assert not (isinstance(state, Planned) and 0 < sold < GROUPS.least)
            assert not (isinstance(state, Kept) and 0 < sold < min(state.kept, GROUPS.least))
        assert not (isinstance(state, Short) and (self.world.at >= START or not 0 < sold < GROUPS.least))


TestTimes = Times.TestCase
TestTimes.settings = explored(60, steps=30)


def test_nobody_is_left_out_who_came_while_it_was_being_called_off() -> None:
    seen, came = PEOPLE[1:4], PEOPLE[4]
    short = Short(
        clinician_id=PRIYA,
        discipline="psychology",
        start=START,
        places=dict(enumerate((*seen, came), 1)),
    )
    given = deciding(GROUP_TIME, rules(), actor=COORDINATOR, at=ASKED)
    given(short).when(CallOffGroup(appointment_ids=tuple(seen))).then(refused(code="others-by-now"))
    given(short).when(CallOffGroup(appointment_ids=(*seen, came))).then(GroupSettled)


def test_what_is_no_group_counts_no_places() -> None:
    alone = {"clinician_id": PAUL, "start": IN_10_DAYS, "appointment_id": PEOPLE[1]}
    assert asked(SlotTaken.model_validate(alone)) == asked(SlotReleased.model_validate(alone)) == []
    assert asked(SlotReleased()) == [], "of a release that did not say whose it was"


def test_who_has_another_date_already_keeps_it_when_the_group_is_called_off() -> None:
    """The move is committed, and not told yet."""
    matter = Matter(booking_request_id=PEOPLE[0], purpose="group_session", discipline="psychology")
    group = Short(
        clinician_id=PRIYA, discipline="psychology", start=START, places={1: PEOPLE[1], 2: PEOPLE[2]}
    )
    starts = {PEOPLE[1]: START, PEOPLE[2]: at_clinic("2027-02-10 12:30")}
    dates = {
        who: Date(clinician_id=PRIYA, start=start, end=start, location="main")
        for who, start in starts.items()
    }
    visits: list[Snapshot[Appointment]] = [
        Snapshot("appointment", who, 4, Booked(matter=matter, date=date), None, None)
        for who, date in dates.items()
    ]
    called_off = GROUP_TIME.send(CallOffGroup(appointment_ids=(*starts,)), to=group_at(PRIYA, START))
    _, *cancelled = call_off(called_off, group, visits).sends
    assert [(send.to, send.expecting) for send in cancelled] == [(one(PEOPLE[1]), 4)]


@pytest.mark.parametrize(
    ("start", "asked"),
    [
        ("2027-02-03 12:30", "2027-01-20 08:00"),
        ("2027-03-22 12:30", "2027-03-08 08:00"),
        ("2027-01-15 12:30", "2026-12-31 08:00"),
    ],
    ids=["two weeks", "the clocks change between", "not on a holiday"],
)
def test_it_is_asked_on_a_working_day_as_many_days_before_or_more(start: str, asked: str) -> None:
    assert rules().group_asked_at(at_clinic(start)) == at_clinic(asked)


def test_a_group_that_needs_more_than_it_has_places_is_refused() -> None:
    assert Groups(kinds=(), least=12, most=12, ask_days=0).least == 12
    with pytest.raises(ValueError, match="least: a group that needs more people"):
        Groups(kinds=(), least=13, most=12, ask_days=0)
