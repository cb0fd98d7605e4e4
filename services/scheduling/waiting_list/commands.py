"""What can be asked of a place on the waiting list."""

from datetime import date

from backbone.model import Command
from schemas.scheduling.v1.codes import LeftBecause
from services.scheduling.waiting_list.states import Place


class JoinList(Command, tag="join_list", kw_only=True, frozen=True):
    place: Place


class JoinAgain(Command, tag="join_again", kw_only=True, frozen=True):
    """For a first visit that did not take place; any other needs no list."""

    booking_request_id: str
    appointment_id: str
    referral_id: str


class RankEntry(Command, tag="rank_entry", kw_only=True, frozen=True):
    """Without a category it stays as it was."""

    category: str | None = None
    target_date: date


class NoteOffer(Command, tag="note_offer", kw_only=True, frozen=True):
    offer_id: str


class GoBack(Command, tag="go_back", kw_only=True, frozen=True):
    """The offer was declined or has expired."""

    offer_id: str


class NoteAbsence(Command, tag="note_absence", kw_only=True, frozen=True):
    """ATT-06: an absence, or another end of it."""

    period_id: str
    start: date
    end: date | None = None


class PauseEntry(Command, tag="pause_entry", kw_only=True, frozen=True):
    """Timer: an absence begins."""


class ResumeEntry(Command, tag="resume_entry", kw_only=True, frozen=True):
    """Timer: an absence is over."""


class AgreeToShortNotice(Command, tag="agree_to_short_notice", kw_only=True, frozen=True):
    """The patient takes a freed time of a few days later too, or no longer does (ATT-09)."""

    agreed: bool


class LeaveList(Command, tag="leave_list", kw_only=True, frozen=True):
    reason: LeftBecause


class RemoveEntry(Command, tag="remove_entry", kw_only=True, frozen=True):
    """A coordinator takes the patient off the list."""

    reason: LeftBecause
