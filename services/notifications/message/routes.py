"""HTTP routes of notifications: run a query, or give a command. No rules."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import Response

from backbone.engine.runtime import Outcome, Runtime
from backbone.http.calls import PROBLEM, Calling, answer_with, load
from backbone.http.identity import Caller, Principal
from backbone.http.problems import Problem, checked_id, not_found
from backbone.ids import ROOT, derive
from backbone.model import Actor, Aggregate, Cause, Command, one, together
from backbone.store.rows import Answer
from backbone.telemetry import log
from services.notifications.agenda.aggregate import AGENDA
from services.notifications.agenda.decide.answer import meaning
from services.notifications.agenda.states import AnswerText
from services.notifications.consent.aggregate import CONSENT, GiveConsent, WithdrawConsent, consent_id
from services.notifications.gateway.outside import is_signed, read_providers
from services.notifications.message import queries
from services.notifications.message.aggregate import MESSAGE
from services.notifications.message.documents import ConsentSaid, ContactResult, Reason
from services.notifications.message.states import (
    CancelByHand,
    NotAccepted,
    NoteDelivery,
    RecordContact,
)

SAID = {"delivered": True, "undelivered": False, "failed": False}
"""Of the gateway's statuses, those that end an attempt."""
NOTHING_TO_SAY = Response("<Response/>", media_type="text/xml")


def routes() -> APIRouter:
    """Everything of this service."""
    router = APIRouter(responses=PROBLEM)
    for part in (consent_routes(), message_routes(), portal_routes(), gateway_routes()):
        router.include_router(part)
    return router


def consent_routes() -> APIRouter:
    router = APIRouter(tags=["consent"])

    @router.post("/patients/{patient_id}/consents", status_code=201)
    async def say(call: Calling, patient_id: str, body: ConsentSaid) -> Response:
        """The patient agrees to a channel, or withdraws. Patients speak for themselves."""
        patient = own_or_staff(call.caller, patient_id)
        command: Command = GiveConsent(channel=body.channel, purpose=body.purpose)
        if not body.given:
            via = "portal" if call.caller.kind == "patient" else "staff"
            command = WithdrawConsent(channel=body.channel, purpose=body.purpose, via=via)
        send = CONSENT.send(command, to=one(consent_id(patient, body.channel, body.purpose)))
        return await call.give(together(send, about=one(patient)), answer=changed(CONSENT, 201))

    @router.get("/patients/{patient_id}/consents")
    async def consents(request: Request, caller: Caller, patient_id: str) -> Response:
        """What the patient agreed to, by channel."""
        patient = own_or_staff(caller, patient_id)
        return answer({"consents": await queries.consents_of(request.app.state.runtime, patient)})

    return router


def message_routes() -> APIRouter:
    router = APIRouter(tags=["messages"])

    @router.get("/patients/{patient_id}/messages")
    async def messages(request: Request, caller: Caller, patient_id: str) -> Response:
        """Everything planned, sent or not sent, and why."""
        patient = own_or_staff(caller, patient_id)
        return answer({"messages": await queries.messages_to(request.app.state.runtime, patient)})

    @router.post("/messages/{message_id}/cancel")
    async def cancel(call: Calling, message_id: str, body: Reason) -> Response:
        """It is not sent."""
        return await give(call, message_id, CancelByHand(reason=body.reason))

    @router.post("/messages/{message_id}/contact")
    async def contact(call: Calling, message_id: str, body: ContactResult) -> Response:
        """Staff reached the patient another way, or tried to."""
        return await give(call, message_id, RecordContact(result=body.result))

    @router.get("/post")
    async def post(request: Request, caller: Caller) -> Response:
        """Letters that go by post and nobody has posted yet."""
        staff_only(caller)
        return answer({"letters": await queries.to_post(request.app.state.runtime)})

    @router.post("/messages/{message_id}/posted")
    async def posted(call: Calling, message_id: str) -> Response:
        """The letter is in the post."""
        staff_only(call.caller)
        message = await load(call.runtime, MESSAGE, message_id)
        return await give(call, message_id, NoteDelivery(attempt=getattr(message.state, "attempts", 0)))

    return router


def portal_routes() -> APIRouter:
    router = APIRouter(tags=["portal"])

    @router.get("/portal")
    async def portal(request: Request, caller: Caller) -> Response:
        """What was written to the caller: a patient, or a practice."""
        if caller.kind not in ("patient", "referrer"):
            raise Problem(403, "not-permitted", "The portal is for patients and referrers.")
        return answer({"messages": await queries.portal_of(request.app.state.runtime, caller.id)})

    return router


def gateway_routes() -> APIRouter:
    """What the gateway tells: signed by it, without a token."""
    router = APIRouter(tags=["gateway"])

    @router.post("/sms/status/{message_id}/{attempt}")
    async def status(request: Request, message_id: str, attempt: int) -> Response:
        """A text message arrived, or did not."""
        form = await signed_form(request)
        arrived = SAID.get(form.get("MessageStatus", ""))
        if arrived is not None:
            runtime: Runtime = request.app.state.runtime
            command = (
                NoteDelivery(attempt=attempt)
                if arrived
                else NotAccepted(attempt=attempt, reason=f"gateway_{form.get('ErrorCode', 'failed')}")
            )
            message = await load(runtime, MESSAGE, message_id)
            cause = said(request, f"status {message.id} {attempt} {arrived}", Actor("partner"))
            await runtime.order(cause, [MESSAGE.send(command, to=one(message.id))], nothing)
        return Response(status_code=204)

    @router.post("/sms/inbound")
    async def inbound(request: Request) -> Response:
        """A patient wrote back."""
        form = await signed_form(request)
        runtime: Runtime = request.app.state.runtime
        text, inbound_id = form.get("Body", ""), derive(ROOT, f"inbound {form.get('MessageSid', '')}")
        patient = await queries.whose_number(runtime, form.get("From", ""))
        if patient is None:
            log.warning("a text from a number that nobody here was texted on")
            return NOTHING_TO_SAY
        command = AnswerText(inbound_id=inbound_id, reply=meaning(text, runtime.rules), text=text)
        cause = said(request, f"inbound {inbound_id}", Actor("patient", patient))
        order = together(AGENDA.send(command, to=one(patient)), about=one(patient))
        await runtime.order(cause, [order], nothing)
        return NOTHING_TO_SAY

    return router


def said(request: Request, what: str, actor: Actor) -> Cause:
    """The same word twice is one cause."""
    identity = derive(ROOT, what)
    return Cause(
        id=identity,
        at=request.app.state.runtime.clock.now(),
        actor=actor,
        correlation_id=request.state.correlation_id,
    )


async def signed_form(request: Request) -> Mapping[str, str]:
    """Raises Problem 403 for what the gateway did not sign."""
    form = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
    if not is_signed(read_providers(), request.url.path, form, request.headers.get("x-twilio-signature")):
        raise Problem(403, "not-signed", "Only the text message gateway may say this, signed with its token.")
    return form


async def give(call: Calling, message_id: str, command: Command) -> Response:
    send = MESSAGE.send(command, to=one(checked_id(message_id)), expecting=call.expecting)
    return await call.give(send, answer=changed(MESSAGE))


def changed(aggregate: Aggregate[Any], status: int = 200) -> Callable[[Outcome], Answer]:
    """The thing as it is now."""

    def answered(outcome: Outcome) -> Answer:
        snapshot = outcome.one(aggregate)
        body = msgspec.to_builtins(snapshot.state) | {"id": snapshot.id, "version": snapshot.version}
        return answer_with(snapshot, body, status=status, parked=outcome.parked)

    return answered


def nothing(outcome: Outcome) -> Answer:
    return Answer(204, b"")


def own_or_staff(caller: Principal, patient_id: str) -> str:
    """Raises Problem 404 for somebody else's."""
    patient = checked_id(patient_id)
    if caller.kind == "user" or (caller.kind == "patient" and caller.id == patient):
        return patient
    raise not_found("patient")


def staff_only(caller: Principal) -> None:
    """Raises Problem 403."""
    if caller.kind != "user":
        raise Problem(403, "not-permitted", "Only staff of the clinic do this.")


def answer(body: Any) -> Response:
    return Response(msgspec.json.encode(body), media_type="application/json")
