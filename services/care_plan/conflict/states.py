"""The days on which a person has procedures, and what an activity's visits make of them."""

from collections.abc import Iterable
from datetime import date, timedelta

import msgspec

from backbone.ids import derive
from backbone.model import Given, State
from services.care_plan.rules import Rules


class Procedure(msgspec.Struct, frozen=True):
    """One that has a date, or was done; without a day it has none any more. `told`: which fact of its appointment said
    so, that an older one, told again, changes nothing."""

    appointment_id: str
    procedure_id: str
    day: date | None
    told: int = 0


FINAL = 2**31 - 1
"""Nothing that is told of an appointment later counts: it was held, or the procedure done."""
OFF = FINAL - 1
"""Cancelled or missed: what was done all the same counts."""


def told_by(version: int, is_booked: bool = True) -> int:
    """Facts of an appointment in their order: what waits for its gates comes before its booking of the same version."""
    return 2 * version + is_booked


class Rest(State, tag="rest", kw_only=True):
    """Of a patient, whatever the referral. Its id is the patient's."""

    procedures: tuple[Procedure, ...] = ()

    def at(self, appointment_id: str) -> Procedure | None:
        return next((each for each in self.procedures if each.appointment_id == appointment_id), None)


class Visit(msgspec.Struct, frozen=True):
    """A date of the activity; without a day it is over. `told`: as of a procedure."""

    appointment_id: str
    day: date | None
    told: int = 0


class Clash(msgspec.Struct, frozen=True):
    """A visit on a day on which the patient rests after a procedure: both by their appointments, with their days."""

    visit: str
    visit_day: date
    room: str
    procedure_id: str
    procedure_day: date


class Unwatched(State, tag="none"):
    """The activity has had no date."""


class Watching(State, kw_only=True):
    activity_id: str
    patient_id: str
    visits: tuple[Visit, ...] = ()
    paused: bool = False
    told_by: tuple[str, ...] = ()
    """Causes of its pauses and their ends: none counts twice."""
    accepted: tuple[Clash, ...] = ()
    """A clinician said that these may be: on other days they are asked about again."""

    def at(self, appointment_id: str) -> Visit | None:
        return next((each for each in self.visits if each.appointment_id == appointment_id), None)

    def visits_with(self, visit: Visit) -> tuple[Visit, ...]:
        """With what is known of this one now."""
        left = (each for each in self.visits if each.appointment_id != visit.appointment_id)
        return (*left, visit)


class Clear(Watching, tag="clear"):
    """Its dates go together with what else is planned."""


class Open(Watching, tag="open", kw_only=True):
    procedure_id: str


class Over(State, tag="over"):
    """The activity has ended."""


Watched = Clear | Open
Conflict = Unwatched | Watched | Over


def conflict_id(activity_id: str) -> str:
    """What is in the way of an activity is one conflict, whichever of its visits it is about."""
    return derive(activity_id, "conflict")


def rest_seen(patient_id: str) -> Iterable[tuple[str, str]]:
    """For `needs`: the procedures of this patient."""
    yield "rest", patient_id


def clashes(state: Watching, given: Given[Rules]) -> list[Clash]:
    """Every visit in [day, day + days) of a procedure of the person, under whatever record."""
    days = timedelta(days=given.rules.care_plan.rest_window.values.days)
    rests = [each for each in given.others.values() if isinstance(each, Rest)]
    if state.paused:
        return []
    found = [
        Clash(visit.appointment_id, visit.day, each.appointment_id, each.procedure_id, each.day)
        for visit in state.visits
        for rest in rests
        for each in rest.procedures
        if visit.day and each.day and each.day <= visit.day < each.day + days
    ]
    return [each for each in found if each not in state.accepted]
