"""HTTP routes of consultations. No rules."""

from typing import Annotated

from fastapi.responses import Response

from backbone.http.access import Running, Staff, StaffOf
from backbone.http.calls import Calling
from backbone.http.disclosure import Reads, may_read
from backbone.http.identity import Caller
from backbone.http.problems import checked_id, not_found
from backbone.http.resources import Actions, Resource, reading, told
from backbone.http.routes import get, post
from backbone.model import Route, Snapshot
from services.care_plan.activity.documents import Why
from services.care_plan.consultation import queries
from services.care_plan.consultation.aggregate import CONSULTATION, Consultations
from services.care_plan.consultation.commands import (
    AbandonConsultation,
    AddAddendum,
    RecordResult,
)
from services.care_plan.consultation.documents import (
    Addendum,
    Completing,
    ConsultationId,
    ConsultationList,
    Result,
    Starting,
    status_of,
)
from services.care_plan.consultation.reactions import begin, consultation_id
from services.care_plan.consultation.states import Consultation

CONSULTATIONS, WHOLE = Resource(CONSULTATION, status_of), Resource(CONSULTATION)
"""`WHOLE`: with outcome and diagnoses, for those alone who may read what is written of consultations (PRV-13)."""
ThisConsultation = Annotated[Snapshot[Consultation], StaffOf(CONSULTATION, "consultation_id")]


def consultations_for(reads: Reads) -> Resource[Consultation]:
    return WHOLE if may_read(reads, "consultation") else CONSULTATIONS


async def start_consultation(call: Calling, caller: Staff, body: Starting) -> Response:
    """The clinician begins. The appointment must be known here."""
    visit = await queries.visit(call.runtime, body.appointment_id)
    if visit is None:
        raise not_found("visit")
    answer = told({"consultation_id": consultation_id(visit.id)})
    return await call.give(begin(visit, body.kind), answer=answer)


async def list_consultations(running: Running, caller: Staff, referral_id: str, reads: Reads) -> Response:
    """Of one referral, in order of id; what was written is among the contents."""
    found = await running.find(CONSULTATION, Consultations.referral_id(checked_id(referral_id)))
    if reads is not None:
        reads.name(*(each.lane_key for each in found))
    resource = consultations_for(reads)
    shown = [resource.document(each, caller) for each in sorted(found, key=lambda each: each.id)]
    return reading({"consultations": shown})


async def get_consultation(caller: Caller, reads: Reads, consultation: ThisConsultation) -> Response:
    """As it stands; outcome and diagnoses for those who read consultations. What was written is among the contents."""
    return consultations_for(reads).seen(consultation, caller)


async def get_consultation_actions(call: Calling, consultation: ThisConsultation) -> Response:
    """What may be done with this version now, and by whom."""
    return CONSULTATIONS.actions(call, consultation)


async def complete_consultation(call: Calling, consultation: ThisConsultation, body: Completing) -> Response:
    """Outcome, coded diagnosis, whole checklist: all that is missing is named at once (CON-04)."""
    return await CONSULTATIONS.give(call, consultation, body.command)


async def abandon_consultation(call: Calling, consultation: ThisConsultation, body: Why) -> Response:
    """The patient left, or an emergency."""
    return await CONSULTATIONS.give(call, consultation, AbandonConsultation(reason=body.reason))


async def add_addendum(call: Calling, consultation: ThisConsultation, body: Addendum) -> Response:
    """A completed consultation is never edited."""
    return await CONSULTATIONS.give(call, consultation, AddAddendum(text=body.text))


async def record_investigation_result(
    call: Calling, consultation: ThisConsultation, body: Result
) -> Response:
    """What the further investigation came to."""
    return await CONSULTATIONS.give(call, consultation, RecordResult(result=body.result))


ROUTES: tuple[Route, ...] = (
    get("/referrals/{referral_id}/consultations", list_consultations, ConsultationList, reads="care"),
    post("/consultations", start_consultation, ConsultationId, status=201),
    get("/consultations/{consultation_id}", get_consultation, CONSULTATION, reads="care"),
    get("/consultations/{consultation_id}/actions", get_consultation_actions, Actions, reads="care"),
    post("/consultations/{consultation_id}/complete", complete_consultation, CONSULTATION),
    post("/consultations/{consultation_id}/abandon", abandon_consultation, CONSULTATION),
    post("/consultations/{consultation_id}/addenda", add_addendum, CONSULTATION),
    post("/consultations/{consultation_id}/investigation-result", record_investigation_result, CONSULTATION),
)
