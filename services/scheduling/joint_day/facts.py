"""Private facts of a joint day: they stand in this service's journal only."""

from typing import Literal

from schemas.codes import Discipline
from schemas.fact import Code, Id, Instant, PrivateFact


class JointDayReleased(PrivateFact):
    """Declined or expired: every hold is free again."""

    type: Literal["scheduling.joint_day_released.v1"] = "scheduling.joint_day_released.v1"
    reason: Code


class LegLost(PrivateFact):
    """The appointment of a leg is off."""

    type: Literal["scheduling.leg_lost.v1"] = "scheduling.leg_lost.v1"
    appointment_id: Id


class LegMoved(PrivateFact):
    """The appointment of a leg has another time."""

    type: Literal["scheduling.leg_moved.v1"] = "scheduling.leg_moved.v1"
    appointment_id: Id
    start: Instant


class LegReplaced(PrivateFact):
    """Another appointment stands for one that is off."""

    type: Literal["scheduling.leg_replaced.v1"] = "scheduling.leg_replaced.v1"
    replaces: Id
    discipline: Discipline
    appointment_id: Id
    clinician_id: Id
    start: Instant
