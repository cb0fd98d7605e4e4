"""HTTP routes of outcome measures and of what they found. No rules."""

from collections.abc import Callable, Iterable
from typing import Annotated

import msgspec
from fastapi import Depends
from fastapi.responses import Response

from backbone.engine.runtime import Outcome
from backbone.http.access import Mine, Running, Staff
from backbone.http.calls import Calling, Document
from backbone.http.disclosure import Reads, may_read
from backbone.http.identity import Caller
from backbone.http.problems import checked_id, not_found
from backbone.http.resources import Actions, Resource, state, told, without
from backbone.http.routes import get, post
from backbone.ids import derive
from backbone.model import Route, Snapshot, one, together
from backbone.store.rows import Answer
from schemas.care_plan.v1.codes import Finding, Instrument
from schemas.care_plan.v1.measure import MeasureScored
from services.care_plan.measures.aggregate import MEASURE_REQUEST
from services.care_plan.measures.commands import (
    AnswerMeasures,
    DeclineMeasures,
    MarkScoreInError,
    RequestMeasures,
    ReviewFinding,
)
from services.care_plan.measures.documents import (
    FindingReview,
    GivenAnswers,
    Mistaken,
    NewRequest,
    RequestId,
    Scores,
    crisis_help,
)
from services.care_plan.measures.facts import AnswersKept
from services.care_plan.measures.queries import answered_with
from services.care_plan.measures.reactions import answer
from services.care_plan.measures.states import MeasureRequest

REQUESTS = Resource(MEASURE_REQUEST, without("findings", "scores"))
"""What was found is psychology: it is shown to those who may read the answers, by `get_measure_request` alone."""
Request = Annotated[Snapshot[MeasureRequest], Mine(MEASURE_REQUEST, "request_id")]


async def submitted(running: Running, caller: Staff, submission_id: str) -> Snapshot[MeasureRequest]:
    """The request that was answered with this submission. Raises Problem 404."""
    found = await answered_with(running, checked_id(submission_id))
    if found is None:
        raise not_found("submission")
    return found


async def request_measures(call: Calling, caller: Staff, body: NewRequest) -> Response:
    """A clinician asks for measures."""
    cause = call.cause()
    request_id = derive(cause.id, "measures")
    command = RequestMeasures(**body.model_dump(exclude={"patient_id"}))
    order = together(
        MEASURE_REQUEST.send(command, to=one(request_id)),
        about=one(body.patient_id),
        pathway=one(body.referral_id),
    )
    return await call.give(order, answer=told({"request_id": request_id}), cause=cause)


async def get_measure_request(caller: Caller, request: Request, reads: Reads) -> Response:
    """What was asked and is outstanding; findings, for whoever may read the answers. Patients see their own."""
    found = {"findings": state(request, caller).get("findings", [])} if may_read(reads, "answers") else {}
    return REQUESTS.seen(request, caller, **found)


async def get_measure_request_actions(call: Calling, request: Request) -> Response:
    """What may be done with this version now, and by whom."""
    return REQUESTS.actions(call, request)


async def answer_measures(call: Calling, request: Request, body: GivenAnswers) -> Response:
    """Answers of the patient, or of staff by interview. Safety first: item 9 counts at once (OUT-01)."""
    cause = call.cause()
    answers = {str(name): given for name, given in body.answers.items()}
    command = AnswerMeasures(submission_id=derive(cause.id, "submission"), answers=answers)
    shown = scored(answers, crisis_help(answers.get("phq9", ()), call.runtime.rules))
    return await call.give(answer(request, command), answer=shown, cause=cause)


def scored(given: Iterable[str], crisis: Document) -> Callable[[Outcome], Answer]:
    """What was scored and what was not asked for, and whom to call where that is needed."""

    def shown(outcome: Outcome) -> Answer:
        facts = [event.fact for event in outcome.events]
        scores = [
            {"instrument": fact.instrument, "score": str(fact.score)}
            for fact in facts
            if isinstance(fact, MeasureScored)
        ]
        taken = {name for fact in facts if isinstance(fact, AnswersKept) for name in fact.instruments}
        aside = {"set_aside": left} if (left := [name for name in given if name not in taken]) else {}
        parked = {"parked": True} if outcome.parked else {}
        return Answer(200, msgspec.json.encode({"scores": scores, **aside, **crisis, **parked}), {})

    return shown


async def decline_measures(call: Calling, request: Request) -> Response:
    """The patient does not want to answer."""
    return await REQUESTS.give(call, request, DeclineMeasures())


async def review_finding(
    call: Calling,
    request: Annotated[Snapshot[MeasureRequest], Depends(submitted)],
    submission_id: str,
    finding: Finding,
    body: FindingReview,
) -> Response:
    """A clinician looked at a finding."""
    command = ReviewFinding(submission_id=submission_id.lower(), finding=finding, decision=body.decision)
    return await REQUESTS.give(call, request, command)


async def mark_score_in_error(
    call: Calling, caller: Staff, request: Request, instrument: Instrument, body: Mistaken
) -> Response:
    """A score is another patient's, or was misheard: nothing counts from it, and it is shown struck."""
    command = MarkScoreInError(instrument=instrument, reason=body.reason)
    return await REQUESTS.give(call, request, command)


ROUTES: tuple[Route, ...] = (
    post("/measure-requests", request_measures, RequestId, status=201),
    get("/measure-requests/{request_id}", get_measure_request, MEASURE_REQUEST, reads="care"),
    get("/measure-requests/{request_id}/actions", get_measure_request_actions, Actions, reads="care"),
    post("/measure-requests/{request_id}/answers", answer_measures, Scores),
    post("/measure-requests/{request_id}/decline", decline_measures, MEASURE_REQUEST),
    post("/measure-requests/{request_id}/scores/{instrument}/in-error", mark_score_in_error, MEASURE_REQUEST),
    post("/findings/{submission_id}/{finding}/review", review_finding, MEASURE_REQUEST),
)
