"""Private facts of telephone numbers."""

from typing import Literal

from schemas.fact import Id, PrivateFact


class PhoneBelongs(PrivateFact):
    """A number by which this patient is reached; `opted_out`: it wants no texts."""

    type: Literal["notifications.phone_belongs.v1"] = "notifications.phone_belongs.v1"
    patient_id: Id
    opted_out: bool = False


class PhoneOptedOut(PrivateFact):
    """Whoever has it wants no texts."""

    type: Literal["notifications.phone_opted_out.v1"] = "notifications.phone_opted_out.v1"
    inbound_id: Id


class PhoneOptedIn(PrivateFact):
    """Whoever has it wants texts again."""

    type: Literal["notifications.phone_opted_in.v1"] = "notifications.phone_opted_in.v1"
    inbound_id: Id
