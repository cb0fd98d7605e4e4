"""What requests about contacts say, and what they are told. Unknown fields are errors."""

from typing import Annotated

from pydantic import BaseModel

from backbone.http.calls import RequestBody
from schemas.care_plan.v1.codes import CALL_RESULT, CONTACT_KIND, WARNING_SIGN
from schemas.fact import FEW, Id


class NewContact(RequestBody):
    """`procedure_id`: after which procedure; without it, the call is about none of them."""

    patient_id: Id
    referral_id: Id | None = None
    kind: Annotated[str, CONTACT_KIND.only]
    result: Annotated[str, CALL_RESULT.only]
    warnings: Annotated[tuple[Annotated[str, WARNING_SIGN.only], ...], FEW] = ()
    about: Id | None = None
    procedure_id: Id | None = None


class ContactId(BaseModel):
    contact_id: Id
