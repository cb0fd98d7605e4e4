"""What ends an appointment before its visit: cancelled, left, never meant to be there (SCH-07)."""

from collections.abc import Sequence
from datetime import timedelta
from math import floor
from typing import Any

from backbone.model import Decision, Given, Refused, Step, Table, by
from schemas.scheduling.v1.appointment import AppointmentCancelled
from schemas.scheduling.v1.codes import By
from schemas.scheduling.v1.offer import OfferExpired
from services.scheduling.appointment.commands import CancelAppointment, MarkInError
from services.scheduling.appointment.states import (
    Booked,
    Cancelled,
    Dated,
    Fulfilled,
    Here,
    InError,
    Known,
    NoAppointment,
    NoShow,
    Pending,
    Proposed,
    Waiting,
    is_agreed,
)
from services.scheduling.referral_record.states import IN_ERROR, Missed, record_of
from services.scheduling.roles import ANYBODY_INVOLVED, RECEPTION, REGISTRAR, speaks_for_another
from services.scheduling.rules import Rules

HOUR = timedelta(hours=1)
LEFT = "left_before_seen"


def not_theirs_to_say(command: CancelAppointment, given: Given[Rules]) -> Refused | None:
    if command.reason == IN_ERROR and given.actor.kind != "system":
        return Refused("only a registrar marks as entered in error", ("MarkInError",), "not-permitted")
    return speaks_for_another(command.by, given)


def off(state: Known, by: By, reason: str, cna_count: int, **said: Any) -> AppointmentCancelled:
    """What every end says: of which date, of which request and day."""
    return AppointmentCancelled(
        version=state.date.version if isinstance(state, Dated) else 0,
        by=by,
        reason=reason,
        cna_count=cna_count,
        joint_day_id=getattr(state, "joint_day_id", None),
        procedure_id=state.matter.procedure_id,
        booking_request_id=state.matter.booking_request_id,
        purpose=state.matter.purpose,
        activity_id=state.matter.activity_id,
        **{"notice_hours": 0, "counts": False} | said,
    )


def cancelled(state: Pending | Booked | Here, command: CancelAppointment, given: Given[Rules]) -> Decision:
    """Only what the patient has agreed to and cancels counts (ATT-03, ATT-10): once for a whole joint day."""
    record, this = record_of(state.referral_id, given), Missed(given.target, state.joint_day_id)
    counts = command.by == "patient" and record.cancellations(this) > record.cancellations()
    counts = counts and is_agreed(state)
    known = record.cancellations(*((this,) if counts else ()))
    notice = max(0, floor((state.date.start - given.at) / HOUR))
    return [off(state, command.by, command.reason, known, notice_hours=notice, counts=counts)]


@by(ANYBODY_INVOLVED)
def cancel(state: Pending | Booked, command: CancelAppointment, given: Given[Rules]) -> Decision:
    return not_theirs_to_say(command, given) or cancelled(state, command, given)


@by(RECEPTION)
def leave(state: Here, command: CancelAppointment, given: Given[Rules]) -> Decision:
    """Who is here can only go before being seen; the desk sees it."""
    if command.reason != LEFT:
        return Refused(f"the patient is here: only {LEFT} ends this", code="patient-is-here")
    return not_theirs_to_say(command, given) or cancelled(state, command, given)


@by(ANYBODY_INVOLVED)
def cancel_undated(state: Waiting | Proposed, command: CancelAppointment, given: Given[Rules]) -> Decision:
    """Without a date nothing counts."""
    known = record_of(state.referral_id, given).cancellations()
    return not_theirs_to_say(command, given) or [
        *offer_over(state),
        off(state, command.by, command.reason, known),
    ]


def offer_over(state: Known) -> Sequence[Step]:
    """Whoever waits for the answer hears that there will be none."""
    return [OfferExpired(offer_id=state.offer_id, counts=False)] if isinstance(state, Proposed) else []


@by(ANYBODY_INVOLVED)
def cancel_again(
    state: NoAppointment | Fulfilled | NoShow | Cancelled | InError,
    command: CancelAppointment,
    given: Given[Rules],
) -> Decision:
    """A fact that ends everything finds nothing left to cancel; a person is told."""
    if given.actor.kind == "system" or isinstance(state, Cancelled):
        return ()
    return Refused("there is nothing left to cancel", code="refused")


@by(REGISTRAR)
def mark_in_error(
    state: Waiting | Proposed | Pending | Booked | Here | NoShow | Cancelled,
    command: MarkInError,
    given: Given[Rules],
) -> Decision:
    """What it counted for the patient is taken back."""
    known = record_of(state.referral_id, given).cancellations(without=given.target)
    return [*offer_over(state), off(state, "system", IN_ERROR, known)]


CANCELLATION = Table(cancel, leave, cancel_undated, cancel_again, mark_in_error)
