"""What the registry knows of a person. Names, identifiers and contacts are content, never state."""

from datetime import date

import msgspec

from backbone.model import Command, State


class Identity(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who the person is. Content: it stays in this service. Without system and value: those that are
    known."""

    system: str | None = None
    value: str | None = None
    family_name: str | None = None
    given_names: str | None = None
    birth_date: date | None = None


class Contact(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How the person is reached and what they need. Content: it goes to `referral.contacts` and nowhere
    else."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None
    address: str | None = None
    proxy: str | None = None
    accessibility: tuple[str, ...] | None = None
    preferred_format: str | None = None
    language: str | None = None
    interpreter_needed: bool | None = None
    time_zone: str | None = None


class Unregistered(State, tag="unregistered", frozen=True, kw_only=True):
    pass


class Registered(State, tag="registered", frozen=True, kw_only=True):
    """`number` is what people read on the board beside the initials."""

    patient_id: str
    language: str
    interpreter_needed: bool
    time_zone: str
    is_adult: bool | None = None
    is_identified: bool = False
    number: int = 0
    identity_ref: str = ""
    contact_ref: str = ""


class RegisterPatient(Command, tag="register_patient", kw_only=True, frozen=True):
    """First contact, and every later one: what is left out stays as it was."""

    identity: Identity
    contact: Contact
