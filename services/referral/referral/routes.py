"""HTTP routes of referrals: run a query, or give a command. No rules."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Query
from fastapi.responses import Response

from backbone.engine.runtime import Outcome, Runtime
from backbone.http.access import Audience, Records, Running, thing
from backbone.http.calls import Call, Calling, Document, Knowing, answer_with
from backbone.http.disclosure import Reads
from backbone.http.identity import Caller, Principal
from backbone.http.listing import Asked, listed
from backbone.http.problems import Problem, checked_id, not_found, unfit
from backbone.http.resources import Actions, Resource, page
from backbone.http.routes import get, post
from backbone.model import Route, Snapshot, one, permits, together
from backbone.store.rows import Answer
from schemas.codes import ReferralStatus
from schemas.referral.v1.intake import ReferralSubmission, SuppliedInformation
from schemas.referral.v1.referral import ReferralReceived
from services.referral.referral import queries
from services.referral.referral.aggregate import REFERRAL
from services.referral.referral.commands import (
    Accept,
    AskForTriage,
    GoOnWithout,
    RaiseRedFlag,
    Redirect,
    Reject,
    RequestInformation,
    ResolveRedFlag,
    ReviewAmendment,
    Triage,
)
from services.referral.referral.decide.waiting import waiting_days
from services.referral.referral.decide.waits import ReviewWait
from services.referral.referral.documents import (
    Advice,
    Continuation,
    InformationRequest,
    PersonReferrals,
    Redirection,
    ReferralDocument,
    ReferralPage,
    Rejection,
    Resolution,
    Sign,
    Triaging,
    WaitReview,
    document,
    flags_in,
    whole,
)
from services.referral.referral.reactions.intake import (
    answer_request,
    check_days,
    receive_referral,
    supply,
    unreadable,
)
from services.referral.referral.states import Known
from services.referral.roles import CLINICIAN

Person = Annotated[tuple[str, ...], Records("patient_id")]
REFERRALS, WHOLE = Resource(REFERRAL, document), Resource(REFERRAL, whole)
Referral = Annotated[
    Snapshot[Known], thing(REFERRAL, "referral_id", Audience("staff, referrer and patient", queries.sees))
]


FromOutside = Annotated[
    Snapshot[Known],
    thing(
        REFERRAL,
        "referral_id",
        Audience("outside systems", queries.sent_by, frozenset({"partner"})),
    ),
]
"""For the adapter of the system that sent it."""


def referrals_for(reads: Reads) -> Resource[Known]:
    """`WHOLE` for those alone who may read what the referrer sent."""
    return WHOLE if reads is not None and reads.purpose_for("package") is not None else REFERRALS


async def list_referrals(
    running: Running,
    caller: Caller,
    reads: Reads,
    status: ReferralStatus | None = None,
    source_system: Annotated[str | None, Query(max_length=40)] = None,
    source_id: Annotated[str | None, Query(max_length=200, description="Needs source_system")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    cursor: Annotated[str | None, Query(description="`next` of the page before")] = None,
) -> Response:
    """Referrals that the caller may see: all for staff, their own for referrers and patients. The sender's own
    identifier finds one."""
    if source_id is not None:
        return await by_own_identifier(running, caller, source_system, source_id)
    after = checked_id(cursor) if cursor else None
    found = await queries.page(
        running, scope_of(caller, status)._replace(source_system=source_system), after, limit
    )
    if reads is not None:
        reads.name(*(each.lane_key for each in found))
    return page("referrals", [referrals_for(reads).document(each, caller) for each in found], limit)


async def list_referrals_of_patient(
    running: Running, caller: Caller, reads: Reads, person: Person, asked: Asked
) -> Response:
    """Every referral of the person, as it stands. Patients see their own."""
    return await listed(running, referrals_for(reads), caller, person, asked, "referrals")


async def by_own_identifier(
    running: Runtime, caller: Principal, source_system: str | None, source_id: str
) -> Response:
    """Raises Problem 400: an identifier means something only beside the system that issued it."""
    if source_system is None:
        detail = "source_id needs source_system beside it."
        raise unfit("source-system-missing", detail, "source_system", "query")
    scope_of(caller, None)
    found = await running.look_up(REFERRAL, REFERRAL.by(source=(source_system, source_id)))
    shown = [found] if found is not None and queries.sees(caller, found) else []
    return page("referrals", [REFERRALS.document(each, caller) for each in shown], 1)


def scope_of(caller: Principal, status: str | None) -> queries.Scope:
    """Raises Problem 403 for callers who have no referrals."""
    match caller.kind:
        case "user":
            return queries.Scope(status)
        case "referrer":
            return queries.Scope(status, organisation_id=caller.id)
        case "patient":
            return queries.Scope(status, records=caller.records)
        case _:
            raise Problem(403, "not-permitted", "Only staff, referrers and patients see referrals.")


async def get_referral(running: Running, caller: Caller, reads: Reads, referral: Referral) -> Response:
    """Status, dates and decisions; its ETag goes into If-Match."""
    calendar = running.rules.calendar
    waited = waiting_days(referral.state.course, calendar.day(running.clock.now()), calendar)
    more: Document = {"waiting_days": waited}
    if caller.kind == "user" and referral.state.course.suspicions:
        more["suspicions"] = await queries.suspected(running, referral.state.course)
        if reads:
            reads.name(*(each.get("patient_id") for each in more["suspicions"]))
    return referrals_for(reads).seen(referral, caller, **more)


async def get_referral_actions(call: Calling, referral: Referral) -> Response:
    """What may be done with this version now, and by whom."""
    return REFERRALS.actions(call, referral)


async def get_package(running: Running, caller: Caller, referral: Referral) -> Response:
    """What the referrer sent, without who the patient is. For clinicians, and for the referrer."""
    if caller.kind == "user" and not permits(CLINICIAN, caller.actor, caller.rights, running.rules):
        raise Problem(403, "not-permitted", "Only clinicians read what the referrer sent.")
    body = await queries.package(running, referral.state)
    if body is None:
        raise not_found("package any more: it was erased")
    return Response(body, 200, {"etag": f'"{referral.version}"'}, "application/json")


async def get_advice(running: Running, caller: Caller, referral: Referral) -> Response:
    """Why the clinic said no, and what it advises (REF-09): for the referrer, the patient and staff."""
    body = await queries.advice(running, referral.state)
    if body is None:
        raise not_found("advice")
    return Response(body, 200, {"etag": f'"{referral.version}"'}, "application/json")


async def submit_referral(call: Calling, body: ReferralSubmission) -> Response:
    """A new referral (201), an amendment or the same again (200). The key is (source_system, source_id)."""
    if call.caller.kind == "referrer" and call.caller.id != body.referrer.organisation_id:
        raise Problem(403, "not-permitted", "A referrer submits for their own organisation only.")
    if call.caller.kind == "partner" and call.caller.source_system != body.source_system:
        raise Problem(403, "not-permitted", "A partner submits for its own source_system only.")
    cause = call.cause()
    [order] = receive_referral(body, cause, call.runtime.rules)
    unread = unreadable(body, call.runtime.rules)
    raw = body.model_dump(mode="json")
    return await call.give(
        order, received(call, unread), refused=lambda outcome: flags_in(raw, call.runtime.rules), cause=cause
    )


def received(call: Call, unread: tuple[str, ...]) -> Callable[[Outcome], Answer]:
    """201 and where it is, or 200 for what was known. `unread`: numbers that can't be read."""

    def answer(outcome: Outcome) -> Answer:
        referral = outcome.one(REFERRAL)
        is_new = any(isinstance(event.fact, ReferralReceived) for event in outcome.events)
        return answer_with(
            referral,
            REFERRALS.document(referral, call.caller) | {"unreadable": list(unread)},
            status=201 if is_new else 200,
            parked=outcome.parked,
            location=f"/referrals/{referral.id}",
        )

    return answer


async def request_information(call: Calling, referral: Referral, body: InformationRequest) -> Response:
    """Ask for everything that is missing, or for named fields (X01)."""
    return await REFERRALS.give(call, referral, RequestInformation(fields=body.fields, note=body.note))


async def supply_information(call: Calling, referral: Referral, body: SuppliedInformation) -> Response:
    """Answer a request (X02). What is left out stays as it was."""
    check_days(body, call.runtime.rules.calendar.day(call.runtime.clock.now()))
    answer = REFERRALS.send(call, referral, supply(body, call.runtime.clock.now(), call.runtime.rules))
    return await REFERRALS.order(
        call, answer_request(referral.state.course, body, answer, call.runtime.rules)
    )


async def go_on_without(call: Calling, referral: Referral, body: Continuation) -> Response:
    """A clinician goes on without what was asked for (X03)."""
    return await REFERRALS.give(call, referral, GoOnWithout(reason=body.reason))


async def raise_red_flag(call: Calling, referral: Referral, body: Sign) -> Response:
    """A clinician learned of a sign."""
    return await REFERRALS.give(call, referral, RaiseRedFlag(**body.model_dump()))


async def resolve_red_flag(call: Calling, referral: Referral, flag_id: str, body: Resolution) -> Response:
    """A clinician assessed it."""
    command = ResolveRedFlag(flag_id=checked_id(flag_id), result=body.result, note=body.note)
    return await REFERRALS.give(call, referral, command)


async def triage(referral: Referral, call: Knowing, body: Triaging) -> Response:
    """Decide the urgency, again too (REF-12). Needs If-Match."""
    decided = REFERRALS.send(call, referral, Triage(**body.model_dump(exclude={"accept"})))
    accepted = (REFERRAL.send(Accept(), to=one(referral.id)),) if body.accept else ()
    return await REFERRALS.order(call, together(decided, *accepted))


async def ask_for_triage(call: Calling, referral: Referral) -> Response:
    """Ask for a triage, or another one."""
    return await REFERRALS.give(call, referral, AskForTriage())


async def review_wait(call: Calling, referral: Referral, body: WaitReview) -> Response:
    """A clinician asked how the waiting patient is; who is worse is triaged again (REF-10)."""
    command = ReviewWait(result=body.result, screen=body.red_flag_screen, note=body.note)
    return await REFERRALS.give(call, referral, command)


async def review_amendment(call: Calling, referral: Referral) -> Response:
    """A clinician has looked at what the sender changed after acceptance."""
    return await REFERRALS.give(call, referral, ReviewAmendment())


async def accept_referral(call: Calling, referral: Referral) -> Response:
    """The clinic takes responsibility (TID 02)."""
    return await REFERRALS.give(call, referral, Accept())


async def reject_referral(call: Calling, referral: Referral, body: Rejection) -> Response:
    """Decline, or answer with advice only (TID 03, 05, X04)."""
    return await REFERRALS.give(call, referral, Reject(**body.model_dump()))


async def redirect_referral(call: Calling, referral: Referral, body: Redirection) -> Response:
    """Another service fits better (TID 03)."""
    return await REFERRALS.give(call, referral, Redirect(**body.model_dump()))


ROUTES: tuple[Route, ...] = (
    get("/referrals", list_referrals, ReferralPage, reads="referral"),
    post("/referrals", submit_referral, ReferralDocument, status=201, also=200),
    get("/patients/{patient_id}/referrals", list_referrals_of_patient, PersonReferrals, reads="referral"),
    get("/referrals/{referral_id}", get_referral, ReferralDocument, reads="referral"),
    get("/referrals/{referral_id}/actions", get_referral_actions, Actions, reads="referral"),
    get("/referrals/{referral_id}/package", get_package, reads="package"),
    get("/referrals/{referral_id}/advice", get_advice, Advice, reads="advice"),
    post("/referrals/{referral_id}/information-requests", request_information, ReferralDocument),
    post("/referrals/{referral_id}/information", supply_information, ReferralDocument),
    post("/referrals/{referral_id}/continuations", go_on_without, ReferralDocument),
    post("/referrals/{referral_id}/red-flags", raise_red_flag, ReferralDocument),
    post("/referrals/{referral_id}/red-flags/{flag_id}/resolution", resolve_red_flag, ReferralDocument),
    post("/referrals/{referral_id}/triage", triage, ReferralDocument),
    post("/referrals/{referral_id}/triage-requests", ask_for_triage, ReferralDocument),
    post("/referrals/{referral_id}/wait-reviews", review_wait, ReferralDocument),
    post("/referrals/{referral_id}/amendment-review", review_amendment, ReferralDocument),
    post("/referrals/{referral_id}/accept", accept_referral, ReferralDocument),
    post("/referrals/{referral_id}/reject", reject_referral, ReferralDocument),
    post("/referrals/{referral_id}/redirect", redirect_referral, ReferralDocument),
)
