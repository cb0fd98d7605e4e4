"""Values of `referral.contacts`: how somebody can be reached. Personal data, own access list (PRV-38)."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict

from schemas.fact import FEW, Language, Word, YesNo, ZoneName
from schemas.said import Email, FullName, Phone, PostalAddress


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
    language: Language | None = None
    interpreter_needed: YesNo | None = None
    time_zone: ZoneName | None = None
    proxy: FullName | None = None
    accessibility: Annotated[tuple[Word, ...], FEW] | None = None
    preferred_format: Word | None = None
