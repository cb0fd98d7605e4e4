"""The states of an override."""

from backbone.model import State
from schemas.care_plan.v1.codes import CoverageRisk, OverrideReason


class NotAsked(State, tag="none"):
    """No rule asks."""


class WithQuestion(State, kw_only=True):
    rule: str
    role: str
    subject_id: str
    coverage_risk: CoverageRisk | None = None


class Asked(WithQuestion, tag="asked"):
    """Nobody has decided."""


class Decided(WithQuestion, tag="decided", kw_only=True):
    """A later decision of the same role replaces it: what was refused need not stay so."""

    granted: bool
    reason: OverrideReason
    decided_by: str


class Lapsed(WithQuestion, tag="lapsed"):
    """Nobody needs an answer any more."""


Override = NotAsked | Asked | Decided | Lapsed
