"""HTTP routes of what ends a referral without a visit, and of duplicates. No rules."""

from collections.abc import Callable

from fastapi.responses import Response

from backbone.engine.runtime import Outcome
from backbone.http.calls import Call, Calling, answer_with
from backbone.http.problems import Problem
from backbone.http.routes import post
from backbone.ids import derive
from backbone.model import Route
from backbone.store.rows import Answer
from services.referral.ending.documents import (
    Cancellation,
    Dismissal,
    Interim,
    Link,
    Mistake,
    OutsideMove,
    Reopening,
)
from services.referral.ending.documents import Outcome as Ending
from services.referral.patient.queries import holds_claim
from services.referral.referral import queries
from services.referral.referral.aggregate import REFERRAL
from services.referral.referral.commands import (
    ConfirmCancellation,
    DismissDuplicate,
    FollowOutside,
    GiveUpMissedVisit,
    MarkInError,
    NoteInterim,
    RecordOutcome,
    RequestCancellation,
)
from services.referral.referral.content import decode
from services.referral.referral.documents import ReferralDocument
from services.referral.referral.reactions import person
from services.referral.referral.reactions.intake import reopen
from services.referral.referral.routes import REFERRALS, FromOutside, Referral


async def request_cancellation(call: Calling, referral: Referral, body: Cancellation) -> Response:
    """The referrer or the patient takes it back, or a coordinator for them (TID 04 and its like)."""
    return await REFERRALS.give(call, referral, RequestCancellation(**body.model_dump()))


async def confirm_cancellation(call: Calling, referral: Referral) -> Response:
    """A coordinator confirms that it is taken back (TID 23)."""
    return await REFERRALS.give(call, referral, ConfirmCancellation())


async def note_interim(call: Calling, referral: Referral, body: Interim) -> Response:
    """A clinician writes to the referrer while care goes on (TID 08, 29)."""
    return await REFERRALS.give(call, referral, NoteInterim(note=body.note))


async def follow_outside(call: Calling, referral: FromOutside, body: OutsideMove) -> Response:
    """An outside system has the visit, or tells how it goes (TID 31, 32)."""
    return await REFERRALS.give(call, referral, FollowOutside(move=body.move))


async def record_outcome(call: Calling, referral: Referral, body: Ending) -> Response:
    """It ends without a visit (TID 09, 24, X12)."""
    return await REFERRALS.give(call, referral, RecordOutcome(outcome=body.outcome, note=body.note))


async def give_up_missed_visit(call: Calling, referral: Referral) -> Response:
    """The missed appointment stands no longer (TID 19)."""
    return await REFERRALS.give(call, referral, GiveUpMissedVisit())


async def mark_in_error(call: Calling, referral: Referral, body: Mistake) -> Response:
    """A registrar: it should never have been here (X14)."""
    return await REFERRALS.give(call, referral, MarkInError(reason=body.reason, note=body.note))


async def reopen_referral(call: Calling, referral: Referral, body: Reopening) -> Response:
    """A coordinator: it ended by mistake, and goes on as another referral, which keeps its clock. So does one that
    ended because the patient was not ready; whoever was seen waits anew."""
    package = await queries.package(call.runtime, referral.state)
    if package is None:
        raise Problem(409, "erased", "What was sent is erased: it must be sent anew.")
    successor_id = derive(referral.id, "reopened")
    order = reopen(referral, decode(package), successor_id, body.reason, call.expecting)
    return await call.give(order, answer=shown(call, successor_id, status=201))


async def link_duplicate(call: Calling, referral: Referral, body: Link) -> Response:
    """It is the same matter as another one, which goes on (X13)."""
    order = person.link(referral, body.kept_id, call.expecting)
    return await call.give(order, answer=shown(call, referral.id))


async def dismiss_duplicate(call: Calling, referral: Referral, body: Dismissal) -> Response:
    """It is another matter."""
    other = await call.runtime.load(REFERRAL, body.other_referral_id)
    command = DismissDuplicate(other_referral_id=body.other_referral_id)
    patient_id = referral.state.course.patient_id
    claimed = await holds_claim(call.runtime, patient_id, referral.id) if body.take_over else None
    order = person.dismiss(referral, other, command, claimed=claimed, expecting=call.expecting)
    return await REFERRALS.order(call, order)


def shown(call: Call, referral_id: str, status: int = 200) -> Callable[[Outcome], Answer]:
    """This referral as it is now; the order is about two."""

    def answer(outcome: Outcome) -> Answer:
        referral = outcome.snapshots[REFERRAL.kind, referral_id]
        document = REFERRALS.document(referral, call.caller)
        return answer_with(referral, document, status=status, parked=outcome.parked)

    return answer


ROUTES: tuple[Route, ...] = (
    post("/referrals/{referral_id}/cancellation-requests", request_cancellation, ReferralDocument),
    post("/referrals/{referral_id}/cancellation", confirm_cancellation, ReferralDocument),
    post("/referrals/{referral_id}/interim-notes", note_interim, ReferralDocument),
    post("/referrals/{referral_id}/outside-moves", follow_outside, ReferralDocument),
    post("/referrals/{referral_id}/outcome", record_outcome, ReferralDocument),
    post("/referrals/{referral_id}/missed-visit/end", give_up_missed_visit, ReferralDocument),
    post("/referrals/{referral_id}/entered-in-error", mark_in_error, ReferralDocument),
    post("/referrals/{referral_id}/reopening", reopen_referral, ReferralDocument, status=201),
    post("/referrals/{referral_id}/duplicate-link", link_duplicate, ReferralDocument),
    post("/referrals/{referral_id}/duplicate-dismissal", dismiss_duplicate, ReferralDocument),
)
