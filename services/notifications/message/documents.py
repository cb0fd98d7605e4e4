"""Bodies of requests and answers. Unknown fields are errors."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict

from schemas.fact import YesNo
from schemas.notifications.v1.codes import CONTACT_RESULT, MESSAGE_REASON, Channel, ConsentPurpose


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ConsentSaid(Body):
    """What the patient said about a channel; `given` false withdraws it at once."""

    channel: Channel
    purpose: ConsentPurpose = "care"
    given: YesNo


class Reason(Body):
    reason: Annotated[str, MESSAGE_REASON.only]


class ContactResult(Body):
    """`reached` when staff spoke with the patient."""

    result: Annotated[str, CONTACT_RESULT.only]
