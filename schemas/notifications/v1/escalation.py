"""Facts of an escalation: a warning waits, and people are called until a named one acknowledges it."""

from typing import ClassVar, Literal

from schemas.fact import Count, Fact, Id, Instant
from schemas.notifications.v1.codes import AcknowledgedVia, EscalationSeverity, EscalationSubject


class EscalationFact(Fact):
    """What every fact of this aggregate is."""

    aggregate: ClassVar[str] = "escalation"
    escalation_id: Id
    subject_id: Id


class EscalationRaised(EscalationFact):
    """The ladder starts; once more when the same warning is raised anew."""

    type: Literal["notifications.escalation_raised.v1"] = "notifications.escalation_raised.v1"
    subject_type: EscalationSubject
    severity: EscalationSeverity
    level: Count
    ack_due_at: Instant


class EscalationAcknowledged(EscalationFact):
    """A named person took it up. The subject stays open."""

    type: Literal["notifications.escalation_acknowledged.v1"] = "notifications.escalation_acknowledged.v1"
    level: Count
    by_id: Id
    at: Instant
    via: AcknowledgedVia


class EscalationTimedOut(EscalationFact):
    """Nobody answered in time, or who did has not assessed. Without `next_level` the last level repeats."""

    type: Literal["notifications.escalation_timed_out.v1"] = "notifications.escalation_timed_out.v1"
    level: Count
    next_level: Count | None = None
    ack_due_at: Instant | None = None


class EscalationResolved(EscalationFact):
    """Its subject is dealt with."""

    type: Literal["notifications.escalation_resolved.v1"] = "notifications.escalation_resolved.v1"
