"""What can be asked of an appointment."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from backbone.model import Command
from schemas.scheduling.v1.codes import By, Checkpoint, ConfirmedVia, ContactMode, Exemption, NonAttendance
from services.scheduling.appointment.states import Matter
from services.scheduling.slot.states import SlotTime

Code = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:/+-]{0,63}$")]


class FreedTime(Struct, frozen=True):
    """What is offered was given back: which slot, to whose place on the waiting list (ATT-09)."""

    slot_id: str
    entry_id: str


class OfferDates(Command, tag="offer_dates", kw_only=True, frozen=True):
    matter: Matter
    offer_id: str
    choices: tuple[SlotTime, ...]
    mode: ContactMode
    hold_until: datetime
    freed: FreedTime | None = None
    referral_id: str | None = None
    """Of a procedure's request: what comes before it is asked of its referral."""
    assessments: tuple[str, ...] | None = None
    """Of a session: dates of the assessment that comes before it, if there is one."""


class DeclineOffer(Command, tag="decline_offer", kw_only=True, frozen=True):
    offer_id: str
    reason: Code | None = None


class ExpireOffer(Command, tag="expire_offer", kw_only=True, frozen=True):
    """Timer."""

    offer_id: str


class StopOffer(Command, tag="stop_offer", kw_only=True, frozen=True):
    """The referral was taken back: nobody is asked to choose any more."""


class BookDate(Command, tag="book_date", kw_only=True, frozen=True):
    """An agreed date. `offer_id` where the patient takes one of an offer's."""

    matter: Matter
    clinician_id: str
    start: datetime
    joint_day_id: str | None = None
    offer_id: str | None = None
    short_notice_accepted: bool = False
    referral_id: str | None = None
    assessments: tuple[str, ...] | None = None
    place: int = 1


class HoldDate(Command, tag="hold_date", kw_only=True, frozen=True):
    """Until every leg of the joint day is agreed."""

    matter: Matter
    clinician_id: str
    start: datetime
    joint_day_id: str
    hold_until: datetime
    assessments: tuple[str, ...] | None = None
    place: int = 1


class ReleaseHold(Command, tag="release_hold", kw_only=True, frozen=True):
    """The joint day was declined, or the hold has ended."""


class MoveDate(Command, tag="move_date", kw_only=True, frozen=True):
    clinician_id: str
    start: datetime
    by: By
    reason: Code
    assessments: tuple[str, ...] | None = None
    place: int = 1


class Confirm(Command, tag="confirm_appointment", kw_only=True, frozen=True):
    """The patient will come. `version`: the one that they were asked about."""

    via: ConfirmedVia
    version: int | None = None


class Arrive(Command, tag="arrive", kw_only=True, frozen=True):
    pass


class CheckIn(Command, tag="check_in", kw_only=True, frozen=True):
    pass


class BeginConsultation(Command, tag="begin_consultation", kw_only=True, frozen=True):
    consultation_id: str


class Attend(Command, tag="attend", kw_only=True, frozen=True):
    """The visit is done."""


class EndConsultation(Command, tag="end_consultation", kw_only=True, frozen=True):
    """The consultation, or the session, of this visit was completed."""


class MissAppointment(Command, tag="miss_appointment", kw_only=True, frozen=True):
    """A person says that nobody came (SCH-05)."""

    reason: NonAttendance = "UNKNOWN"
    exemptions: tuple[Exemption, ...] = ()


class CorrectAttendance(Command, tag="correct_attendance", kw_only=True, frozen=True):
    reason: Code


class CancelAppointment(Command, tag="cancel_appointment", kw_only=True, frozen=True):
    by: By
    reason: Code


class MarkInError(Command, tag="mark_in_error", kw_only=True, frozen=True):
    reason: Code


class LookAtAssessment(Command, tag="look_at_assessment", kw_only=True, frozen=True):
    """Something happened to its date; or, without one, nobody needs an assessment any more."""

    assessment_id: str | None = None


class LookAtOverlap(Command, tag="look_at_overlap", kw_only=True, frozen=True):
    """The person has another appointment at its time, under another record; or, without one, not any more."""

    other_id: str | None = None


class LookAtGates(Command, tag="look_at_gates", kw_only=True, frozen=True):
    """One of them was opened, met, failed or waived."""


class CheckGates(Command, tag="check_gates", kw_only=True, frozen=True):
    """Timer: so short before the start (PRC-06)."""

    checkpoint: Checkpoint
    version: int


class LetPass(Command, tag="let_pass", kw_only=True, frozen=True):
    """Timer: the start has come, and what had to be true before is not."""

    version: int


class ReleaseDate(Command, tag="release_date", kw_only=True, frozen=True):
    """A coordinator confirms that the date is let go: what had to be true before is not (PRC-06)."""
