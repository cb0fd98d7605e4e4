"""The registry's one decision: a person is registered once, later contacts only add and correct."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from backbone.model import Aggregate, Content, Decision, Given, Head, Publication, Ruled, Step, Table, by
from schemas.referral.v1.codes import Changed
from schemas.referral.v1.patient import PatientRegistered, PatientUpdated
from services.referral.patient.facts import PatientFiled
from services.referral.patient.states import (
    Contact,
    Identity,
    Registered,
    RegisterPatient,
    Unregistered,
)
from services.referral.roles import SUBMITS_OR_SUPPLIES
from services.referral.rules import Rules

CONTACTS = "referral.contacts"

P = TypeVar("P", Identity, Contact)


@by(SUBMITS_OR_SUPPLIES)
def register(state: Unregistered, command: RegisterPatient, given: Given[Rules]) -> Decision:
    """The id is opaque: it follows from the identifier under the deployment's secret."""
    contact = with_defaults(named(command.contact, command.identity), given.rules)
    registered = PatientRegistered(
        is_adult=is_adult(command.identity.birth_date, given),
        language=contact.language or "",
        interpreter_needed=bool(contact.interpreter_needed),
        time_zone=contact.time_zone or "",
        source_key_ref=given.ref("identity"),
    )
    by_rule = Ruled(registered, (given.rules.referral.registry,))
    return [by_rule, *filed(command.identity, contact, given.number or 0, given)]


@by(SUBMITS_OR_SUPPLIES)
def update(state: Registered, command: RegisterPatient, given: Given[Rules]) -> Decision:
    """Nothing that is known is lost because a later sender says less."""
    before = msgspec.json.decode(given.contents[state.contact_ref], type=Contact)
    known = msgspec.json.decode(given.contents[state.identity_ref], type=Identity)
    identity = overlaid(known, command.identity)
    contact = named(overlaid(before, command.contact), identity)
    if (contact, identity) == (before, known):
        return ()
    changed = tuple(code for code, fields in PARTS.items() if any_differs(before, contact, fields))
    facts: list[Step] = [PatientUpdated(changed=changed)] if changed else []
    return [*facts, *filed(identity, contact, state.number, given)]


def filed(identity: Identity, contact: Contact, number: int, given: Given[Rules]) -> list[Step]:
    identity_ref, contact_ref = given.ref("identity"), given.ref("contact")
    return [
        Content(identity_ref, "identity", msgspec.json.encode(identity)),
        Content(contact_ref, "contact", msgspec.json.encode(contact)),
        PatientFiled(
            number=number,
            identity_ref=identity_ref,
            contact_ref=contact_ref,
            language=contact.language or "",
            interpreter_needed=bool(contact.interpreter_needed),
            time_zone=contact.time_zone or "",
            is_adult=is_adult(identity.birth_date, given),
            is_identified=is_identified(identity, contact),
        ),
    ]


def named(contact: Contact, identity: Identity) -> Contact:
    """Letters need a name."""
    names = [name for name in (identity.given_names, identity.family_name) if name]
    return replace(contact, name=" ".join(names) or None)


def with_defaults(contact: Contact, rules: Rules) -> Contact:
    return replace(
        contact,
        language=contact.language or rules.referral.registry.values.language,
        interpreter_needed=bool(contact.interpreter_needed),
        time_zone=contact.time_zone or rules.calendar.time_zone,
    )


def overlaid(before: P, after: P) -> P:
    said = {
        name: value for name in type(after).__struct_fields__ if (value := getattr(after, name)) is not None
    }
    return replace(before, **said)


def is_identified(identity: Identity, contact: Contact) -> bool:
    """Name, birth date and a way to reach the person: what a referral must settle."""
    return bool(
        identity.family_name and identity.birth_date and (contact.phone or contact.email or contact.address)
    )


def is_adult(birth_date: date | None, given: Given[Rules]) -> bool | None:
    age = age_on(birth_date, given.rules.calendar.day(given.at))
    return None if age is None else age >= given.rules.referral.registry.values.adult_from


def age_on(birth_date: date | None, day: date) -> int | None:
    """Whole years."""
    if birth_date is None:
        return None
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def any_differs(before: Contact, after: Contact, fields: Iterable[str]) -> bool:
    return any(getattr(before, field) != getattr(after, field) for field in fields)


PARTS: Mapping[Changed, tuple[str, ...]] = {
    "contact": ("name", "phone", "email", "address"),
    "language": ("language", "interpreter_needed"),
    "time_zone": ("time_zone",),
    "proxy": ("proxy",),
    "accessibility": ("accessibility", "preferred_format"),
}
"""Code of a change → what of the contact it is about."""


def registered(state: Unregistered, fact: PatientRegistered, head: Head) -> Registered:
    return Registered(
        patient_id=head.aggregate_id,
        language=fact.language,
        interpreter_needed=fact.interpreter_needed,
        time_zone=fact.time_zone,
        is_adult=fact.is_adult,
    )


def updated(state: Registered, fact: PatientUpdated, head: Head) -> Registered:
    """What it became stands in the private fact beside it."""
    return state


def record_filed(state: Registered, fact: PatientFiled, head: Head) -> Registered:
    return Registered(
        patient_id=state.patient_id,
        number=fact.number,
        identity_ref=fact.identity_ref,
        contact_ref=fact.contact_ref,
        language=fact.language,
        interpreter_needed=fact.interpreter_needed,
        time_zone=fact.time_zone,
        is_adult=fact.is_adult,
        is_identified=fact.is_identified,
    )


def reads(state: Any, command: Any) -> Iterable[str]:
    return (state.contact_ref, state.identity_ref) if isinstance(state, Registered) else ()


def contacts(state: Any) -> Iterable[Publication]:
    if isinstance(state, Registered) and state.contact_ref:
        yield Publication(CONTACTS, key=state.patient_id, content_ref=state.contact_ref)


PATIENT = Aggregate(
    "patient",
    initial=Unregistered(),
    decide=Table(register, update),
    evolve=Table(registered, updated, record_filed),
    publications=contacts,
    reads=reads,
    numbered=True,
    has_pathway=False,
)
