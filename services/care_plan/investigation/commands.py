"""What can be asked of an investigation."""

from datetime import date

from backbone.model import Command
from schemas.care_plan.v1.codes import InvestigationKind, InvestigationResult
from schemas.fact import Code


class OrderInvestigation(Command, tag="order_investigation", kw_only=True):
    """`due_on`: by when it is to be done, where it is not the clinic's rule. `responsible_id`: who reads it, where that
    is not who orders it."""

    referral_id: str
    kind: InvestigationKind
    due_on: date | None = None
    responsible_id: str | None = None


class FallDue(Command, tag="investigation_falls_due", kw_only=True):
    """Timer."""

    due_on: date


class NoteNotDone(Command, tag="note_investigation_not_done", kw_only=True):
    """It was cancelled elsewhere, or the patient did not come."""

    reason: Code


class OrderAgain(Command, tag="order_investigation_again", kw_only=True):
    """It has, or is to have, another date."""

    due_on: date | None = None


class CancelInvestigation(Command, tag="cancel_investigation", kw_only=True):
    """It is not wanted any more."""

    reason: Code


class ReportInvestigation(Command, tag="report_investigation"):
    """What it found has come."""


class ReadInvestigation(Command, tag="read_investigation", kw_only=True):
    """Whoever answers for it has read it, and says how it goes on."""

    result: InvestigationResult
