"""The days on which a person has procedures, and what an activity's visits make of them."""

from collections.abc import Iterable
from datetime import date, timedelta

import msgspec

from backbone.ids import derive
from backbone.model import Given, State
from services.care_plan.rules import Rules


class Procedure(msgspec.Struct, frozen=True):
    """One that has a date, or was done."""

    appointment_id: str
    procedure_id: str
    day: date


class Rest(State, tag="rest", kw_only=True):
    """Of a patient, whatever the referral. Its id is the patient's."""

    procedures: tuple[Procedure, ...] = ()

    def at(self, appointment_id: str) -> Procedure | None:
        return next((each for each in self.procedures if each.appointment_id == appointment_id), None)


class Visit(msgspec.Struct, frozen=True):
    """A date of the activity that is still to come, or is not told to be over."""

    appointment_id: str
    day: date


class Clash(msgspec.Struct, frozen=True):
    """A visit on a day on which the patient rests after a procedure."""

    visit: Visit
    procedure: Procedure


class Unwatched(State, tag="none"):
    """The activity has had no date."""


class Watching(State, kw_only=True):
    activity_id: str
    patient_id: str
    visits: tuple[Visit, ...] = ()
    paused: bool = False
    accepted: tuple[Clash, ...] = ()
    """A clinician said that these may be: on other days they are asked about again."""

    def has(self, appointment_id: str) -> bool:
        return any(each.appointment_id == appointment_id for each in self.visits)

    def visits_with(self, appointment_id: str, day: date | None) -> tuple[Visit, ...]:
        """With this one on that day, or without it; in order of their days."""
        left = (each for each in self.visits if each.appointment_id != appointment_id)
        new = () if day is None else (Visit(appointment_id, day),)
        return tuple(sorted((*left, *new), key=lambda each: (each.day, each.appointment_id)))


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
        Clash(visit, procedure)
        for visit in state.visits
        for rest in rests
        for procedure in rest.procedures
        if procedure.day <= visit.day < procedure.day + days
    ]
    return [each for each in found if each not in state.accepted]
