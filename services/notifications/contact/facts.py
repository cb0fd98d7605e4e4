"""Private facts of contacts."""

from typing import Literal

from schemas.fact import Id, PrivateFact
from schemas.notifications.v1.codes import Channel


class ContactFiled(PrivateFact):
    """How somebody can be reached; the values are content."""

    type: Literal["notifications.contact_filed.v1"] = "notifications.contact_filed.v1"
    contact_ref: Id
    channels: tuple[Channel, ...]
    time_zone: str | None = None
    language: str | None = None
    confidential: bool = False


class PhoneNoted(PrivateFact):
    """The number that reaches them now, and no other."""

    type: Literal["notifications.phone_noted.v1"] = "notifications.phone_noted.v1"
    phone_id: Id


class ContactForgotten(PrivateFact):
    """The person was erased: they can't be reached any more."""

    type: Literal["notifications.contact_forgotten.v1"] = "notifications.contact_forgotten.v1"
