"""Private facts of telephone numbers."""

from typing import Literal

from schemas.fact import Id, PrivateFact


class PhoneBelongs(PrivateFact):
    """A number by which this patient is reached."""

    type: Literal["notifications.phone_belongs.v1"] = "notifications.phone_belongs.v1"
    patient_id: Id
