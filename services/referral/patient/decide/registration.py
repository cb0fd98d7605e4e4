"""What senders say of a person: registered once, added to and corrected later, never overwritten by another sender."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import TypeVar

import msgspec
from dateutil.relativedelta import relativedelta
from msgspec.structs import replace

from backbone.model import Content, Decision, Given, Refused, Ruled, Step, Table, by
from schemas.referral.v1.codes import Changed, MatchBasis
from schemas.referral.v1.patient import PatientRegistered, PatientUpdated
from services.referral.patient.facts import ClaimKept, MatchFound, PatientFiled
from services.referral.patient.states import (
    Contact,
    Identity,
    Merged,
    Registered,
    RegisterPatient,
    TakeOver,
    Unregistered,
)
from services.referral.roles import DISMISSES_DUPLICATES, SUBMITS_OR_SUPPLIES
from services.referral.rules import Rules

P = TypeVar("P", Identity, Contact)


@by(SUBMITS_OR_SUPPLIES)
def register(state: Unregistered, command: RegisterPatient, given: Given[Rules]) -> Decision:
    """The id is opaque: it follows from the identifier under the deployment's secret."""
    return register_as(given.number or 0, command, given)


def register_as(number: int, command: RegisterPatient, given: Given[Rules]) -> list[Step]:
    contact = with_defaults(named(command.contact, command.identity), given.rules)
    registered = PatientRegistered(
        is_adult=is_adult(command.identity.birth_date, given),
        language=contact.language or "",
        interpreter_needed=bool(contact.interpreter_needed),
        time_zone=contact.time_zone or "",
        source_key_ref=given.ref("identity"),
    )
    by_rule = Ruled(registered, (given.rules.referral.registry,))
    return [
        by_rule,
        *filed(command.identity, contact, number, given, told_by=given.about_pathway),
    ]


@by(SUBMITS_OR_SUPPLIES)
def update(state: Registered | Merged, command: RegisterPatient, given: Given[Rules]) -> Decision:
    """Nothing that is known is lost because a later sender says less, or something else."""
    record = record_of(state)
    if command.is_submission and record.is_dead and given.about_pathway not in known_referrals(record):
        return Refused(
            "the patient is recorded as dead, so no referral was made: call the clinic if that is wrong",
            code="patient-died",
        )
    known = what_is_left(given, record.identity_ref, Identity)
    before = what_is_left(given, record.contact_ref, Contact)
    if command.is_submission and record.told_by not in (None, given.about_pathway):
        differs = contradictions(known, before, command, given.rules)
        if differs:
            return claimed(record, command, differs, given)
    return taken(record, known, before, command, given)


def known_referrals(record: Registered) -> set[str]:
    """Those that came while the person lived may be amended: what is said late of them is kept."""
    return {each.referral_id for each in record.referrals}


def taken(
    record: Registered, known: Identity, before: Contact, command: RegisterPatient, given: Given[Rules]
) -> Decision:
    """Added to and corrected."""
    identity = replace(overlaid(known, command.identity), system=known.system, value=known.value)
    contact = named(overlaid(before, command.contact), identity)
    adult = age_told(record, identity, given)
    if (contact, identity) == (before, known) and adult is None:
        return ()
    changed = tuple(code for code, fields in PARTS.items() if any_differs(before, contact, fields))
    if adult is not None:
        changed = (*changed, "age")
    facts: list[Step] = [PatientUpdated(changed=changed, is_adult=adult)] if changed else []
    return [
        *facts,
        *filed(identity, contact, record.number, given, told_by=record.told_by, also=record.merged),
    ]


def age_told(record: Registered, identity: Identity, given: Given[Rules]) -> bool | None:
    """Whether the person is of age, where it is not as it was told before: others go by it (ATT-07)."""
    adult = is_adult(identity.birth_date, given)
    return None if adult == record.is_adult else adult


def contradictions(
    known: Identity, before: Contact, command: RegisterPatient, rules: Rules
) -> tuple[MatchBasis, ...]:
    """What both say, and say differently: spelling aside."""
    identity, contact = command.identity, command.contact
    pairs = (
        ("other_name", folded(known.family_name), folded(identity.family_name)),
        ("other_birth_date", known.birth_date, identity.birth_date),
        ("other_phone", rules.clinic.e164(before.phone), contact.phone),
        ("other_contact", folded(before.email), folded(contact.email)),
        ("other_contact", folded(before.address), folded(contact.address)),
    )
    return tuple(dict.fromkeys(code for code, ours, theirs in pairs if ours and theirs and ours != theirs))


def folded(text: str | None) -> str:
    return " ".join((text or "").casefold().split())


def claimed(
    record: Registered, command: RegisterPatient, differs: tuple[MatchBasis, ...], given: Given[Rules]
) -> Decision:
    """The same identifier, and another person or another number: nothing is overwritten, a person decides."""
    referral_id, body = given.about_pathway, msgspec.json.encode(Claim(command.identity, command.contact))
    if referral_id is None or given.contents.get(record.claims.get(referral_id, "")) == body:
        return ()
    ref = given.ref("claim")
    match = MatchFound(
        referral_id=referral_id,
        other_referral_id=record.told_by or referral_id,
        basis=("same_identifier", *differs),
    )
    return [Content(ref, "claim", body), ClaimKept(referral_id=referral_id, claim_ref=ref), match]


@by(DISMISSES_DUPLICATES)
def take_over(state: Registered | Merged, command: TakeOver, given: Given[Rules]) -> Decision:
    """A named person found that the later sender is right."""
    record = record_of(state)
    claim = given.contents.get(record.claims.get(command.referral_id, ""))
    if claim is None:
        return Refused("its sender said nothing else of the person", code="not-found")
    said = msgspec.json.decode(claim, type=Claim)
    known = what_is_left(given, record.identity_ref, Identity)
    before = what_is_left(given, record.contact_ref, Contact)
    return taken(record, known, before, RegisterPatient(identity=said.identity, contact=said.contact), given)


def what_is_left(given: Given[Rules], ref: str, shape: type[P]) -> P:
    """Of what was erased, nothing: a database may be older than that decision."""
    body = given.contents.get(ref)
    return msgspec.json.decode(body, type=shape) if body else shape()


class Claim(msgspec.Struct, frozen=True):
    """Content: what a sender says of a person and the registry knows otherwise."""

    identity: Identity
    contact: Contact


def record_of(state: Registered | Merged) -> Registered:
    return state.record if isinstance(state, Merged) else state


def filed(
    identity: Identity,
    contact: Contact,
    number: int,
    given: Given[Rules],
    *,
    told_by: str | None,
    also: tuple[str, ...] = (),
) -> list[Step]:
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
            look_again_on=look_again_on(identity.birth_date, given),
            is_identified=is_identified(identity, contact),
            told_by=told_by,
            also=also,
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
    """A name, one is enough, birth date and a way to reach the person: what a referral must settle."""
    a_name = identity.family_name or identity.given_names
    return bool(a_name and identity.birth_date and contact.is_reachable)


def is_adult(birth_date: date | None, given: Given[Rules]) -> bool | None:
    age = age_on(birth_date, given.rules.calendar.day(given.at))
    return None if age is None else age >= given.rules.referral.registry.values.adult_from


def look_again_on(birth_date: date | None, given: Given[Rules]) -> date | None:
    """When to ask next whether a child is of age: by whole years while there are some left, then every day. So no day
    that is kept says when they were born."""
    today = given.rules.calendar.day(given.at)
    age, adult_from = age_on(birth_date, today), given.rules.referral.registry.values.adult_from
    if age is None or age >= adult_from:
        return None
    years = adult_from - age - 1
    return today + (relativedelta(years=years) if years > 0 else timedelta(days=1))


def age_on(birth_date: date | None, day: date) -> int | None:
    """Whole years."""
    if birth_date is None:
        return None
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def any_differs(before: Contact, after: Contact, fields: Iterable[str]) -> bool:
    return any(getattr(before, field) != getattr(after, field) for field in fields)


PARTS: Mapping[Changed, tuple[str, ...]] = {
    "contact": ("name", "phone", "email", "address", "confidential", "consents"),
    "language": ("language", "interpreter_needed"),
    "time_zone": ("time_zone",),
    "proxy": ("proxy",),
    "accessibility": ("accessibility", "preferred_format"),
}
"""Code of a change → what of the contact it is about."""


REGISTRATION = Table(register, update, take_over)
