"""The routes that change a referral: each builds a command and gives it. No rules."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from backbone.engine.runtime import Outcome, Snapshot
from backbone.http.calls import Call, Calling, answer_with, checked_id, load, not_found
from backbone.http.problems import Problem
from backbone.model import Command, Order, Send, one, together
from backbone.store.rows import Answer
from schemas.referral.v1.intake import ReferralSubmission, SuppliedInformation
from schemas.referral.v1.referral import ReferralReceived
from services.referral.documents import (
    Continuation,
    InformationRequest,
    Redirection,
    ReferralDocument,
    Rejection,
    Resolution,
    Sign,
    Triaging,
)
from services.referral.domain.organisation import ORGANISATION
from services.referral.domain.patient.aggregate import PATIENT
from services.referral.domain.referral.aggregate import REFERRAL
from services.referral.domain.referral.commands import (
    Accept,
    AskForTriage,
    GoOnWithout,
    RaiseRedFlag,
    Redirect,
    Reject,
    RequestInformation,
    ResolveRedFlag,
    Triage,
)
from services.referral.domain.referral.view import document, is_visible
from services.referral.domain.submission import organisation_contact, registration, supply
from services.referral.reactions import receive_referral


def command_routes() -> APIRouter:
    """Everything that POSTs."""
    router = APIRouter(prefix="/referrals", tags=["referrals"])
    intake_routes(router)
    information_routes(router)
    flag_routes(router)
    decision_routes(router)
    return router


def intake_routes(router: APIRouter) -> None:
    @router.post(
        "",
        response_model=ReferralDocument,
        status_code=201,
        responses={200: {"description": "Known already"}},
    )
    async def submit(call: Calling, body: ReferralSubmission) -> Response:
        """A new referral (201), an amendment or the same again (200). The key is (source_system,
        source_id)."""
        if call.caller.kind == "referrer" and call.caller.id != body.referrer.organisation_id:
            raise Problem(403, "not-permitted", "A referrer submits for their own organisation only.")
        cause = call.cause()
        orders = receive_referral(body, cause, call.runtime.rules)
        return await call.give(*orders, answer=received(call), cause=cause)


def information_routes(router: APIRouter) -> None:
    @router.post("/{referral_id}/information-requests", response_model=ReferralDocument)
    async def request_information(call: Calling, referral_id: str, body: InformationRequest) -> Response:
        """Ask for everything that is missing, or for named fields (X01)."""
        return await give(call, referral_id, RequestInformation(fields=body.fields, note=body.note))

    @router.post("/{referral_id}/information", response_model=ReferralDocument)
    async def supply_information(call: Calling, referral_id: str, body: SuppliedInformation) -> Response:
        """Answer a request (X02). What is left out stays as it was."""
        return await call.give(*await answering(call, referral_id, body), answer=changed(call))

    @router.post("/{referral_id}/continuations", response_model=ReferralDocument)
    async def go_on_without(call: Calling, referral_id: str, body: Continuation) -> Response:
        """A clinician goes on without what was asked for (X03)."""
        return await give(call, referral_id, GoOnWithout(reason=body.reason))


def flag_routes(router: APIRouter) -> None:
    @router.post("/{referral_id}/red-flags", response_model=ReferralDocument)
    async def raise_red_flag(call: Calling, referral_id: str, body: Sign) -> Response:
        """A clinician learned of a sign."""
        return await give(call, referral_id, RaiseRedFlag(flag=body.flag, source=body.source))

    @router.post("/{referral_id}/red-flags/{flag_id}/resolution", response_model=ReferralDocument)
    async def resolve_red_flag(call: Calling, referral_id: str, flag_id: str, body: Resolution) -> Response:
        """A clinician assessed it."""
        command = ResolveRedFlag(flag_id=checked_id(flag_id), result=body.result, note=body.note)
        return await give(call, referral_id, command)


def decision_routes(router: APIRouter) -> None:
    @router.post("/{referral_id}/triage", response_model=ReferralDocument)
    async def triage(call: Calling, referral_id: str, body: Triaging) -> Response:
        """Decide the urgency, again too (REF-12). Needs If-Match."""
        decided = Triage(**body.model_dump(exclude={"accept"}))
        referral = one((await known(call, referral_id)).id)
        first = REFERRAL.send(decided, to=referral, expecting=call.seen())
        further = (REFERRAL.send(Accept(), to=referral),) if body.accept else ()
        return await call.give(together(first, *further), answer=changed(call))

    @router.post("/{referral_id}/triage-requests", response_model=ReferralDocument)
    async def ask_for_triage(call: Calling, referral_id: str) -> Response:
        """Ask for a triage, or another one."""
        return await give(call, referral_id, AskForTriage())

    @router.post("/{referral_id}/accept", response_model=ReferralDocument)
    async def accept(call: Calling, referral_id: str) -> Response:
        """The clinic takes responsibility (TID 02)."""
        return await give(call, referral_id, Accept())

    @router.post("/{referral_id}/reject", response_model=ReferralDocument)
    async def reject(call: Calling, referral_id: str, body: Rejection) -> Response:
        """Decline, or answer with advice only (TID 03, 05, X04)."""
        return await give(call, referral_id, Reject(**body.model_dump()))

    @router.post("/{referral_id}/redirect", response_model=ReferralDocument)
    async def redirect(call: Calling, referral_id: str, body: Redirection) -> Response:
        """Another service fits better (TID 03)."""
        return await give(call, referral_id, Redirect(**body.model_dump()))


async def give(call: Call, referral_id: str, command: Command) -> Response:
    """One command to one referral, under the version that the caller saw, if they say."""
    snapshot = await known(call, referral_id)
    order = REFERRAL.send(command, to=one(snapshot.id), expecting=call.expecting)
    return await call.give(order, answer=changed(call))


async def known(call: Call, referral_id: str) -> Snapshot[Any]:
    """Raises Problem 404, also for what the caller may not know of."""
    snapshot = await load(call.runtime, REFERRAL, referral_id)
    if not is_visible(snapshot.state.course, call.caller.actor):
        raise not_found("referral")
    return snapshot


async def answering(call: Call, referral_id: str, body: SuppliedInformation) -> list[Order | Send]:
    """What was said about the person and the referral belong together; the organisation to no patient."""
    snapshot = await known(call, referral_id)
    rules, at = call.runtime.rules, call.runtime.clock.now()
    command = REFERRAL.send(supply(body, at, rules), to=one(snapshot.id), expecting=call.expecting)
    course = snapshot.state.course
    person = [PATIENT.send(registration(body.patient), to=one(course.patient_id))] if body.patient else []
    orders: list[Order | Send] = [together(*person, command)]
    if body.return_channel:
        record = organisation_contact(None, body.return_channel)
        orders.append(ORGANISATION.send(record, to=one(course.referrer_org_id)))
    return orders


def received(call: Call) -> Callable[[Outcome], Answer]:
    """201 and where it is, or 200 for what was known."""

    def answer(outcome: Outcome) -> Answer:
        snapshot = outcome.one(REFERRAL)
        is_new = any(isinstance(event.fact, ReferralReceived) for event in outcome.events)
        body = document(snapshot.id, snapshot.state, call.caller.actor) | {"version": snapshot.version}
        where = {"location": f"/referrals/{snapshot.id}"}
        return answer_with(snapshot, body, status=201 if is_new else 200, parked=outcome.parked, **where)

    return answer


def changed(call: Call) -> Callable[[Outcome], Answer]:
    """The referral as it is now."""

    def answer(outcome: Outcome) -> Answer:
        snapshot = outcome.one(REFERRAL)
        body = document(snapshot.id, snapshot.state, call.caller.actor) | {"version": snapshot.version}
        return answer_with(snapshot, body, parked=outcome.parked)

    return answer
