"""What requests about consent say, and what is answered. Unknown fields are errors."""

from typing import Literal

from pydantic import BaseModel

from backbone.http.calls import RequestBody
from schemas.fact import Id, YesNo
from schemas.notifications.v1.codes import Channel, ConsentPurpose


class ConsentSaid(RequestBody):
    """What the patient said about a channel; `given` false withdraws it at once."""

    channel: Channel
    purpose: ConsentPurpose = "care"
    given: YesNo


class ConsentOf(BaseModel):
    """What the patient said last of a channel, under this record."""

    patient_id: Id
    channel: Channel
    purpose: ConsentPurpose
    status: Literal["given", "withdrawn"]


class Consents(BaseModel):
    """A channel that nobody asked about is not listed."""

    consents: list[ConsentOf]
