"""Bodies of requests and answers. Constraints are those of the commands; unknown fields are errors."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from schemas.codes import Complexity, Priority, RedFlag, RedFlagResult, ReferralStatus
from schemas.fact import Code, Id

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=8000)]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class InformationRequest(Body):
    """Without fields: everything that is missing, at once."""

    fields: tuple[Code, ...] = ()
    note: Text | None = None


class Continuation(Body):
    """Why the referral goes on without what was asked for."""

    reason: Text


class Triaging(Body):
    """How urgent it is; `accept` takes the patient on in the same act. The comment is mandatory (REF-12)."""

    category: Code
    comment: Text
    priority: Priority | None = None
    complexity: Complexity | None = None
    accept: bool = False


class Rejection(Body):
    """Code, text and advice (REF-09)."""

    code: Code
    text: Text
    advice: Text
    disposition: Literal["rejected", "advice_only"] = "rejected"
    may_reopen_until: date | None = None


class Redirection(Body):
    """Code, service, text and advice (REF-09)."""

    code: Code
    to_service: Code
    text: Text
    advice: Text


class Sign(Body):
    """A red flag that somebody learned of."""

    flag: RedFlag
    source: Literal["screen", "call"] = "call"


class Resolution(Body):
    """What a clinician found."""

    result: RedFlagResult
    note: Text | None = None


class Flag(BaseModel):
    flag_id: Id
    flag: RedFlag
    severity: str | None = None
    result: RedFlagResult | None = None


class RunningRequest(BaseModel):
    asked: list[Code]
    reminder_on: date
    decide_on: date
    overdue: bool


class Decision(BaseModel):
    disposition: str
    code: Code | None = None
    decided_by: Id


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
    information_request: RunningRequest | None
    decision: Decision | None
    parked: bool = False


class ReferralDocument(ReferralOutline):
    """What staff see; the fields that only staff see are absent for others."""

    patient_id: Id | None = None
    source_system: Code | None = None
    referrer_type: str | None = None
    package_version: int | None = None
    complete: bool | None = None
    went_on_without: bool | None = None
    red_flags: list[Flag] = []
    unclear_flags: list[Flag] = []
    suggestion: Suggestion | None = None
    urgency: Urgency | None = None
    waiting_days: int | None = Field(
        None, description="Days from the start of the clock to the first visit or today, absences deducted"
    )


class ReferralPage(BaseModel):
    """In order of id; `next` is the cursor of the page after, absent on the last one."""

    referrals: list[ReferralDocument]
    next: str | None = None


class ActionDocument(BaseModel):
    action: Code
    allowed: bool
    roles: list[str] = Field(default=[], description="Staff roles that may")
    kinds: list[str] = Field(default=[], description="Other kinds of callers that may")
    reason: str | None = None


class Actions(BaseModel):
    version: int
    actions: list[ActionDocument]


class PatientLabel(BaseModel):
    """Initials and number: what people see beside an item on the board (PRV-40)."""

    patient_id: Id
    label: str
