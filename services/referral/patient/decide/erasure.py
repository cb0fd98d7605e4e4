"""The privacy officer decides whether a person is forgotten, on which legal ground (PRV-27). No software does."""

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from backbone.model import Decision, Given, Refused, Ruled, Table, by, decider, ignores
from schemas.referral.v1.codes import ERASURE_GROUND, KEEPING_GROUND
from schemas.referral.v1.patient import ErasureRefused, PatientErased
from services.referral.patient.decide.registration import record_of, register_as
from services.referral.patient.facts import PatientForgotten
from services.referral.patient.states import (
    Erase,
    Erased,
    Merged,
    NoteForgotten,
    RefuseErasure,
    Registered,
    RegisterPatient,
    Unregistered,
)
from services.referral.roles import OFFICER, SUBMITS_OR_SUPPLIES
from services.referral.rules import Rules

SETTLES = timedelta(hours=1)
"""So long after an erasure nobody is registered anew: by then no process remembers the key that was destroyed."""


@by(OFFICER)
def erase(state: Registered | Merged, command: Erase, given: Given[Rules]) -> Decision:
    """Of this record; those of the same person are erased with it."""
    if command.ground not in ERASURE_GROUND:
        return Refused(f"{command.ground} is no ground of erasure", code="unknown-code")
    retention = given.rules.referral.retention
    ends = [each.ended_on for each in record_of(state).referrals]
    if None in ends:
        return Refused("a referral of this person goes on: their care needs the record", code="not-ended")
    until = kept_until([day for day in ends if day], retention.values.years)
    if until and given.rules.calendar.day(given.at) < until:
        return Refused(f"the law wants this record kept until {until}", ("RefuseErasure",), "must-be-kept")
    return [Ruled(PatientErased(ground=command.ground, decided_by=decider(given)), (retention,))]


def kept_until(ends: list[date], years: int) -> date | None:
    """The first day on which the record may go; None where there was no care."""
    return max(ends) + relativedelta(years=years) if ends else None


@by(OFFICER)
def refuse_erasure(state: Registered | Merged, command: RefuseErasure, given: Given[Rules]) -> Decision:
    if command.ground not in KEEPING_GROUND:
        return Refused(f"{command.ground} is no ground to refuse it", code="unknown-code")
    return [ErasureRefused(ground=command.ground, decided_by=decider(given))]


@by(OFFICER)
def erase_again(state: Erased, command: Erase, given: Given[Rules]) -> Decision:
    return ()


def note_forgotten(state: Erased, command: NoteForgotten, given: Given[Rules]) -> Decision:
    return () if state.is_forgotten else [PatientForgotten(keys=command.keys)]


@by(SUBMITS_OR_SUPPLIES)
def come_again(state: Erased, command: RegisterPatient, given: Given[Rules]) -> Decision:
    """Somebody new, with the number of before: nothing else is known of them. What is sent again of a referral that
    ended before brings nobody back (PRV-30)."""
    if given.about_pathway in state.referrals:
        said = "the patient of this referral was erased, and nothing more is kept of it: send a new referral"
        return Refused(said, code="erased")
    if not state.is_forgotten or given.at < state.at + SETTLES:
        return Refused("this patient is being erased: send it again in an hour", code="being-erased")
    return register_as(state.number, command, given)


ERASURE = Table(
    *(erase, refuse_erasure, erase_again, note_forgotten, come_again),
    ignores(NoteForgotten, when=(Unregistered, Registered, Merged)),
)
