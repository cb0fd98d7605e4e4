"""HTTP routes of contacts. No rules."""

from fastapi.responses import Response

from backbone.http.access import Staff
from backbone.http.calls import Calling
from backbone.http.resources import told
from backbone.http.routes import post
from backbone.ids import derive
from backbone.model import Route, one, together
from services.care_plan.contact.aggregate import CONTACT, RecordContact
from services.care_plan.contact.documents import ContactId, NewContact


async def record_contact(call: Calling, caller: Staff, body: NewContact) -> Response:
    """Staff spoke with the patient. `about` names what it was about, where that is one thing."""
    cause = call.cause()
    contact_id = body.about or derive(cause.id, "contact")
    order = together(
        CONTACT.send(RecordContact(**body.model_dump()), to=one(contact_id)),
        about=one(body.patient_id),
        pathway=one(body.referral_id) if body.referral_id else None,
    )
    return await call.give(order, answer=told({"contact_id": contact_id}), cause=cause)


ROUTES: tuple[Route, ...] = (post("/contacts", record_contact, ContactId, status=201),)
