"""What requests about referrals say, and what is shown of one. No names, no narrative. Unknown fields are errors."""

from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from pydantic import BaseModel, Field

from backbone.http.calls import Document, RequestBody
from backbone.http.identity import Principal
from backbone.http.listing import PersonPage
from backbone.http.resources import UnverifiedDocument
from backbone.model import Snapshot, tag_of
from schemas.codes import RED_FLAG_RESULT, Complexity, Priority, RedFlag, RedFlagResult, ReferralStatus
from schemas.fact import SOME, Code, Day, Id, Instant, Word, YesNo
from schemas.referral.v1.codes import DATA_FIELD, ENDING, WaitReviewResult
from schemas.said import Text
from services.referral.likeness.documents import Suspected
from services.referral.referral.content import Screened
from services.referral.referral.decide.red_flags import unclear_flag_id
from services.referral.referral.decide.screening import unheard
from services.referral.referral.states import (
    AwaitingInformation,
    CancellationRequested,
    Cancelled,
    Completed,
    EnteredInError,
    Known,
    Rejected,
)
from services.referral.rules import Rules


def flags_in(body: Any, rules: Rules) -> Document:
    """What is said besides to who sent a referral that was not taken."""
    return {"urgent": urgent} if (urgent := unheard(body, rules)) else {}


class InformationRequest(RequestBody):
    """Without fields: everything that is missing, at once."""

    fields: Annotated[tuple[Annotated[str, DATA_FIELD.only], ...], SOME] = ()
    note: Text | None = None


class Continuation(RequestBody):
    """Why the referral goes on without what was asked for."""

    reason: Text


class Triaging(RequestBody):
    """How urgent it is; `accept` takes the patient on in the same act. The comment is mandatory (REF-12)."""

    category: Word
    comment: Text
    priority: Priority | None = None
    complexity: Complexity | None = None
    accept: YesNo = False


class Rejection(RequestBody):
    """Code, text and advice (REF-09)."""

    code: Annotated[str, ENDING.only]
    text: Text
    advice: Text
    disposition: Literal["rejected", "advice_only"] = "rejected"
    may_reopen_until: Day | None = None


class Redirection(RequestBody):
    """Code, service, text and advice (REF-09)."""

    code: Annotated[str, ENDING.only]
    to_service: Word
    text: Text
    advice: Text


class Sign(RequestBody):
    """A red flag that somebody learned of."""

    flag: RedFlag
    source: Literal["screen", "call"] = "call"
    is_past: YesNo | None = None


class WaitReview(RequestBody):
    """How a waiting patient is, and the red-flag screen once more (REF-10)."""

    result: WaitReviewResult
    red_flag_screen: Annotated[dict[RedFlag, Screened], Field(max_length=20, default_factory=dict)]
    note: Text | None = None


class Resolution(RequestBody):
    """What a clinician found."""

    result: Annotated[str, RED_FLAG_RESULT.only]
    note: Text | None = None


class Advice(BaseModel):
    """What was written when the clinic said no."""

    text: str
    advice: str


class Flag(BaseModel):
    flag_id: Id
    flag: RedFlag
    severity: str | None = None
    result: RedFlagResult | None = None
    acknowledged_by: Id | None = None


class RunningRequest(BaseModel):
    asked: list[Code]
    reminder_on: date
    decide_on: date
    overdue: bool


class Decision(BaseModel):
    disposition: str
    code: Code | None = None
    decided_by: Id | None = None
    kept_id: Id | None = None


class Suggestion(BaseModel):
    category: Code
    concerns: list[Code] = []
    advisories: list[Code] = []


class Urgency(BaseModel):
    triage_no: int
    scheme: Code
    category: Code
    target_date: date
    decided_by: Id


class ReferralOutline(BaseModel):
    """What referrer and patient see."""

    id: Id
    version: int
    status: ReferralStatus
    referrer_org_id: Id
    clock_start: str
    target_date: date | None
    missing: list[Code]
    unreadable: list[str] = Field(
        [], description="Telephone numbers in what was just sent that are none; received as not said"
    )
    information_request: RunningRequest | None
    decision: Decision | None
    successor_id: Id | None = Field(None, description="As which referral it goes on: it had ended by mistake")
    parked: bool = False


class ReferralDocument(ReferralOutline):
    """What staff see, absent for others. Flags one by one: for those who may read `package`."""

    patient_id: Id | None = None
    source_system: Code | None = None
    referrer_type: str | None = None
    package_version: int | None = None
    complete: bool | None = None
    went_on_without: bool | None = None
    open_red_flags: int | None = None
    red_flags: list[Flag] = []
    unclear_flags: list[Flag] = []
    suspicions: list[Suspected] = []
    attached: list[Id] = []
    linked: list[Id] = Field(
        [], description="Duplicates that ended in this one; their red flags are its own too"
    )
    suggestion: Suggestion | None = None
    urgency: Urgency | None = None
    unverified: list[UnverifiedDocument] = []
    waiting_days: int | None = Field(
        None, description="Days from the start of the clock to the first visit or today, absences deducted"
    )


class ReferralPage(BaseModel):
    """In order of id; `next` is the cursor of the page after, absent on the last one."""

    referrals: list[ReferralDocument]
    next: str | None = None


class PersonReferrals(PersonPage):
    """`changed_at`: when something was decided last."""

    class Listed(ReferralDocument):
        changed_at: Instant

    referrals: list[Listed]


def document(referral: Snapshot[Known], caller: Principal) -> Document:
    """What all of a kind may see: no advisories, which tell of drugs, and not which red flags (PRV-13)."""
    seen = whole(referral, caller)
    suggestion = seen.get("suggestion") or {}
    for part, name in ((seen, "red_flags"), (seen, "unclear_flags"), (suggestion, "advisories")):
        part.pop(name, None)
    return seen


def whole(referral: Snapshot[Known], caller: Principal) -> Document:
    """With advisories and red flags, for those who read what the referrer sent."""
    return (shown if caller.kind == "user" else outline)(referral.id, referral.state)


def shown(referral_id: str, state: Known) -> Document:
    """What staff see."""
    course = state.course
    return {
        **outline(referral_id, state),
        "patient_id": course.patient_id,
        "source_system": course.source_system,
        "referrer_type": course.referrer_type,
        "package_version": course.package_version,
        "complete": course.complete,
        "went_on_without": course.went_on_without,
        "open_red_flags": sum(flag.result is None for flag in course.flags),
        "red_flags": [msgspec.to_builtins(flag) for flag in course.flags],
        "unclear_flags": [
            {"flag_id": unclear_flag_id(referral_id, flag), "flag": flag} for flag in course.unclear
        ],
        "suspicions": [msgspec.to_builtins(each) for each in course.suspicions],
        "attached": list(course.attached),
        "linked": list(course.linked),
        "suggestion": msgspec.to_builtins(course.suggestion),
        "urgency": msgspec.to_builtins(course.urgency),
        "first_visit": {
            "appointment_id": course.visit.appointment_id,
            "attended_at": msgspec.to_builtins(course.visit.attended_at),
            "outcome": course.visit.outcome,
        },
    }


def outline(referral_id: str, state: Known) -> Document:
    """What the referrer and the patient see: status, dates, what is asked for, what was decided (PRV-15)."""
    course = state.course
    return {
        "id": referral_id,
        "status": tag_of(type(state)),
        "referrer_org_id": course.referrer_org_id,
        "clock_start": course.clock_start.isoformat().replace("+00:00", "Z"),
        "target_date": course.urgency.target_date.isoformat() if course.urgency else None,
        "missing": list(course.missing),
        "information_request": requested(state),
        "decision": decision(state),
        "successor_id": course.successor_id,
    }


def requested(state: Known) -> Document | None:
    if not isinstance(state, AwaitingInformation):
        return None
    return {
        "asked": list(state.asked),
        "reminder_on": state.reminder_on.isoformat(),
        "decide_on": state.decide_on.isoformat(),
        "overdue": state.overdue,
    }


def decision(state: Known) -> Document | None:
    if isinstance(state, Completed):
        return {"disposition": "completed", "outcome": state.outcome, "decided_by": state.decided_by}
    if isinstance(state, Rejected):
        return {"disposition": state.disposition, "code": state.code, "decided_by": state.decided_by}
    if isinstance(state, CancellationRequested):
        return {"disposition": "cancellation_requested", "code": state.reason, "decided_by": None}
    if isinstance(state, Cancelled):
        return {
            "disposition": "cancelled",
            "code": state.reason,
            "decided_by": state.decided_by,
            "kept_id": state.kept_id,
        }
    if isinstance(state, EnteredInError):
        return {"disposition": "entered_in_error", "code": state.reason, "decided_by": state.by_id}
    if state.course.accepted_by:
        return {"disposition": "accepted", "decided_by": state.course.accepted_by}
    return None
