"""The states of a referral. Names of states are BSeR's, with `information_requested` (referral.md)."""

from datetime import date, datetime

import msgspec

from backbone.model import State
from schemas.codes import RedFlag, ReferrerType, Severity
from schemas.referral.v1.codes import Asking


class Flag(msgspec.Struct, frozen=True, omit_defaults=True):
    """A red flag that was raised; open until a clinician has assessed it."""

    flag_id: str
    flag: RedFlag
    severity: Severity
    result: str | None = None
    acknowledged_by: str | None = None

    @property
    def is_open(self) -> bool:
        return self.result is None


class Suggestion(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the rules propose. Nobody has decided anything yet."""

    category: str
    concerns: tuple[str, ...] = ()
    advisories: tuple[str, ...] = ()


class Urgency(msgspec.Struct, frozen=True):
    """What a clinician decided about urgency, the latest of `triage_no` decisions."""

    triage_no: int
    scheme: str
    category: str
    target_date: date
    decided_by: str
    target_days: int = 0
    """0 where it was not kept: it follows from the target date."""


class Wait(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was told of the wait, so that nothing is told twice of the same target."""

    forecast_for: date | None = None
    breached_for: date | None = None
    reviews: int = 0
    """How often a review of the wait has fallen due."""


class Period(msgspec.Struct, frozen=True):
    """The patient is not available from `start` until (not including) `end`; None: not known yet."""

    period_id: str
    start: date
    end: date | None = None


class Suspicion(msgspec.Struct, frozen=True, omit_defaults=True):
    """The other referral may be about the same; until a named person says whether. `more`: so many others are
    as like and were not asked about."""

    other_referral_id: str
    basis: tuple[str, ...]
    decided_by: str | None = None
    more: int | None = None

    @property
    def is_open(self) -> bool:
        return self.decided_by is None

    @property
    def is_of_who_was_seen(self) -> bool:
        """The other one is over: whether the person is taken again, a clinician decides."""
        return "seen_recently" in self.basis


class Visit(msgspec.Struct, frozen=True, omit_defaults=True):
    """The first visit, as far as scheduling and care_plan have told of it."""

    appointment_id: str | None = None
    attended_at: datetime | None = None
    outcome: str | None = None
    detail: str | None = None
    """Why, or to whom, as the outcome asks for it."""
    ends: bool = False
    """The outcome ends the referral."""
    decided_by: str | None = None
    """Who came to the outcome."""
    sources: tuple[str, ...] = ()
    """Facts that were followed: none is followed twice."""

    @property
    def was_too_early(self) -> bool:
        """Not suitable yet, which may become otherwise (CON-03)."""
        return (self.outcome, self.detail) == ("NOT_SUITABLE", "NOT_READY")


GOES_ON = frozenset(
    {
        "MDT_PROGRAMME",
        "SINGLE_DISCIPLINE",
        "PROCEDURE_PATHWAY",
        "MEDICATION_REVIEW",
        "FURTHER_INVESTIGATION",
        "PIFU",
    }
)
"""Outcomes after which care goes on (TID 15); every other one ends the referral (TID 16)."""


class Course(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What every referral has, from its receipt on."""

    patient_id: str
    source_system: str
    referrer_type: ReferrerType
    referrer_org_id: str
    clock_start: datetime
    package_ref: str = ""
    """Names the content that holds the package as it is now."""
    submitted_ref: str = ""
    """What the sender said last."""
    package_version: int = 1
    age_years: int | None = None
    missing: tuple[str, ...] = ()
    complete: bool = False
    went_on_without: bool = False
    waived: tuple[str, ...] = ()
    """What a clinician goes on without. What is lost later is asked for."""
    to_review: int | None = None
    """The version that its sender made after acceptance, until somebody has looked."""
    flags: tuple[Flag, ...] = ()
    unclear: tuple[RedFlag, ...] = ()
    high_dose: bool = False
    """Of opioids, as it was assessed last."""
    dose_at: datetime | None = None
    """When that was."""
    suggestion: Suggestion | None = None
    urgency: Urgency | None = None
    accepted_by: str | None = None
    visit: Visit = Visit()
    unavailable: tuple[Period, ...] = ()
    wait: Wait = Wait()
    suspicions: tuple[Suspicion, ...] = ()
    attached: tuple[str, ...] = ()
    """Names the packages of duplicates that were linked with this one."""
    linked: tuple[str, ...] = ()
    """The duplicates themselves, with those that were linked with them before."""
    predecessor_id: str | None = None
    """Which referral this one goes on from, as that ended by mistake."""
    successor_id: str | None = None
    """As which referral it goes on, as it ended by mistake."""

    @property
    def suspected(self) -> tuple[Suspicion, ...]:
        """What nobody has decided yet."""
        return tuple(each for each in self.suspicions if each.is_open)

    @property
    def told_before(self) -> tuple[str, ...]:
        """Other referrals that go on in this one: what is open there comes first here too."""
        return (*self.linked, *((self.predecessor_id,) if self.predecessor_id else ()))

    @property
    def open_flags(self) -> tuple[Flag, ...]:
        return tuple(flag for flag in self.flags if flag.is_open)

    def flag(self, flag_id: str) -> Flag | None:
        return next((flag for flag in self.flags if flag.flag_id == flag_id), None)


class Draft(State, tag="draft", frozen=True, kw_only=True):
    """Nothing has arrived yet."""


class Received(State, tag="received", frozen=True, kw_only=True):
    course: Course


class AwaitingInformation(State, tag="information_requested", frozen=True, kw_only=True):
    course: Course
    asked: tuple[str, ...]
    reminder_on: date
    decide_on: date
    reminded: bool = False
    overdue: bool = False


class Accepted(State, tag="accepted", frozen=True, kw_only=True):
    course: Course
    decided_by: str


class Waitlisted(State, tag="waitlisted", frozen=True, kw_only=True):
    course: Course


class Active(State, tag="active", frozen=True, kw_only=True):
    """An outside system has the visit; whether it took place is known there."""

    course: Course


class Scheduled(State, tag="scheduled", frozen=True, kw_only=True):
    course: Course


class Unattended(State, tag="unattended", frozen=True, kw_only=True):
    course: Course


class AppointmentLost(State, tag="appointment_cancelled", frozen=True, kw_only=True):
    course: Course


class VisitCompleted(State, tag="visit_completed", frozen=True, kw_only=True):
    course: Course


class Completed(State, tag="completed", frozen=True, kw_only=True):
    """Terminal."""

    course: Course
    outcome: str
    decided_by: str | None = None


class Rejected(State, tag="rejected", frozen=True, kw_only=True):
    """Terminal. `disposition` is `rejected`, `advice_only` or `redirected`."""

    course: Course
    code: str
    disposition: str
    decided_by: str
    advice_ref: str | None = None
    """What was written to the referrer (REF-09)."""


class CancellationRequested(State, tag="cancellation_requested", frozen=True, kw_only=True):
    """Taken back, and not confirmed yet."""

    course: Course
    by: Asking
    reason: str


class Cancelled(State, tag="cancelled", frozen=True, kw_only=True):
    """Terminal: taken back, or a duplicate of `kept_id`, which goes on."""

    course: Course
    reason: str
    decided_by: str
    kept_id: str | None = None


class EnteredInError(State, tag="entered_in_error", frozen=True, kw_only=True):
    """Terminal."""

    course: Course
    reason: str
    by_id: str


OnTheWay = Accepted | Active | Waitlisted | Scheduled | Unattended | AppointmentLost
"""Accepted, and not seen yet."""
WithoutDate = Received | AwaitingInformation | Accepted | Waitlisted | Unattended | AppointmentLost
"""Waiting without an appointment."""
StillWaiting = WithoutDate | Active | Scheduled
"""The clock runs until the first visit."""

Open = Received | AwaitingInformation | OnTheWay | VisitCompleted
"""Nobody has taken it back."""

Over = Completed | Rejected | Cancelled | EnteredInError
"""Terminal states stay terminal."""

Known = Open | CancellationRequested | Over
