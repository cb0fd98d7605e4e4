"""Contact records of the registry → what is known here. Pure."""

from backbone.model import Cause, Event, Intake, On, Orders, all_of, like, on, one, together
from schemas.contacts import Contact, way_to
from schemas.referral.v1.patient import PatientErased
from services.notifications.agenda.aggregate import AGENDA
from services.notifications.agenda.commands import NoteReach
from services.notifications.consent.aggregate import CONSENT, TakeConsent, consent_id, opted_out
from services.notifications.contact.aggregate import CONTACT, FileContact, ForgetContact, NotePhone
from services.notifications.contact.states import contact_id
from services.notifications.message.aggregate import MESSAGE, Messages
from services.notifications.message.commands import SayToPractice
from services.notifications.phone.aggregate import PHONE, BelongTo, by_number
from services.notifications.phone.facts import PhoneBelongs
from services.notifications.rules import Rules


def file_contact(contact: Contact, cause: Cause, rules: Rules) -> Orders:
    """A patient's or an organisation's. A patient's number leads replies back to them. What they agreed to comes first:
    an opt-out of the number counts more."""
    if cause.key is None:
        return
    body = contact.model_dump_json(exclude_none=True)
    yield CONTACT.send(FileContact(body=body, about=cause.key), to=one(contact_id(cause.key)))
    if contact.kind != "patient":
        yield MESSAGE.send(SayToPractice(), to=all_of(Messages.practice_untold(cause.key)))
        return
    for agreed in contact.consents or ():
        to = one(consent_id(cause.key, agreed.channel, agreed.purpose))
        yield together(CONSENT.send(like(TakeConsent, agreed), to=to), about=one(cause.key))
    if number := rules.clinic.e164(way_to(contact).phone):
        yield PHONE.send(BelongTo(patient_id=cause.key), to=by_number(number))
    yield together(AGENDA.send(NoteReach(patient_id=cause.key), to=one(cause.key)), about=one(cause.key))


def note_phone(event: Event[PhoneBelongs], rules: Rules) -> Orders:
    """A number has one owner or several; a person has one number."""
    command = NotePhone(phone_id=event.head.aggregate_id)
    yield CONTACT.send(command, to=one(contact_id(event.fact.patient_id)))


def keep_opted_out(event: Event[PhoneBelongs], rules: Rules) -> Orders:
    """Whoever had the number before wanted no texts: nobody gets any until they agree anew."""
    patient_id = event.fact.patient_id
    if event.fact.opted_out:
        yield together(
            CONSENT.send(opted_out(), to=one(consent_id(patient_id, "sms"))), about=one(patient_id)
        )


def forget_contact(event: Event[PatientErased], rules: Rules) -> Orders:
    yield CONTACT.send(ForgetContact(), to=one(contact_id(event.head.aggregate_id)))


INTAKES = (Intake("referral.contacts", Contact, file_contact),)
OWN: tuple[On, ...] = (on(PhoneBelongs, note_phone, keep_opted_out),)
"""Handled in the transaction that writes the facts."""
REACTIONS: tuple[On, ...] = (on(PatientErased, forget_contact),)
