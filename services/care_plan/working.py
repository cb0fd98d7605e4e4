"""Routes of activities, measures, findings and safety alerts. No rules."""

from typing import Any

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import Response

from backbone.engine.runtime import Outcome
from backbone.http.calls import Calling, load
from backbone.http.identity import Caller
from backbone.http.problems import Problem, checked_id
from backbone.ids import derive
from backbone.model import one, together
from backbone.store.rows import Answer
from schemas.care_plan.v1.codes import Finding
from schemas.care_plan.v1.measure import MeasureScored
from services.care_plan.answering import belonging, changed, give, own, seen, staffed, told
from services.care_plan.documents import (
    ActivityReview,
    Assessment,
    Ending,
    FindingReview,
    MeasureAnswers,
    MeasureAsking,
    Reason,
    Session,
)
from services.care_plan.domain.activity.aggregate import ACTIVITY
from services.care_plan.domain.activity.states import (
    Accept,
    Cancel,
    Complete,
    CompleteSession,
    Decline,
    NotOrdered,
    Pause,
    Receive,
    Resume,
    Review,
    Start,
    Stop,
    activity_status,
)
from services.care_plan.domain.measures.aggregate import MEASURE_REQUEST, MeasureRequests
from services.care_plan.domain.measures.rating import risk_answered
from services.care_plan.domain.measures.states import (
    AnswerMeasures,
    DeclineMeasures,
    RequestMeasures,
    ReviewFinding,
)
from services.care_plan.domain.opioid import OPIOID_PROFILE, AssessAgain, profile_id
from services.care_plan.domain.safety_alert import (
    SAFETY_ALERT,
    AcknowledgeAlert,
    AssessAlert,
    CloseAlert,
    ConsiderAnswers,
    alert_id,
)


def activity_routes() -> APIRouter:
    """What a discipline does with its work."""
    router = APIRouter(prefix="/activities", tags=["activities"])
    activity_reads(router)
    beginning_routes(router)
    ending_routes(router)
    return router


def activity_reads(router: APIRouter) -> None:
    @router.get("/{activity_id}")
    async def activity(request: Request, caller: Caller, activity_id: str) -> Response:
        """The work, with both of its statuses."""
        snapshot = await load(staffed(request, caller), ACTIVITY, checked_id(activity_id))
        return seen(snapshot, activity_status=activity_status(snapshot.state))


def beginning_routes(router: APIRouter) -> None:
    @router.post("/{activity_id}/receive")
    async def receive(call: Calling, activity_id: str) -> Response:
        return await give(call, ACTIVITY, activity_id, Receive())

    @router.post("/{activity_id}/accept")
    async def accept(call: Calling, activity_id: str) -> Response:
        """The discipline takes it: dates are asked for."""
        return await give(call, ACTIVITY, activity_id, Accept())

    @router.post("/{activity_id}/decline")
    async def decline(call: Calling, activity_id: str, body: Reason) -> Response:
        return await give(call, ACTIVITY, activity_id, Decline(reason=body.reason))

    @router.post("/{activity_id}/start")
    async def start(call: Calling, activity_id: str) -> Response:
        """The assessment visit, or the first session."""
        return await give(call, ACTIVITY, activity_id, Start())

    @router.post("/{activity_id}/sessions")
    async def session(call: Calling, activity_id: str, body: Session) -> Response:
        """One more session. The pharmacist's also looks at the medication again."""
        snapshot = own(call.caller, await load(call.runtime, ACTIVITY, checked_id(activity_id)))
        command = CompleteSession(appointment_id=body.appointment_id, complete=body.complete)
        sends = [ACTIVITY.send(command, to=one(snapshot.id), expecting=call.expecting)]
        pharmacy = not isinstance(snapshot.state, NotOrdered) and (
            snapshot.state.course.order.discipline == "pharmacy"
        )
        if pharmacy and snapshot.lane_key:
            look = AssessAgain(context="review")
            sends.insert(0, OPIOID_PROFILE.send(look, to=one(profile_id(snapshot.lane_key))))
        return await call.give(together(*sends, **belonging(snapshot)), answer=changed(ACTIVITY))


def ending_routes(router: APIRouter) -> None:
    @router.post("/{activity_id}/pause")
    async def pause(call: Calling, activity_id: str, body: Reason) -> Response:
        return await give(call, ACTIVITY, activity_id, Pause(reason=body.reason))

    @router.post("/{activity_id}/resume")
    async def resume(call: Calling, activity_id: str) -> Response:
        return await give(call, ACTIVITY, activity_id, Resume())

    @router.post("/{activity_id}/complete")
    async def complete(call: Calling, activity_id: str, body: Ending) -> Response:
        return await give(call, ACTIVITY, activity_id, Complete(result=body.result))

    @router.post("/{activity_id}/stop")
    async def stop(call: Calling, activity_id: str, body: Reason) -> Response:
        """No benefit, or harm."""
        return await give(call, ACTIVITY, activity_id, Stop(reason=body.reason))

    @router.post("/{activity_id}/cancel")
    async def cancel(call: Calling, activity_id: str, body: Reason) -> Response:
        """Before it began."""
        return await give(call, ACTIVITY, activity_id, Cancel(reason=body.reason))

    @router.post("/{activity_id}/review")
    async def review(call: Calling, activity_id: str, body: ActivityReview) -> Response:
        """What MOD-01 to MOD-03 asked for."""
        return await give(call, ACTIVITY, activity_id, Review(decision=body.decision))


def measure_routes() -> APIRouter:
    """Outcome measures and what they found."""
    router = APIRouter(tags=["measures"])

    @router.post("/measure-requests", status_code=201)
    async def ask(call: Calling, body: MeasureAsking) -> Response:
        """A clinician asks for measures."""
        cause = call.cause()
        request_id = derive(cause.id, "measures")
        command = RequestMeasures(
            occasion=body.occasion,
            instruments=body.instruments,
            due_on=body.due_on,
            appointment_id=body.appointment_id,
        )
        send = MEASURE_REQUEST.send(command, to=one(request_id))
        order = together(send, about=one(body.patient_id), pathway=one(body.referral_id))
        return await call.give(order, answer=told({"request_id": request_id}), cause=cause)

    @router.get("/measure-requests/{request_id}")
    async def measures(request: Request, caller: Caller, request_id: str) -> Response:
        """What was asked and is outstanding. Patients see their own."""
        snapshot = await load(request.app.state.runtime, MEASURE_REQUEST, checked_id(request_id))
        return seen(own(caller, snapshot))

    answer_routes(router)
    finding_routes(router)
    return router


def answer_routes(router: APIRouter) -> None:
    @router.post("/measure-requests/{request_id}/answers")
    async def answer(call: Calling, request_id: str, body: MeasureAnswers) -> Response:
        """Answers of the patient, or of staff by interview. Safety first: item 9 counts at once (OUT-01)."""
        snapshot = own(call.caller, await load(call.runtime, MEASURE_REQUEST, checked_id(request_id)))
        cause, phq9 = call.cause(), body.answers.get("phq9", ())
        submission_id = derive(cause.id, "submission")
        answers = {str(name): given for name, given in body.answers.items()}
        command = AnswerMeasures(submission_id=submission_id, answers=answers)
        sends = [MEASURE_REQUEST.send(command, to=one(snapshot.id))]
        if phq9 and snapshot.lane_key:
            consider = ConsiderAnswers(submission_id=submission_id, answers=phq9)
            target = one(alert_id(snapshot.lane_key, "suicide_risk"))
            sends.insert(0, SAFETY_ALERT.send(consider, to=target))
        crisis = crisis_help(call.runtime.rules) if risk_answered(phq9, call.runtime.rules) else {}
        order = together(*sends, **belonging(snapshot))
        return await call.give(order, answer=scored(crisis), cause=cause)

    @router.post("/measure-requests/{request_id}/decline")
    async def decline(call: Calling, request_id: str) -> Response:
        """The patient does not want to answer."""
        return await give(call, MEASURE_REQUEST, request_id, DeclineMeasures())


def finding_routes(router: APIRouter) -> None:
    @router.post("/findings/{submission_id}/{finding}/review")
    async def look(call: Calling, submission_id: str, finding: Finding, body: FindingReview) -> Response:
        """A clinician looked at a finding."""
        for snapshot in await call.runtime.find(
            MEASURE_REQUEST, MeasureRequests.submission_id(checked_id(submission_id))
        ):
            command = ReviewFinding(submission_id=submission_id, finding=finding, decision=body.decision)
            return await give(call, MEASURE_REQUEST, snapshot.id, command)
        raise Problem(404, "not-found", "There is no such submission.")


def crisis_help(rules: Any) -> dict[str, Any]:
    """Shown at once to whoever answered so: whom to call now."""
    contacts = rules.clinic.emergency_contacts
    return {"crisis": {"call_now": contacts.crisis, "emergency": contacts.emergency}}


def scored(crisis: dict[str, Any]) -> Any:
    """What was scored, and crisis information where it is needed."""

    def answer(outcome: Outcome) -> Answer:
        scores = [
            {"instrument": event.fact.instrument, "score": str(event.fact.score)}
            for event in outcome.events
            if isinstance(event.fact, MeasureScored)
        ]
        body = {"scores": scores, **crisis, **({"parked": True} if outcome.parked else {})}
        return Answer(200, msgspec.json.encode(body), {})

    return answer


def alert_routes() -> APIRouter:
    """Only a named clinician takes up, assesses and closes an alert."""
    router = APIRouter(prefix="/safety-alerts", tags=["safety"])

    @router.post("/{alert}/acknowledge")
    async def acknowledge(call: Calling, alert: str) -> Response:
        return await give(call, SAFETY_ALERT, alert, AcknowledgeAlert())

    @router.post("/{alert}/assess")
    async def assess(call: Calling, alert: str, body: Assessment) -> Response:
        """What was found, and with which tool. Assessing acknowledges."""
        command = AssessAlert(result=body.result, tool=body.tool, note=body.note)
        return await give(call, SAFETY_ALERT, alert, command)

    @router.post("/{alert}/close")
    async def close(call: Calling, alert: str) -> Response:
        return await give(call, SAFETY_ALERT, alert, CloseAlert())

    return router
