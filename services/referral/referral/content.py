"""What a referrer sends, as the rules read it. Identity data are not here: they go to the patient registry
alone.

The package holds narrative, so it is stored as content and never stands in a fact.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Literal

import msgspec

from schemas.codes import MedicationFlag, Reason, RedFlag, ReferrerType

Screened = Literal["yes", "no", "unknown"]


class Medication(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One drug. `classes` are what the sender says it belongs
    to."""

    code: str
    code_system: str
    dose: Decimal | None = None
    dose_unit: str | None = None
    per_day: Decimal | None = None
    route: str | None = None
    as_needed: bool = False
    supply_days: int | None = None
    classes: tuple[MedicationFlag, ...] = ()


class Treatment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that was tried before."""

    modality: str
    outcome: str
    dose: str | None = None
    from_date: date | None = None
    to_date: date | None = None


class PainSite(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    site: str
    character: str | None = None


class Onset(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When the pain began: a date, or how many months ago."""

    began_on: date | None = None
    months_ago: int | None = None


class Coverage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    payer_profile: str | None = None
    plan_type: str | None = None
    member_id: str | None = None
    authorisation_number: str | None = None
    authorisation_ends_on: date | None = None


class Answers(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The minimum data set, field by field; None is "not answered". The names are the codes of the fields."""

    identity: bool | None = None
    """Whether the registry has what it needs: birth date, a contact, the language."""
    referrer: bool | None = None
    """Whether letters can go back: the referrer's return channel."""
    reason_for_referral: Reason | None = None
    onset: Onset | None = None
    mechanism: str | None = None
    pain_site_character: tuple[PainSite, ...] | None = None
    prior_treatments: tuple[Treatment, ...] | None = None
    medications: tuple[Medication, ...] | None = None
    history: str | None = None
    function: str | None = None
    psychological: str | None = None
    social: str | None = None
    substance_use: str | None = None
    self_management_willing: bool | None = None
    red_flag_screen: dict[RedFlag, Screened] | None = None
    overdose_is_past: bool | None = None
    consent_to_referral: bool | None = None
    tests_performed: bool | None = None
    reports: tuple[str, ...] | None = None
    coverage: Coverage | None = None
    compensable_claim: bool | None = None
    condition_codes: tuple[str, ...] | None = None
    self_management_note: str | None = None
    outside_catchment: bool | None = None


class Package(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything of one referral but who the patient is. `patient_key` only tells whether it is the same
    one."""

    patient_key: tuple[str, str]
    referrer_type: ReferrerType
    referrer_org_id: str
    answers: Answers
    predecessor_id: str | None = None


def encode(package: Package) -> bytes:
    """The canonical form: the same package gives the same bytes."""
    return msgspec.json.encode(package, order="deterministic")


def decode(body: bytes) -> Package:
    return msgspec.json.decode(body, type=Package)


ABOUT_THE_SENDER = ("referrer_type", "referrer_org_id")


def changed_fields(before: Package, after: Package) -> Sequence[str]:
    """Codes of what differs, in the order of the minimum data set."""
    changed = [
        name
        for name in Answers.__struct_fields__
        if getattr(before.answers, name) != getattr(after.answers, name)
    ]
    sender = any(getattr(before, name) != getattr(after, name) for name in ABOUT_THE_SENDER)
    if sender and "referrer" not in changed:
        changed.append("referrer")
    return changed


def amended_by(package: Package, said: Package, says: Package) -> Package:
    """The package with what its sender says now and did not say before; what others supplied stays as it was."""
    differing = [
        name
        for name in Answers.__struct_fields__
        if getattr(said.answers, name) != getattr(says.answers, name)
    ]
    answered = {name: getattr(says.answers, name) for name in differing}
    if answered.get("red_flag_screen"):
        earlier = said.answers.red_flag_screen or {}
        new = {
            flag: answer
            for flag, answer in answered["red_flag_screen"].items()
            if earlier.get(flag) != answer
        }
        answered["red_flag_screen"] = {**(package.answers.red_flag_screen or {}), **new}
    answers = msgspec.structs.replace(package.answers, **answered)
    return msgspec.structs.replace(says, answers=answers)


def completed_by(package: Package, supplied: Answers) -> Package:
    """The package with what was supplied; what the supplier left out stays as it was."""
    answered = {
        name: value for name in Answers.__struct_fields__ if (value := getattr(supplied, name)) is not None
    }
    screen = answered.get("red_flag_screen")
    if screen and package.answers.red_flag_screen:
        answered["red_flag_screen"] = {**package.answers.red_flag_screen, **screen}
    return msgspec.structs.replace(package, answers=msgspec.structs.replace(package.answers, **answered))
