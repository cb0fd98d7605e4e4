"""What may happen to the opioid checks of a referral."""

from datetime import date

from backbone.model import Command
from schemas.care_plan.v1.codes import CheckResult


class FollowOpioids(Command, tag="follow_opioids", kw_only=True):
    """The referral was accepted, its first consultation `begun`, or held (`seen`, by whom)."""

    patient_id: str
    referral_id: str
    seen: bool = False
    begun: bool = False
    held_by: str | None = None


class LookAtOpioids(Command, tag="look_at_opioids", kw_only=True):
    """What is known of the patient's opioids may be different now."""

    patient_id: str


class AskAgain(Command, tag="ask_opioid_checks_again", kw_only=True):
    """Timer: a check that recurs is near its date."""

    due_on: date


class RecordCheck(Command, tag="record_opioid_check", kw_only=True):
    """`criteria`: how many of the eleven of DSM-5 a review found in twelve months (OPI-13)."""

    check_id: str
    result: CheckResult
    criteria: int | None = None


class EndChecks(Command, tag="end_opioid_checks"):
    """The referral ended."""
