"""What can be asked of a referral. Constraints stand in the types: HTTP, Kafka and tests agree on what a
command is."""

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from backbone.model import Command
from schemas.codes import Complexity, Priority, RedFlag, RedFlagResult
from schemas.referral.v1.codes import Asking
from services.referral.referral.content import Answers, Package
from services.referral.referral.states import Period

Text = Annotated[str, Meta(min_length=1, max_length=8000)]
Code = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:/+-]{0,63}$")]


class GoOnFrom(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a referral keeps of the one that ended by mistake, or too early. Without a clock it begins its own."""

    referral_id: str
    clock_start: datetime | None = None
    unavailable: tuple[Period, ...] = ()
    unclear: tuple[RedFlag, ...] = ()
    """What nobody could answer yet."""


class ReceiveReferral(Command, tag="receive_referral", kw_only=True, frozen=True):
    """TID 01, and every later delivery under the same identifier of the sender."""

    source_system: Code
    source_id: str
    package: Package
    received_at: datetime | None = None
    """When its record says that it was sent."""
    referred_on: date | None = None
    """The day that the referral bears."""
    age_years: int | None = None
    """On the day of receipt; it is not part of the package, so that a birthday is no amendment."""
    goes_on_from: GoOnFrom | None = None


class RequestInformation(Command, tag="request_information", kw_only=True, frozen=True):
    """X01. Without `fields`: everything that is missing, at once."""

    fields: tuple[Code, ...] = ()
    note: str | None = None


class SupplyInformation(Command, tag="supply_information", kw_only=True, frozen=True):
    """X02. `about_patient`: what was said about the person went to the registry with the same request."""

    answers: Answers
    about_patient: bool = False
    age_years: int | None = None


class GoOnWithout(Command, tag="go_on_without", kw_only=True, frozen=True):
    """X03"""

    reason: Text


class RemindOfInformation(Command, tag="remind_of_information", kw_only=True, frozen=True):
    """Timer, REF-08."""

    due_on: date


class AskForDecision(Command, tag="ask_for_decision", kw_only=True, frozen=True):
    """Timer, REF-08: nothing came, a person decides."""

    due_on: date


class RaiseRedFlag(Command, tag="raise_red_flag", kw_only=True, frozen=True):
    """Somebody learned of a sign, on the telephone or in a screen."""

    flag: RedFlag
    source: Literal["screen", "call"] = "call"
    is_past: bool | None = None
    """Of an overdose. What nobody says is as if it were now."""


class RaiseOpenFlags(Command, tag="raise_open_flags", kw_only=True, frozen=True):
    """A death was taken back: what nobody had assessed is somebody's work again."""


class FollowEscalation(Command, tag="follow_escalation", kw_only=True, frozen=True):
    """Whoever was called about a flag has taken it up."""

    flag_id: str
    by_id: str
    at: datetime


class ResolveRedFlag(Command, tag="resolve_red_flag", kw_only=True, frozen=True):
    flag_id: str
    result: RedFlagResult
    note: str | None = None


class AskForTriage(Command, tag="ask_for_triage", kw_only=True, frozen=True):
    """A triage, or another one, is wanted."""


class NoteDose(Command, tag="note_opioid_dose", kw_only=True, frozen=True):
    """What the patient's opioids come to was assessed `at`: high, or not (any more)."""

    high: bool
    at: datetime


class Triage(Command, tag="triage", kw_only=True, frozen=True):
    """A clinician decides how urgent it is (REF-12)."""

    category: Code
    comment: Text
    priority: Priority | None = None
    complexity: Complexity | None = None


class ReviewAmendment(Command, tag="review_amendment", kw_only=True, frozen=True):
    """What its sender changed after the decision was looked at."""


class Accept(Command, tag="accept", kw_only=True, frozen=True):
    """TID 02"""


class Reject(Command, tag="reject", kw_only=True, frozen=True):
    """TID 03, 05, X04"""

    code: Code
    text: Text
    advice: Text
    disposition: Literal["rejected", "advice_only"] = "rejected"
    may_reopen_until: date | None = None


class Redirect(Command, tag="redirect", kw_only=True, frozen=True):
    """TID 03 to another service."""

    code: Code
    to_service: Code
    text: Text
    advice: Text


class RequestCancellation(Command, tag="request_cancellation", kw_only=True, frozen=True):
    """TID 04, 07, 14, 20, 22, 28, X05, X09. `by`: for whom, where staff ask for them."""

    reason: Code
    by: Asking | None = None
    note: str | None = None


class ConfirmCancellation(Command, tag="confirm_cancellation", kw_only=True, frozen=True):
    """TID 23"""


class FollowOutside(Command, tag="follow_outside", kw_only=True, frozen=True):
    """TID 31, 32: an outside system has a visit, or tells how it goes."""

    move: Literal["visit_scheduled", "interim_note"]


class NoteInterim(Command, tag="note_interim", kw_only=True, frozen=True):
    """TID 08, 29: what the referrer is told while care goes on."""

    note: Text


class RecordOutcome(Command, tag="record_outcome", kw_only=True, frozen=True):
    """TID 09, 24, X12: it ends without a visit."""

    outcome: Code
    note: Text


class GiveUpMissedVisit(Command, tag="give_up_missed_visit", kw_only=True, frozen=True):
    """TID 19: the missed appointment stands no longer."""


class Reopen(Command, tag="reopen", kw_only=True, frozen=True):
    """It ended by mistake, or too early for the patient, and goes on as `successor_id`."""

    successor_id: str
    reason: Text


class MarkInError(Command, tag="mark_in_error", kw_only=True, frozen=True):
    """X14"""

    reason: Code
    note: str | None = None


class SuspectDuplicate(Command, tag="suspect_duplicate", kw_only=True, frozen=True):
    """A match rule hit. A person decides."""

    other_referral_id: str
    basis: tuple[Code, ...]
    more: int | None = None


class LinkAsDuplicate(Command, tag="link_as_duplicate", kw_only=True, frozen=True):
    """X13: this one ends, the other goes on."""

    kept_id: str


class FollowLink(Command, tag="follow_link", kw_only=True, frozen=True):
    """What this one was linked with was linked itself: the other goes on for both."""

    kept_id: str


class KeepWithDuplicate(Command, tag="keep_with_duplicate", kw_only=True, frozen=True):
    """X13 at the one that is kept."""

    duplicate_id: str


class DismissDuplicate(Command, tag="dismiss_duplicate", kw_only=True, frozen=True):
    """It is another matter."""

    other_referral_id: str


class EndWithDeath(Command, tag="end_with_death", kw_only=True, frozen=True):
    """The patient died; `decided_by` recorded it."""

    decided_by: str
