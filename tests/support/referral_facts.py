"""Object mothers: facts of the referral service as a worklist hears them."""

from datetime import date
from typing import Any

from backbone.ids import ROOT, derive
from schemas.referral.v1.referral import (
    FoundComplete,
    FoundIncomplete,
    InformationNotReceived,
    InformationRequested,
    InformationSupplied,
    RedFlagRaised,
    RedFlagResolved,
    RedFlagUnclear,
    ReferralAccepted,
    ReferralProgressed,
    ReferralRedirected,
    ReferralRejected,
    ReferralTriaged,
    TriageSuggested,
)
from schemas.scheduling.v1.booking import BookingRequested
from tests.support.desk import FLAG

SOMEBODY = derive(ROOT, "a clinician")
NOTE = derive(ROOT, "a note")
BOOKING = derive(ROOT, "booking request 1")


def found_incomplete(**fields: Any) -> FoundIncomplete:
    return FoundIncomplete(**{"missing": ("function",)} | fields)


def found_complete() -> FoundComplete:
    return FoundComplete(version=1)


def information_requested(
    reminder_on: str = "2027-01-18", decide_on: str = "2027-01-25"
) -> InformationRequested:
    return InformationRequested(
        missing=("function",),
        reminder_on=date.fromisoformat(reminder_on),
        decide_on=date.fromisoformat(decide_on),
        clock="continue",
    )


def information_supplied() -> InformationSupplied:
    return InformationSupplied(supplied=("function",), still_missing=())


def information_not_received(stage: Any) -> InformationNotReceived:
    return InformationNotReceived(stage=stage, missing=("function",))


def red_flag_raised(
    flag: Any = "suicide_mental_health", severity: Any = "same_day", flag_id: str = FLAG
) -> RedFlagRaised:
    return RedFlagRaised(flag_id=flag_id, flag=flag, severity=severity, source="referral")


def red_flag_resolved(flag: Any = "suicide_mental_health", flag_id: str = FLAG) -> RedFlagResolved:
    return RedFlagResolved(flag_id=flag_id, flag=flag, result="assessed_continue", decided_by=SOMEBODY)


def red_flag_unclear() -> RedFlagUnclear:
    return RedFlagUnclear(flags=("malignancy",))


def triage_suggested(category: Any = "cat_2") -> TriageSuggested:
    return TriageSuggested(category=category, concerns=(), advisories=())


def triaged(category: Any = "cat_2", target_date: str = "2027-04-04") -> ReferralTriaged:
    return ReferralTriaged(
        triage_no=1,
        scheme="AU-QLD",
        category=category,
        priority="routine",
        target_days=90,
        target_date=date.fromisoformat(target_date),
        agrees_with_suggestion=True,
        decided_by=SOMEBODY,
        note_ref=NOTE,
    )


def accepted(category: Any = "cat_2", target_date: str = "2027-04-04") -> ReferralAccepted:
    return ReferralAccepted(
        category=category, target_date=date.fromisoformat(target_date), decided_by=SOMEBODY
    )


def rejected() -> ReferralRejected:
    return ReferralRejected(
        code="INFO_NOT_RECEIVED", disposition="rejected", advice_ref=NOTE, decided_by=SOMEBODY
    )


def redirected() -> ReferralRedirected:
    return ReferralRedirected(
        code="OUT_OF_CATCHMENT", to_service="other_pain_service", advice_ref=NOTE, decided_by=SOMEBODY
    )


def progressed(tid: Any = "X03") -> ReferralProgressed:
    return ReferralProgressed(**{"from": "information_requested", "to": "received", "tid": tid})


def booking_requested(
    priority: Any = "routine", request: str = BOOKING, discipline: Any = "medical"
) -> BookingRequested:
    """What scheduling asks for after acceptance."""
    return BookingRequested(
        booking_request_id=request,
        purpose="initial_consultation",
        discipline=discipline,
        count=1,
        remote=False,
        priority=priority,
    )
