"""Whose number it is: replies come with a number and nothing else. Addressed by the number, which is never stored."""

from backbone.model import Aggregate, Command, Decision, Given, Head, Lookup, State, Table, like
from services.notifications.phone.facts import PhoneBelongs
from services.notifications.rules import Rules


class Unknown(State, tag="unknown"):
    """No patient is reached by it."""


class Known(State, tag="known"):
    """A number may serve several patients: a family, a carer."""

    patients: tuple[str, ...]


Phone = Unknown | Known


class BelongTo(Command, tag="belong_to", kw_only=True):
    """This patient is reached by it."""

    patient_id: str


def belong(state: Phone, command: BelongTo, given: Given[Rules]) -> Decision:
    return () if command.patient_id in patients_of(state) else [like(PhoneBelongs, command)]


def belongs(state: Phone, fact: PhoneBelongs, head: Head) -> Known:
    return Known(patients=(*patients_of(state), fact.patient_id))


def patients_of(phone: Phone) -> tuple[str, ...]:
    return phone.patients if isinstance(phone, Known) else ()


PHONE = Aggregate[Phone](
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
