"""Whatever a patient is booked for in whatever order: they are never expected in two places at one time."""

from datetime import datetime, timedelta
from itertools import combinations

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from backbone.ids import ROOT, derive
from backbone.model import SYSTEM
from services.scheduling.diary.aggregate import (
    DIARY,
    CompareTimes,
    Diary,
    Expected,
    FreeTimes,
    TakeTimes,
    Time,
)
from services.scheduling.diary.facts import OverlapFound, OverlapGone, TimesCompared
from tests.support.deciding import LANE
from tests.support.effort import explored
from tests.unit.scheduling.situations import IN_10_DAYS, MAYA, PAUL, Steady, rules

APPOINTMENTS = st.sampled_from([derive(ROOT, f"appointment {number}") for number in range(3)])
CLINICIANS = st.sampled_from((PAUL, MAYA))
HOURS = st.integers(0, 3)
THEIRS = derive(ROOT, "another record of theirs")


class Diaries(Steady):
    """One patient, three appointments, the hours of one morning with two clinicians."""

    @initialize()
    def nothing_is_planned(self) -> None:
        self.begin(DIARY, rules())
        self.world.others = {LANE: Diary()}
        self.heard = 0
        self.expected: dict[str, tuple[datetime, datetime, datetime | None]] = {}

    @rule(who=APPOINTMENTS, clinician=CLINICIANS, hour=HOURS, held=st.none() | st.integers(1, 72))
    def expect(self, who: str, clinician: str, hour: int, held: int | None) -> None:
        start, now = IN_10_DAYS + timedelta(hours=hour), self.world.at
        until = now + timedelta(hours=held) if held else None
        slot, before = rules().slot(clinician, start), self.world.state
        each = Expected(appointment_id=who, clinician_id=clinician, start=start, until=until)
        made = self.take(SYSTEM, TakeTimes(patient_id=LANE, expected=(each,)))
        if slot is None:
            assert not made
            return
        asked, others = (slot.start, slot.end, until), {**self.expected}
        others.pop(who, None)
        clash = any(
            end > now and (held_until is None or held_until > now) and begin < slot.end and slot.start < end
            for begin, end, held_until in others.values()
        )
        if clash or self.expected.get(who) == asked:
            assert not made and self.world.state == before
        else:
            assert made
            self.expected = {name: time for name, time in others.items() if time[1] > now} | {who: asked}

    @rule(who=APPOINTMENTS)
    def free(self, who: str) -> None:
        made = self.take(SYSTEM, FreeTimes(appointment_ids=(who,)))
        assert bool(made) == (self.expected.pop(who, None) is not None)
        assert not self.take(SYSTEM, FreeTimes(appointment_ids=(who,))), "the same again changes nothing"

    @rule(hours=st.integers(1, 200))
    def time_passes(self, hours: int) -> None:
        self.world.at += timedelta(hours=hours)

    def a_fact(self) -> str:
        self.heard += 1
        return derive(ROOT, f"fact {self.heard}")

    @rule(hour=st.none() | HOURS, name=st.sampled_from(("0", "f")))
    def another_record_is_looked_at(self, hour: int | None, name: str) -> None:
        """Of each two the later one is asked about; told again, it is not. `hour`: the other record's visit, if it has
        one; without, the records are parted."""
        start, other = IN_10_DAYS + timedelta(hours=hour or 0), name * 8 + THEIRS[8:]
        time = Time(start, start + timedelta(hours=1))
        self.world.others = {LANE: Diary(times={other: time} if hour is not None else {})}
        made, again = (self.hear(CompareTimes(patient_id=LANE), self.a_fact()) for _ in range(2))
        self.world.others = {LANE: Diary()}
        now = self.world.at
        later = {
            who
            for who, (begin, end, until) in self.expected.items()
            if hour is not None and end > now and (until is None or until > now) and time.end > now
            if begin < time.end and start < end and (start, other) < (begin, who)
        }
        assert self.world.state.overlaps == dict.fromkeys(later, other)
        assert all(isinstance(each, TimesCompared | OverlapFound | OverlapGone) for each in made)
        assert [type(each) for each in again] == [TimesCompared]

    @invariant()
    def the_diary_says_what_is_expected(self) -> None:
        times = self.world.state.times
        assert {name: (each.start, each.end, each.until) for name, each in times.items()} == self.expected

    @invariant()
    def nobody_is_in_two_places(self) -> None:
        counting = [each for each in self.world.state.times.values() if each.counts(self.world.at)]
        for one, other in combinations(counting, 2):
            assert one.end <= other.start or other.end <= one.start


TestDiaries = Diaries.TestCase
TestDiaries.settings = explored(80, steps=20)
