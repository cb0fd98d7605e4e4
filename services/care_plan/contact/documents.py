"""What requests about contacts say, and what they are told. Unknown fields are errors."""

from pydantic import BaseModel

from backbone.http.calls import RequestBody
from schemas.care_plan.v1.codes import ContactKind
from schemas.fact import Code, Id


class NewContact(RequestBody):
    patient_id: Id
    referral_id: Id | None = None
    kind: ContactKind
    result: Code
    warnings: tuple[Code, ...] = ()
    about: Id | None = None


class ContactId(BaseModel):
    contact_id: Id
