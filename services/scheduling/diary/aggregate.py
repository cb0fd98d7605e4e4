"""The diary of a patient, over all referrals: when they are expected. Nobody is in two places at once.

Its id derives from the patient's.
"""

from datetime import datetime

import msgspec

from backbone.ids import derive
from backbone.model import Aggregate, Command, Decision, Given, Head, One, Refused, State, Table, like, one
from services.scheduling.diary.facts import TimeFreed, TimeTaken
from services.scheduling.rules import Rules


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


class TakeTime(Command, tag="take_time", kw_only=True, frozen=True):
    """The patient is to be with this clinician then."""

    appointment_id: str
    clinician_id: str
    start: datetime
    until: datetime | None = None


class FreeTime(Command, tag="free_time", kw_only=True, frozen=True):
    appointment_id: str


def take(state: Diary, command: TakeTime, given: Given[Rules]) -> Decision:
    slot = given.rules.slot(command.clinician_id, command.start)
    if slot is None:
        return Refused("this clinician has no slot at that time: GET /slots shows them", code="no-such-slot")
    time = Time(slot.start, slot.end, command.until)
    if state.times.get(command.appointment_id) == time:
        return ()
    others = [each for name, each in state.times.items() if name != command.appointment_id]
    if any(each.counts(given.at) and each.start < time.end and time.start < each.end for each in others):
        return Refused("the patient has another appointment at that time", code="patient-double-booked")
    return [like(TimeTaken, time, appointment_id=command.appointment_id)]


def free(state: Diary, command: FreeTime, given: Given[Rules]) -> Decision:
    return [like(TimeFreed, command)] if command.appointment_id in state.times else ()


def taken(state: Diary, fact: TimeTaken, head: Head) -> Diary:
    """What is over is forgotten."""
    ahead = {name: each for name, each in state.times.items() if each.end > head.occurred_at}
    return Diary(times=ahead | {fact.appointment_id: like(Time, fact)})


def freed(state: Diary, fact: TimeFreed, head: Head) -> Diary:
    return Diary(times={name: each for name, each in state.times.items() if name != fact.appointment_id})


DIARY = Aggregate[Diary](
    "diary", Diary(), decide=Table(take, free), evolve=Table(taken, freed), has_pathway=False
)


def diary_of(patient_id: str) -> One:
    return one(derive(patient_id, "diary"))
