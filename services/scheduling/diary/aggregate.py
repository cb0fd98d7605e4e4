"""The diary of a patient, over all referrals: when they are expected. Nobody is in two places at once.

Its id derives from the patient's.
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec
from msgspec.structs import replace

from backbone.ids import derive
from backbone.model import (
    Aggregate,
    Command,
    Decision,
    Given,
    Head,
    One,
    Refused,
    State,
    Step,
    Table,
    like,
    one,
    others_of,
    person_seen,
)
from services.scheduling.diary.facts import OverlapFound, OverlapGone, TimeFreed, TimesCompared, TimeTaken
from services.scheduling.rules import Rules
from services.scheduling.slot.states import SlotTime


class Time(msgspec.Struct, frozen=True, omit_defaults=True):
    """[start, end); `until`: a hold that ends then."""

    start: datetime
    end: datetime
    until: datetime | None = None

    def counts(self, now: datetime) -> bool:
        return self.end > now and (self.until is None or self.until > now)

    def overlaps(self, other: "Time") -> bool:
        return other.start < self.end and self.start < other.end


class Diary(State, tag="diary", frozen=True, kw_only=True):
    times: dict[str, Time] = msgspec.field(default_factory=dict)
    """By appointment."""
    overlaps: dict[str, str] = msgspec.field(default_factory=dict)
    """Which of these is at the time of which other, under another record. Of two the later one is: it is asked about
    once."""
    compared_because: str | None = None
    """Told again, nothing is compared anew."""


class Expected(msgspec.Struct, frozen=True, omit_defaults=True):
    """By whom, when, for which appointment; `until`: only held."""

    appointment_id: str
    clinician_id: str
    start: datetime
    until: datetime | None = None


class TakeTimes(Command, tag="take_time", kw_only=True, frozen=True):
    """The patient is expected at these times: all that are planned in one act."""

    patient_id: str
    expected: tuple[Expected, ...]


class LookAtTimes(Command, tag="look_at_times", kw_only=True, frozen=True):
    """These are to be offered: nobody is asked to choose a time at which they are expected elsewhere."""

    appointment_id: str
    patient_id: str
    times: tuple[SlotTime, ...]


class FreeTimes(Command, tag="free_time", kw_only=True, frozen=True):
    appointment_ids: tuple[str, ...]
    patient_id: str | None = None


class CompareTimes(Command, tag="compare_times", kw_only=True, frozen=True):
    """With those of the other records of the person."""

    patient_id: str


def take(state: Diary, command: TakeTimes, given: Given[Rules]) -> Decision:
    found: list[Step] = []
    for each in command.expected:
        slot = given.rules.slot(each.clinician_id, each.start)
        if slot is None:
            return Refused(
                "this clinician has no slot at that time: GET /slots shows them", code="no-such-slot"
            )
        time = Time(slot.start, slot.end, each.until)
        if state.times.get(each.appointment_id) == time:
            continue
        if refusal := expected_elsewhere(state, each.appointment_id, time, given):
            return refusal
        state = replace(state, times={**state.times, each.appointment_id: time})
        also = others_of(command.patient_id, given)
        found.append(like(TimeTaken, time, appointment_id=each.appointment_id, also=also))
    return found


def look(state: Diary, command: LookAtTimes, given: Given[Rules]) -> Decision:
    for offered in command.times:
        slot = given.rules.slot(offered.clinician_id, offered.start)
        time = Time(slot.start, slot.end) if slot else None
        if time and (refusal := expected_elsewhere(state, command.appointment_id, time, given)):
            return refusal
    return ()


def expected_elsewhere(state: Diary, appointment_id: str, time: Time, given: Given[Rules]) -> Refused | None:
    """What stands there, under whatever record of the person it was booked."""
    diaries = (state, *(each for each in given.others.values() if isinstance(each, Diary)))
    for name, other in (each for diary in diaries for each in diary.times.items()):
        if name != appointment_id and time.overlaps(other) and other.counts(given.at):
            begin, end = (given.rules.calendar.local(each) for each in (other.start, other.end))
            stands = f"{begin:%Y-%m-%d %H:%M} to {end:%H:%M}, appointment {name}"
            return Refused(f"the patient is expected elsewhere then: {stands}", code="patient-double-booked")
    return None


def free(state: Diary, command: FreeTimes, given: Given[Rules]) -> Decision:
    known = (each for each in dict.fromkeys(command.appointment_ids) if each in state.times)
    also = others_of(command.patient_id, given)
    return [TimeFreed(appointment_id=each, also=also) for each in known]


def compare(state: Diary, command: CompareTimes, given: Given[Rules]) -> Decision:
    """Both were booked before anybody knew that it is one person."""
    if given.cause_id == state.compared_because:
        return ()
    found = dict(overlapping(state, given))
    gone = [OverlapGone(appointment_id=each) for each in state.overlaps if each not in found]
    new = [
        OverlapFound(appointment_id=mine, other_id=other)
        for mine, other in found.items()
        if state.overlaps.get(mine) != other
    ]
    return [TimesCompared(), *gone, *new]


def overlapping(state: Diary, given: Given[Rules]) -> Iterable[tuple[str, str]]:
    """Mine that is the later one of the two, and the other one."""
    diaries = (each for each in given.others.values() if isinstance(each, Diary))
    beside = [each for diary in diaries for each in diary.times.items() if each[0] not in state.times]
    for mine, time in state.times.items():
        for other, theirs in beside:
            both_count = time.counts(given.at) and theirs.counts(given.at)
            if both_count and time.overlaps(theirs) and (theirs.start, other) < (time.start, mine):
                yield mine, other


def taken(state: Diary, fact: TimeTaken, head: Head) -> Diary:
    """What is over is forgotten."""
    ahead = {name: each for name, each in state.times.items() if each.end > head.occurred_at}
    return replace(state, times=ahead | {fact.appointment_id: like(Time, fact)})


def freed(state: Diary, fact: TimeFreed, head: Head) -> Diary:
    left = {name: each for name, each in state.times.items() if name != fact.appointment_id}
    return replace(state, times=left)


def compared(state: Diary, fact: TimesCompared, head: Head) -> Diary:
    return replace(state, compared_because=head.causation_id)


def overlap_found(state: Diary, fact: OverlapFound, head: Head) -> Diary:
    return replace(state, overlaps={**state.overlaps, fact.appointment_id: fact.other_id})


def overlap_gone(state: Diary, fact: OverlapGone, head: Head) -> Diary:
    left = {name: each for name, each in state.overlaps.items() if name != fact.appointment_id}
    return replace(state, overlaps=left)


def needs(state: Diary, command: Command) -> Iterable[tuple[str, str]]:
    """The diaries of all records of the person, and which these are."""
    if isinstance(command, TakeTimes | LookAtTimes | CompareTimes):
        yield "diary", command.patient_id
    if isinstance(command, TakeTimes | FreeTimes):
        yield from person_seen(command.patient_id)


def diary_id(patient_id: str) -> str:
    return derive(patient_id, "diary")


DIARY = Aggregate[Diary](
    "diary",
    Diary(),
    decide=Table(take, look, free, compare),
    evolve=Table(taken, freed, compared, overlap_found, overlap_gone),
    needs=needs,
    has_pathway=False,
    of_person=True,
    of_record=diary_id,
)


def diary_of(patient_id: str) -> One:
    return one(diary_id(patient_id))
