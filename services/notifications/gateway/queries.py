"""Who answers from a number. Nothing is changed or decided here."""

from backbone.engine.runtime import Runtime
from services.notifications.agenda.aggregate import AGENDA
from services.notifications.contact.aggregate import CONTACT
from services.notifications.contact.states import contact_id, is_reached_by
from services.notifications.gateway.reactions import Owners
from services.notifications.phone.aggregate import PHONE, OptedOut, by_number_as_typed, patients_of


async def wants_no_texts(runtime: Runtime, number: str) -> bool:
    """Whoever has this number, in E.164, wants no texts."""
    found = [await runtime.look_up(PHONE, key) for key in by_number_as_typed(number)]
    return any(phone is not None and isinstance(phone.state, OptedOut) for phone in found)


async def owners_of(runtime: Runtime, number: str) -> Owners:
    """By a number in E.164. Whose number it was once is not asked any more."""
    found = [await runtime.look_up(PHONE, key) for key in by_number_as_typed(number)]
    phones = {phone.id: patients_of(phone.state) for phone in found if phone}
    patients = []
    for each in dict.fromkeys(patient for listed in phones.values() for patient in listed):
        contact = await runtime.load(CONTACT, contact_id(each))
        if contact and is_reached_by(contact.state, phones):
            patients.append(each)
    agendas = [await runtime.load(AGENDA, each) for each in patients]
    texted = [(each.state.last_text_on, each.id) for each in agendas if each and each.state.last_text_on]
    return Owners(tuple(patients), max(texted)[1] if texted else None)
