"""Private facts of a joint day: they stand in this service's journal only."""

from typing import Literal

from schemas.fact import Code, PrivateFact


class JointDayReleased(PrivateFact):
    """Declined or expired: every hold is free again."""

    type: Literal["scheduling.joint_day_released.v1"] = "scheduling.joint_day_released.v1"
    reason: Code
