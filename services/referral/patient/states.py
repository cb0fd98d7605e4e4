"""What the registry knows of a person. Names, identifiers and contacts are content, never state."""

from datetime import date, datetime

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


class AgreedTo(msgspec.Struct, frozen=True, kw_only=True):
    """The person agreed to a channel, as the referrer recorded it."""

    channel: str
    purpose: str
    by: str = "referrer"


class Confidential(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The person is reached in this way only."""

    phone: str | None = None
    email: str | None = None
    address: str | None = None


class Contact(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How the person is reached and what they need. Content: it goes to `referral.contacts` and nowhere
    else."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None
    address: str | None = None
    confidential: Confidential | None = None
    consents: tuple[AgreedTo, ...] | None = None
    proxy: str | None = None
    accessibility: tuple[str, ...] | None = None
    preferred_format: str | None = None
    language: str | None = None
    interpreter_needed: bool | None = None
    time_zone: str | None = None

    @property
    def is_reachable(self) -> bool:
        """In the way that the person asks for, if they ask for one only."""
        way = self.confidential or self
        return bool(way.phone or way.email or way.address)


class Filed(msgspec.Struct, frozen=True, omit_defaults=True):
    """A referral of this person, as far as it tells whether another one is about the same."""

    referral_id: str
    body_sites: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()
    """Of diagnoses."""
    ended_on: date | None = None


class Unregistered(State, tag="unregistered", frozen=True, kw_only=True):
    pass


class Registered(State, tag="registered", frozen=True, kw_only=True):
    """`number` is what people read on the board beside the initials."""

    patient_id: str
    language: str
    interpreter_needed: bool
    time_zone: str
    is_adult: bool | None = None
    look_again_on: date | None = None
    """Of a child: when to look whether they are of age."""
    is_identified: bool = False
    number: int = 0
    identity_ref: str = ""
    contact_ref: str = ""
    told_by: str | None = None
    """The referral whose sender said what is known."""
    referrals: tuple[Filed, ...] = ()
    claims: dict[str, str] = msgspec.field(default_factory=dict)
    """By referral, names what its sender said otherwise."""
    merged: tuple[str, ...] = ()
    """Other records of this person."""
    before_merge: dict[str, int] = msgspec.field(default_factory=dict)
    """By other record, how many referrals there were here when it was merged."""
    others: tuple[str, ...] = ()
    """Records that look alike and are somebody else's, a named person decided."""
    is_dead: bool = False
    died_on: date | None = None
    death_from: str | None = None
    """The record from which the death came with a merge."""
    is_doubted: bool = False
    """That merge was undone; or two days were told: `other_day` is not the known one."""
    other_day: date | None = None


class Merged(State, tag="merged", frozen=True, kw_only=True):
    """Another record of the person `into`; as it was, for who finds that it was a mistake."""

    into: str
    record: Registered
    contact_ref: str = ""
    """How the person is reached: what the surviving record says."""


class Erased(State, tag="erased", frozen=True, kw_only=True):
    """Who it was, nobody can tell. `is_forgotten`: the key was destroyed. `referrals`: those that ended before."""

    number: int
    at: datetime
    is_forgotten: bool = False
    referrals: tuple[str, ...] = ()


Patient = Unregistered | Registered | Merged | Erased
FORGET = "forget"
"""The effect that destroys a key."""


class Until(msgspec.Struct, frozen=True):
    """Keys that were made later are of somebody who came again."""

    made_until: datetime


def person_of(patient_id: str, patient: Patient) -> frozenset[str]:
    """Every id of the person, as this record knows them."""
    match patient:
        case Registered():
            return frozenset({patient_id, *patient.merged})
        case Merged():
            return frozenset({patient_id, patient.into})
        case _:
            return frozenset({patient_id})


class RegisterPatient(Command, tag="register_patient", kw_only=True, frozen=True):
    """First contact, and every later one: what is left out stays as it was."""

    identity: Identity
    contact: Contact
    is_submission: bool = False
    """A referral says so, not somebody who was asked."""


class LookAtAge(Command, tag="look_at_age", kw_only=True, frozen=True):
    """Timer: a child may have come of age."""


class TakeOver(Command, tag="take_over", kw_only=True, frozen=True):
    """What the sender of this referral said of the person is right."""

    referral_id: str


class FileReferral(Command, tag="file_referral", kw_only=True, frozen=True):
    """A referral of this person was received."""

    referral_id: str
    body_sites: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()


class CloseReferral(Command, tag="close_referral", kw_only=True, frozen=True):
    referral_id: str
    on: date


class FindAlike(Command, tag="find_alike", kw_only=True, frozen=True):
    """Another record has the same name, birth date and telephone number."""

    patient_id: str
    referral_id: str
    other_referral_id: str
    more: int | None = None


class KeepApart(Command, tag="keep_apart", kw_only=True, frozen=True):
    """A named person decided that a record that looks alike is somebody else's."""

    patient_id: str


class TakeIn(Command, tag="take_in", kw_only=True, frozen=True):
    """The other record is the same person's; this one goes on."""

    merged_id: str


class MergeInto(Command, tag="merge_into", kw_only=True, frozen=True):
    """This record is another of the same person, who is known as `surviving_id` from now on."""

    surviving_id: str


class GiveBack(Command, tag="give_back", kw_only=True, frozen=True):
    """The merge was a mistake: the other record is somebody else's."""

    restored_id: str


class Restore(Command, tag="restore", kw_only=True, frozen=True):
    """The merge was a mistake: this record stands for itself again."""

    surviving_id: str


class ShareContact(Command, tag="share_contact", kw_only=True, frozen=True):
    """How the person is reached, as the surviving record says."""

    contact_ref: str


class RecordDeath(Command, tag="record_death", kw_only=True, frozen=True):
    """`decided_by`: who said so, where another fact tells."""

    source: str
    died_on: date | None = None
    decided_by: str | None = None
    came_from: str | None = None
    """Another record of the person, which knew it."""


class SettleDeath(Command, tag="settle_death", kw_only=True, frozen=True):
    """Whether a death holds that came with a merge, or was a mistake; or on which of two days it was."""

    lives: bool
    died_on: date | None = None


class Erase(Command, tag="erase", kw_only=True, frozen=True):
    """The privacy officer grants that the person is forgotten, on this ground."""

    ground: str


class RefuseErasure(Command, tag="refuse_erasure", kw_only=True, frozen=True):
    """The privacy officer refuses it, on this ground."""

    ground: str


class NoteForgotten(Command, tag="note_forgotten", kw_only=True, frozen=True):
    """So many keys were destroyed."""

    keys: int


class TakeBackDeath(Command, tag="take_back_death", kw_only=True, frozen=True):
    """Of another record of the person it was said that they live."""

    decided_by: str
