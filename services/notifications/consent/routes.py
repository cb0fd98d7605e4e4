"""HTTP routes of consent. No rules."""

from typing import Annotated

from fastapi.responses import Response

from backbone.http.access import Records, Running, Themselves
from backbone.http.calls import Calling
from backbone.http.resources import Resource, reading
from backbone.http.routes import get, post
from backbone.model import Route, like, one, together
from services.notifications.consent import queries
from services.notifications.consent.aggregate import CONSENT, GiveConsent, WithdrawConsent, consent_id
from services.notifications.consent.documents import Consents, ConsentSaid

CONSENTS = Resource(CONSENT)
Patient = Annotated[str, Themselves("patient_id")]
OnePerson = Annotated[tuple[str, ...], Records("patient_id")]


async def record_consent(call: Calling, patient: Patient, body: ConsentSaid) -> Response:
    """The patient agrees to a channel, or withdraws. Patients speak for themselves."""
    via = "portal" if call.caller.kind == "patient" else "staff"
    command = like(GiveConsent, body) if body.given else like(WithdrawConsent, body, via=via)
    send = CONSENT.send(command, to=one(consent_id(patient, body.channel, body.purpose)))
    return await call.give(together(send, about=one(patient)), answer=CONSENTS.changed(call.caller, 201))


async def list_consents(running: Running, patient: OnePerson) -> Response:
    """What the patient agreed to, under each of their records, by channel. Where two differ, a withdrawal wins."""
    return reading({"consents": await queries.consents_of(running, patient)})


ROUTES: tuple[Route, ...] = (
    post("/patients/{patient_id}/consents", record_consent, CONSENT, status=201),
    get("/patients/{patient_id}/consents", list_consents, Consents, reads="message"),
)
