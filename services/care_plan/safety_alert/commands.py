"""What a safety alert is told: what may have set it off, and what a clinician does about it."""

from datetime import datetime
from decimal import Decimal

from backbone.model import Command
from schemas.care_plan.v1.codes import AlertCode, AlertResult
from schemas.fact import Code


class ConsiderAnswers(Command, tag="consider_answers"):
    """Answers to PHQ-9 came, complete or not, asked for or not (OUT-01). `submission_id` with the rule is the key."""

    submission_id: str
    answers: tuple[int | Decimal | None, ...]


class ConsiderWarnings(Command, tag="consider_warnings", kw_only=True):
    """Staff heard of warning signs of this kind of alert: each contact counts once."""

    contact_id: str
    code: AlertCode
    procedure_id: str | None = None


class ConsiderMissedVisit(Command, tag="consider_missed_visit", kw_only=True):
    """The patient was expected and did not come (ATT-08)."""

    appointment_id: str
    patient_id: str


class ConsiderFinding(Command, tag="consider_unexpected_finding", kw_only=True):
    """Registry or urine showed what nobody expected (OPI-10)."""

    check_id: str


class ConsiderFall(Command, tag="consider_fall", kw_only=True):
    """A dose fell otherwise than agreed, or where nothing was agreed (OPI-03)."""

    step_id: str


class ConsiderLeftTaper(Command, tag="consider_left_taper", kw_only=True):
    """A referral ended, and with it whoever followed a taper (OPI-03)."""

    ended_by: str
    patient_id: str


class ConsiderHighDose(Command, tag="consider_high_dose", kw_only=True):
    """A dose asks for a second review (OPI-02); who gave the first."""

    asked_by: str
    first_by: tuple[str, ...] = ()


class ConsiderHold(Command, tag="consider_antithrombotics", kw_only=True):
    """A plan that is followed already is not valid any more (ANT-04), or the INR is too high on the day (ANT-05). Each
    such fact counts once."""

    fact_id: str
    code: AlertCode


class RaiseOpen(Command, tag="raise_open_alert", kw_only=True):
    """A death was taken back: what nobody had closed is somebody's work again."""

    settled_by: str


class AcknowledgeAlert(Command, tag="acknowledge_alert"):
    """A named clinician takes it up."""


class FollowEscalation(Command, tag="follow_escalation", kw_only=True):
    """Whoever was called about it has taken it up."""

    by_id: str
    at: datetime


class AssessAlert(Command, tag="assess_alert", kw_only=True):
    """What was found, and with which tool."""

    result: AlertResult
    tool: Code | None = None
    note: str


class CloseAlert(Command, tag="close_alert"):
    """It is dealt with."""
