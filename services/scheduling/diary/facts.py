"""Private facts of a patient's diary: they stand in this service's journal only."""

from typing import Literal

from schemas.fact import Id, Instant, PrivateFact


class TimeTaken(PrivateFact):
    """The patient has an appointment then. With `until` it is only held."""

    type: Literal["scheduling.time_taken.v1"] = "scheduling.time_taken.v1"
    appointment_id: Id
    start: Instant
    end: Instant
    until: Instant | None = None


class TimeFreed(PrivateFact):
    type: Literal["scheduling.time_freed.v1"] = "scheduling.time_freed.v1"
    appointment_id: Id
