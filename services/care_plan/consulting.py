"""Routes of consultations, their letters, and contacts. No rules."""

from fastapi import APIRouter
from fastapi.responses import Response

from backbone.http.calls import Calling, load
from backbone.http.problems import checked_id
from backbone.ids import derive
from backbone.model import one, together
from services.care_plan.answering import belonging, give, own, told
from services.care_plan.documents import Addendum, Completing, Contacting, Letter, Reason, Result, Starting
from services.care_plan.domain.consultation import (
    CONSULTATION,
    AbandonConsultation,
    AddAddendum,
    Coded,
    CompleteConsultation,
    Item,
    RecordResult,
    SignLetter,
    StartConsultation,
)
from services.care_plan.domain.contact import CONTACT, RecordContact
from services.care_plan.domain.visit import VISIT


def consultation_routes() -> APIRouter:
    router = APIRouter(tags=["consultations"])

    @router.post("/consultations", status_code=201)
    async def start(call: Calling, body: Starting) -> Response:
        """The clinician begins. The appointment must be known here."""
        visit = own(call.caller, await load(call.runtime, VISIT, body.appointment_id))
        consultation_id = derive(visit.id, "consultation")
        command = StartConsultation(appointment_id=visit.id, kind=body.kind)
        send = CONSULTATION.send(command, to=one(consultation_id))
        order = together(send, **belonging(visit))
        return await call.give(order, answer=told({"consultation_id": consultation_id}))

    @router.post("/consultations/{consultation_id}/complete")
    async def complete(call: Calling, consultation_id: str, body: Completing) -> Response:
        """Outcome, coded diagnosis, whole checklist: all that is missing is named at once (CON-04)."""
        command = CompleteConsultation(
            outcome=body.outcome,
            outcome_detail=body.outcome_detail,
            diagnoses=tuple(Coded(each.system, each.code) for each in body.diagnoses),
            checklist={
                name: Item(answer=item.answer, not_applicable=item.not_applicable)
                for name, item in body.checklist.items()
            },
            note=body.note,
        )
        return await give(call, CONSULTATION, consultation_id, command)

    after_routes(router)
    return router


def after_routes(router: APIRouter) -> None:
    """What follows the visit, or ends it early; and contacts."""

    @router.post("/consultations/{consultation_id}/abandon")
    async def abandon(call: Calling, consultation_id: str, body: Reason) -> Response:
        """The patient left, or an emergency."""
        return await give(call, CONSULTATION, consultation_id, AbandonConsultation(reason=body.reason))

    @router.post("/consultations/{consultation_id}/addenda")
    async def add(call: Calling, consultation_id: str, body: Addendum) -> Response:
        """A completed consultation is never edited."""
        return await give(call, CONSULTATION, consultation_id, AddAddendum(text=body.text))

    @router.post("/consultations/{consultation_id}/investigation-result")
    async def record_result(call: Calling, consultation_id: str, body: Result) -> Response:
        """What the further investigation came to."""
        return await give(call, CONSULTATION, consultation_id, RecordResult(result=body.result))

    @router.post("/consultations/{consultation_id}/letter/sign")
    async def sign(call: Calling, consultation_id: str, body: Letter) -> Response:
        """The outcome letter (CON-02)."""
        return await give(
            call, CONSULTATION, consultation_id, SignLetter(audience=body.audience, text=body.text)
        )

    @router.post("/contacts", status_code=201)
    async def contact(call: Calling, body: Contacting) -> Response:
        """Staff spoke with the patient. `about` names what it was about, where that is one thing."""
        cause = call.cause()
        contact_id = body.about or derive(cause.id, "contact")
        command = RecordContact(kind=body.kind, result=body.result, warnings=body.warnings)
        send = CONTACT.send(command, to=one(checked_id(contact_id)))
        pathway = one(body.referral_id) if body.referral_id else None
        order = together(send, about=one(body.patient_id), pathway=pathway)
        return await call.give(order, answer=told({"contact_id": contact_id}), cause=cause)
