"""The diary of a patient, over all referrals: when they are expected. Nobody is in two places at once.

Its id derives from the patient's.
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec

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
)
from services.scheduling.diary.facts import TimeFreed, TimeTaken
from services.scheduling.rules import Rules
from services.scheduling.slot.states import SlotTime


class Time(msgspec.Struct, frozen=True, omit_defaults=True):
    """[start, end); `until`: a hold that ends then."""

    start: datetime
    end: datetime
    until: datetime | None = None

    def counts(self, now: datetime) -> bool:
        return self.end > now and (self.until is None or self.until > now)


class Diary(State, tag="diary", frozen=True, kw_only=True):
    times: dict[str, Time] = msgspec.field(default_factory=dict)
    """By appointment."""


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
        state = Diary(times={**state.times, each.appointment_id: time})
        found.append(like(TimeTaken, time, appointment_id=each.appointment_id))
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
        overlaps = other.start < time.end and time.start < other.end
        if name != appointment_id and overlaps and other.counts(given.at):
            begin, end = (given.rules.calendar.local(each) for each in (other.start, other.end))
            stands = f"{begin:%Y-%m-%d %H:%M} to {end:%H:%M}, appointment {name}"
            return Refused(f"the patient is expected elsewhere then: {stands}", code="patient-double-booked")
    return None


def free(state: Diary, command: FreeTimes, given: Given[Rules]) -> Decision:
    known = (each for each in dict.fromkeys(command.appointment_ids) if each in state.times)
    return [TimeFreed(appointment_id=each) for each in known]


def taken(state: Diary, fact: TimeTaken, head: Head) -> Diary:
    """What is over is forgotten."""
    ahead = {name: each for name, each in state.times.items() if each.end > head.occurred_at}
    return Diary(times=ahead | {fact.appointment_id: like(Time, fact)})


def freed(state: Diary, fact: TimeFreed, head: Head) -> Diary:
    return Diary(times={name: each for name, each in state.times.items() if name != fact.appointment_id})


def needs(state: Diary, command: Command) -> Iterable[tuple[str, str]]:
    """The diaries of all records of the person."""
    if isinstance(command, TakeTimes | LookAtTimes):
        yield "diary", command.patient_id


def diary_id(patient_id: str) -> str:
    return derive(patient_id, "diary")


DIARY = Aggregate[Diary](
    "diary",
    Diary(),
    decide=Table(take, look, free),
    evolve=Table(taken, freed),
    needs=needs,
    has_pathway=False,
    of_person=True,
    of_record=diary_id,
)


def diary_of(patient_id: str) -> One:
    return one(diary_id(patient_id))
