"""Values of `referral.contacts`: how somebody can be reached. Personal data, own access list (PRV-38)."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict

from schemas.fact import FEW, Language, Word, YesNo, ZoneName
from schemas.notifications.v1.codes import Channel, ConsentBy, ConsentPurpose
from schemas.said import Email, FullName, Phone, PostalAddress


class AgreedTo(BaseModel):
    """The patient agreed to this channel for this purpose, as `by` recorded it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    channel: Channel
    purpose: ConsentPurpose
    by: ConsentBy


class Confidential(BaseModel):
    """The patient is reached in this way only, and messages name no sender (45 CFR 164.522(b))."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    phone: Phone | None = None
    email: Email | None = None
    address: PostalAddress | None = None


class Contact(BaseModel):
    """The latest contact record of a patient or referring organisation; the key is their id."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    kind: Literal["patient", "organisation"] = "patient"
    name: FullName | None = None
    channel: Literal["portal", "secure_email", "fax", "post"] | None = None
    """How an organisation wants its letters."""
    phone: Phone | None = None
    email: Email | None = None
    address: PostalAddress | None = None
    confidential: Confidential | None = None
    consents: Annotated[tuple[AgreedTo, ...], FEW] | None = None
    language: Language | None = None
    interpreter_needed: YesNo | None = None
    time_zone: ZoneName | None = None
    proxy: FullName | None = None
    accessibility: Annotated[tuple[Word, ...], FEW] | None = None
    preferred_format: Word | None = None


def way_to(contact: Contact) -> Contact | Confidential:
    """The one way that the patient asks for, if they ask for one only."""
    return contact.confidential or contact
