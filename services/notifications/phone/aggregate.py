"""Whose number it is: replies come with a number and nothing else. Addressed by the number, which is never stored."""

from typing import Any

from backbone.model import Aggregate, Command, Decision, Given, Head, Lookup, State, Table
from services.notifications.message.facts import PhoneBelongs
from services.notifications.rules import Rules


class Unknown(State, tag="unknown", frozen=True, kw_only=True):
    pass


class Known(State, tag="known", frozen=True, kw_only=True):
    """A number may serve several patients: a family, a carer."""

    patients: tuple[str, ...]


class BelongTo(Command, tag="belong_to", frozen=True, kw_only=True):
    patient_id: str


def belong(state: Unknown | Known, command: BelongTo, given: Given[Rules]) -> Decision:
    if isinstance(state, Known) and command.patient_id in state.patients:
        return ()
    return [PhoneBelongs(patient_id=command.patient_id)]


def belongs(state: Unknown | Known, fact: PhoneBelongs, head: Head) -> Known:
    return Known(patients=(*(state.patients if isinstance(state, Known) else ()), fact.patient_id))


PHONE: Aggregate[Any] = Aggregate(
    "phone",
    Unknown(),
    decide=Table(belong),
    evolve=Table(belongs),
    has_pathway=False,
    has_lane=False,
)


def by_number(number: str) -> Lookup:
    """Digits only: `+1 555-0142` and `+15550142` are one number."""
    return PHONE.by(number=("".join(filter(str.isdigit, number)),))
