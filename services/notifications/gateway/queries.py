"""Who answers from a number. Nothing is changed or decided here."""

from backbone.engine.runtime import Runtime
from services.notifications.agenda.aggregate import AGENDA
from services.notifications.phone.aggregate import PHONE, by_number, patients_of


async def whose_number(runtime: Runtime, number: str) -> str | None:
    """The patient who was texted last on this number."""
    phone = await runtime.look_up(PHONE, by_number(number))
    agendas = [await runtime.load(AGENDA, each) for each in patients_of(phone.state)] if phone else []
    texted = [(each.state.last_text_on, each.id) for each in agendas if each and each.state.last_text_on]
    return max(texted)[1] if texted else None
