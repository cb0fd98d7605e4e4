"""Private facts: steps that nobody outside needs. They go to this service's journal only."""

from typing import Literal

from schemas.fact import Code, Count, Day, Id, PrivateFact


class PatientFiled(PrivateFact):
    """The registry's record as it is now: identity and contact are content."""

    type: Literal["referral.patient_filed.v1"] = "referral.patient_filed.v1"
    number: int
    identity_ref: Id
    contact_ref: Id
    language: Code
    interpreter_needed: bool
    time_zone: Code
    is_adult: bool | None = None
    look_again_on: Day | None = None
    """Of a child: when to look whether they are of age. It follows from whole years and says no birth date."""
    is_identified: bool = False
    """Whether the registry has what a referral needs of it."""
    told_by: Id | None = None
    """The referral whose sender said so."""
    also: tuple[Id, ...] = ()
    """Records that were merged into this one: their person is reached in the same way."""


class AgeLookedAt(PrivateFact):
    """Whether a child is of age by now, and when to look again."""

    type: Literal["referral.age_looked_at.v1"] = "referral.age_looked_at.v1"
    is_adult: bool | None = None
    look_again_on: Day | None = None


class ReferralFiled(PrivateFact):
    """A referral of this person: where it hurts, and diagnoses by block."""

    type: Literal["referral.referral_filed.v1"] = "referral.referral_filed.v1"
    referral_id: Id
    body_sites: tuple[Code, ...] = ()
    blocks: tuple[Code, ...] = ()


class ReferralClosed(PrivateFact):
    type: Literal["referral.referral_closed.v1"] = "referral.referral_closed.v1"
    referral_id: Id
    on: Day


class MatchFound(PrivateFact):
    """Two referrals, or what two say of one person, that somebody must look at. `more`: so many others are as like and
    are not asked about."""

    type: Literal["referral.match_found.v1"] = "referral.match_found.v1"
    referral_id: Id
    other_referral_id: Id
    basis: tuple[Code, ...]
    more: Count | None = None


class ClaimKept(PrivateFact):
    """What a sender said of the person differs from what is known. It is kept as content, and changes nothing."""

    type: Literal["referral.claim_kept.v1"] = "referral.claim_kept.v1"
    referral_id: Id | None = None
    claim_ref: Id


class KeptApart(PrivateFact):
    """A named person decided: the other record is somebody else's."""

    type: Literal["referral.kept_apart.v1"] = "referral.kept_apart.v1"
    patient_id: Id


class ContactShared(PrivateFact):
    """How the person is reached, as the surviving record says."""

    type: Literal["referral.contact_shared.v1"] = "referral.contact_shared.v1"
    contact_ref: Id


class PatientForgotten(PrivateFact):
    """The key was destroyed: what was sealed with it can't be read any more, wherever it is."""

    type: Literal["referral.patient_forgotten.v1"] = "referral.patient_forgotten.v1"
    keys: int


class DeathFiled(PrivateFact):
    """Who recorded the death; what is still open ends in their name."""

    type: Literal["referral.death_filed.v1"] = "referral.death_filed.v1"
    decided_by: Id
    others: tuple[Id, ...] = ()
    """Other records of the person."""
    came_from: Id | None = None
    """The one that knew it."""
    died_on: Day | None = None


class DeathTakenBack(PrivateFact):
    """The person lives."""

    type: Literal["referral.death_taken_back.v1"] = "referral.death_taken_back.v1"
    decided_by: Id
    others: tuple[Id, ...] = ()
    """Other records of the person."""
