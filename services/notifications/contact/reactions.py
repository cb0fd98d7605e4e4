"""Contact records of the registry → what is known here. Pure."""

from backbone.model import Cause, Intake, Orders, one
from schemas.contacts import Contact
from services.notifications.contact.aggregate import CONTACT, FileContact
from services.notifications.contact.states import contact_id
from services.notifications.phone.aggregate import PHONE, BelongTo, by_number
from services.notifications.rules import Rules


def file_contact(contact: Contact, cause: Cause, rules: Rules) -> Orders:
    """A patient's or an organisation's. A patient's number leads replies back to them."""
    if cause.key is None:
        return
    body = contact.model_dump_json(exclude_none=True)
    yield CONTACT.send(FileContact(body=body), to=one(contact_id(cause.key)))
    if contact.kind == "patient" and contact.phone:
        yield PHONE.send(BelongTo(patient_id=cause.key), to=by_number(contact.phone))


INTAKES = (Intake("referral.contacts", Contact, file_contact),)
