"""Taking a referral back: asked by referrer or patient, confirmed by a coordinator (TID 04, 07, 14, 20, 22, 23, 28,
34, X05, X09); and what should never have been here (X14)."""

from backbone.model import Decision, Given, Refused, Table, by, decider
from schemas.referral.v1.codes import CANCELLATION_REASON, ERROR_REASON
from schemas.referral.v1.ends import MarkedInError
from schemas.referral.v1.referral import CancellationRequested as AskedBack
from schemas.referral.v1.referral import ReferralWithdrawn
from services.referral.referral.commands import ConfirmCancellation, MarkInError, RequestCancellation
from services.referral.referral.decide.amendment import not_the_owner
from services.referral.referral.decide.information import not_the_patient, noted
from services.referral.referral.states import CancellationRequested, Cancelled, Open
from services.referral.roles import COORDINATOR, REGISTRAR, TAKES_BACK
from services.referral.rules import Rules


@by(TAKES_BACK)
def request_cancellation(state: Open, command: RequestCancellation, given: Given[Rules]) -> Decision:
    """A coordinator says for whom; the others ask for themselves (REF-13: with a reason)."""
    if wrong := not_the_owner(state.course, given) or not_the_patient(given):
        return wrong
    if command.reason not in CANCELLATION_REASON or command.reason == "died":
        return Refused(f"{command.reason} is no reason to take a referral back", code="unknown-code")
    asked_by = given.actor.kind if given.actor.kind in ("referrer", "patient") else command.by
    if asked_by is None:
        return Refused("say for whom: the referrer or the patient", code="reason-missing")
    asked = AskedBack(by=asked_by, reason=command.reason)  # type: ignore[arg-type]
    return [asked, *noted(command.note, "request_cancellation", given)]


@by(TAKES_BACK)
def request_again(
    state: CancellationRequested, command: RequestCancellation, given: Given[Rules]
) -> Decision:
    """The same again changes nothing."""
    if state.reason == command.reason and (command.by or given.actor.kind) == state.by:
        return ()
    return Refused(f"asked already by the {state.by}", instead=("ConfirmCancellation", "RecordOutcome"))


@by(COORDINATOR)
def confirm_cancellation(
    state: CancellationRequested, command: ConfirmCancellation, given: Given[Rules]
) -> Decision:
    """TID 23"""
    return [ReferralWithdrawn(by=state.by, reason=state.reason, confirmed_by=decider(given))]


@by(COORDINATOR)
def confirm_again(state: Cancelled, command: ConfirmCancellation, given: Given[Rules]) -> Decision:
    return Refused(f"cancelled already by {state.decided_by}", code="decided-already")


@by(REGISTRAR)
def mark_in_error(state: Open | CancellationRequested, command: MarkInError, given: Given[Rules]) -> Decision:
    """X14, REF-13"""
    if command.reason not in ERROR_REASON:
        return Refused(f"{command.reason} is no reason to mark a referral in error", code="unknown-code")
    marked = MarkedInError(reason=command.reason, by_id=decider(given))
    return [marked, *noted(command.note, "mark_in_error", given)]


CANCELLATION = Table(request_cancellation, request_again, confirm_cancellation, confirm_again, mark_in_error)
