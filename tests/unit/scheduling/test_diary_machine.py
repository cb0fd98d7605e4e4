"""Whatever a patient is booked for in whatever order: they are never expected in two places at one time."""

from datetime import datetime, timedelta
from itertools import combinations

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from backbone.ids import ROOT, derive
from backbone.model import SYSTEM
from services.scheduling.diary.aggregate import DIARY, Diary, Expected, FreeTimes, TakeTimes
from tests.support.deciding import LANE
from tests.support.effort import explored
from tests.unit.scheduling.situations import IN_10_DAYS, MAYA, PAUL, Steady, rules

APPOINTMENTS = st.sampled_from([derive(ROOT, f"appointment {number}") for number in range(3)])
CLINICIANS = st.sampled_from((PAUL, MAYA))
HOURS = st.integers(0, 3)


class Diaries(Steady):
    """One patient, three appointments, the hours of one morning with two clinicians."""

    @initialize()
    def nothing_is_planned(self) -> None:
        self.begin(DIARY, rules())
        self.world.others = {LANE: Diary()}
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
