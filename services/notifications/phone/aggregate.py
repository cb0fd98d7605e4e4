"""A telephone number: who is reached by it, whether it wants texts. Addressed by the number, which is never stored.

Replies come with a number and nothing else. An opt-out holds for the number: for everybody who is reached by it now,
and for whoever is reached by it later, until they agree anew.
"""

from collections.abc import Iterable

from backbone.model import Aggregate, Command, Decision, Given, Head, Lookup, State, Table, ignores, like
from config.phones import typed_forms
from services.notifications.consent.aggregate import Agreed, consent_id
from services.notifications.contact.states import Reachable, contact_id
from services.notifications.phone.facts import PhoneBelongs, PhoneOptedIn, PhoneOptedOut
from services.notifications.rules import Rules


class Unknown(State, tag="unknown"):
    """No patient is reached by it."""


class Known(State, tag="known"):
    """A number may serve several patients: a family, a carer. Whose it was once, their contact knows no more."""

    patients: tuple[str, ...]


class OptedOut(State, tag="opted_out"):
    """`inbound_id`: the text that said so."""

    patients: tuple[str, ...]
    inbound_id: str


Phone = Unknown | Known | OptedOut


class BelongTo(Command, tag="belong_to", kw_only=True):
    """This patient is reached by it."""

    patient_id: str


class OptOut(Command, tag="opt_out", kw_only=True):
    """STOP, or another of the carriers' words."""

    inbound_id: str


class OptIn(Command, tag="opt_in", kw_only=True):
    """START, or another of the carriers' words."""

    inbound_id: str


def belong(state: Phone, command: BelongTo, given: Given[Rules]) -> Decision:
    """Said again while it is so, it is nothing new. A number that opted out stays so for who is reached by it anew."""
    contact = given.others["contact", contact_id(command.patient_id)]
    if isinstance(contact, Reachable) and contact.phone_id == given.target:
        return ()
    return [like(PhoneBelongs, command, opted_out=isinstance(state, OptedOut))]


def opt_out(state: Phone, command: OptOut, given: Given[Rules]) -> Decision:
    """Once, unless somebody has agreed anew since."""
    agreed = any(isinstance(consent, Agreed) for consent in given.others.values())
    if isinstance(state, OptedOut) and (state.inbound_id == command.inbound_id or not agreed):
        return ()
    return [like(PhoneOptedOut, command)]


def opt_in(state: OptedOut, command: OptIn, given: Given[Rules]) -> Decision:
    return [like(PhoneOptedIn, command)]


def belongs(state: Phone, fact: PhoneBelongs, head: Head) -> Known | OptedOut:
    patients = tuple(dict.fromkeys((*patients_of(state), fact.patient_id)))
    return OptedOut(patients, state.inbound_id) if isinstance(state, OptedOut) else Known(patients)


def opted_out(state: Phone, fact: PhoneOptedOut, head: Head) -> OptedOut:
    return OptedOut(patients_of(state), fact.inbound_id)


def opted_in(state: OptedOut, fact: PhoneOptedIn, head: Head) -> Known:
    return Known(state.patients)


def patients_of(phone: Phone) -> tuple[str, ...]:
    return () if isinstance(phone, Unknown) else phone.patients


def needs(state: Phone, command: Command) -> Iterable[tuple[str, str]]:
    """The number that the patient had before; who agreed to texts."""
    if isinstance(command, BelongTo):
        yield "contact", contact_id(command.patient_id)
    if isinstance(command, OptOut):
        yield from (("consent", consent_id(patient, "sms")) for patient in patients_of(state))


PHONE = Aggregate[Phone](
    "phone",
    Unknown(),
    decide=Table(belong, opt_out, opt_in, ignores(OptIn, when=Unknown | Known)),
    evolve=Table(belongs, opted_out, opted_in),
    needs=needs,
    has_pathway=False,
    has_lane=False,
)


def by_number(number: str) -> Lookup:
    """Of a number in E.164."""
    return PHONE.by(number=(number.removeprefix("+"),))


def by_number_as_typed(number: str) -> Iterable[Lookup]:
    """How a number in E.164 may have been filed before numbers had one form."""
    return (PHONE.by(number=(form,)) for form in typed_forms(number))
