"""Values of `referral.contacts`: how somebody can be reached. Personal data, own access list (PRV-38)."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Contact(BaseModel):
    """The latest contact record of a patient or referring organisation; the key is their id."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    kind: Literal["patient", "organisation"] = "patient"
    name: str | None = None
    channel: Literal["portal", "secure_email", "fax", "post"] | None = None
    """How an organisation wants its letters."""
    phone: str | None = None
    email: str | None = None
    address: str | None = None
    language: str | None = None
    interpreter_needed: bool | None = None
    time_zone: str | None = None
    proxy: str | None = None
    accessibility: tuple[str, ...] | None = None
    preferred_format: str | None = None
