"""Bodies of requests and answers. Unknown fields are errors."""

from pydantic import BaseModel, ConfigDict

from schemas.fact import Code
from schemas.notifications.v1.codes import Channel, ConsentPurpose


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ConsentSaid(Body):
    """What the patient said about a channel; `given` false withdraws it at once."""

    channel: Channel
    purpose: ConsentPurpose = "care"
    given: bool


class Reason(Body):
    reason: Code


class ContactResult(Body):
    """`reached` when staff spoke with the patient."""

    result: Code
