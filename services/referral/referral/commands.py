"""What can be asked of a referral. Constraints stand in the types: HTTP, Kafka and tests agree on what a
command is."""

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta

from backbone.model import Command
from schemas.codes import Complexity, Priority, RedFlag, RedFlagResult
from services.referral.referral.content import Answers, Package

Text = Annotated[str, Meta(min_length=1, max_length=8000)]
Code = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:/+-]{0,63}$")]


class ReceiveReferral(Command, tag="receive_referral", kw_only=True, frozen=True):
    """TID 01, and every later delivery under the same identifier of the sender."""

    source_system: Code
    source_id: str
    package: Package
    received_at: datetime | None = None
    """When its record says that it was sent."""
    age_years: int | None = None
    """On the day of receipt; it is not part of the package, so that a birthday is no amendment."""


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


class Triage(Command, tag="triage", kw_only=True, frozen=True):
    """A clinician decides how urgent it is (REF-12)."""

    category: Code
    comment: Text
    priority: Priority | None = None
    complexity: Complexity | None = None


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
