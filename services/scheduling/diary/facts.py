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
    also: tuple[Id, ...] = ()
    """Other records of the person, whose times are looked at too."""


class TimeFreed(PrivateFact):
    type: Literal["scheduling.time_freed.v1"] = "scheduling.time_freed.v1"
    appointment_id: Id
    also: tuple[Id, ...] = ()
    """Other records of the person, whose times are looked at too."""


class TimesCompared(PrivateFact):
    """With those of the other records of the person: whoever looks at two diaries writes on both (ADR 54)."""

    type: Literal["scheduling.times_compared.v1"] = "scheduling.times_compared.v1"


class OverlapFound(PrivateFact):
    """At that time the person has another appointment, under another record."""

    type: Literal["scheduling.overlap_found.v1"] = "scheduling.overlap_found.v1"
    appointment_id: Id
    other_id: Id


class OverlapGone(PrivateFact):
    type: Literal["scheduling.overlap_gone.v1"] = "scheduling.overlap_gone.v1"
    appointment_id: Id
