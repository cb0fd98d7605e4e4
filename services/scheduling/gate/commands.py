"""What can be asked of a gate."""

from datetime import date, datetime
from decimal import Decimal

from backbone.model import Command
from schemas.codes import GateKind, ProcedureFamily
from schemas.scheduling.v1.codes import WaiverReason


class OpenGate(Command, tag="open_gate", kw_only=True, frozen=True):
    """A procedure was ordered, and this must be true before it."""

    kind: GateKind
    procedure_id: str
    family: ProcedureFamily | None = None
    referral_id: str | None = None
    previous_id: str | None = None
    met: bool = False
    """Known to be so when it was ordered."""


class AwaitPlan(Command, tag="await_plan", kw_only=True, frozen=True):
    """Somebody has to sign a plan for the drugs first (ANT-01). `asked_by`: the number of the fact that asks."""

    procedure_id: str
    plan_id: str
    asked_by: int = 0
    kind: GateKind = "antithrombotic_plan"


class TakePlan(Command, tag="take_plan", kw_only=True, frozen=True):
    """It was signed for this version of this appointment. `taken_from`, `most`: of the value of the day (ANT-05)."""

    kind: GateKind
    procedure_id: str
    plan_id: str
    appointment_id: str
    appointment_version: int
    taken_from: datetime | None = None
    most: Decimal | None = None


class DropPlan(Command, tag="drop_plan", kw_only=True, frozen=True):
    """It is not valid any more."""

    plan_id: str


class AwaitOverride(Command, tag="await_override", kw_only=True, frozen=True):
    """A rule says no; a person of a named role is asked (PRC-01 to PRC-03)."""

    procedure_id: str
    override_id: str


class AwaitOutcome(Command, tag="await_outcome", kw_only=True, frozen=True):
    """Another one of its line was done since it was ordered (PRC-04)."""

    procedure_id: str
    previous_id: str


class SettleOutcome(Command, tag="settle_outcome", kw_only=True, frozen=True):
    """What it waited for is `known`; or the one before was another person's (PRC-04)."""

    previous_id: str
    known: bool


class TakeOverride(Command, tag="take_override", kw_only=True, frozen=True):
    override_id: str
    granted: bool


class LookAgain(Command, tag="look_again", kw_only=True, frozen=True):
    """What it follows from is different now: outcomes that are known, consent to a series, the payer's answer."""


class FollowDate(Command, tag="follow_date", kw_only=True, frozen=True):
    """The procedure has this date. `moved`: instead of another one; without a start it has lost its date."""

    appointment_id: str
    start: datetime | None = None
    moved: bool = False


class CloseGate(Command, tag="close_gate", kw_only=True, frozen=True):
    """The procedure is done, or is not going ahead."""


class RecordEvidence(Command, tag="record_evidence", kw_only=True, frozen=True):
    """For it, or against it (`met`). `taken_at`, `value`: of a measurement. The days: when it holds."""

    met: bool
    value: Decimal | None = None
    taken_at: datetime | None = None
    valid_from: date | None = None
    valid_to: date | None = None


class WaiveGate(Command, tag="waive_gate", kw_only=True, frozen=True):
    """Go on without it."""

    reason: WaiverReason
