"""Private facts of an appointment: they stand in this service's journal only."""

from typing import Annotated, Literal

from schemas.codes import Discipline
from schemas.fact import Code, Count, Day, Id, Instant, PrivateFact
from schemas.scheduling.v1.codes import PURPOSE, Checkpoint, GateScope


class Placed(PrivateFact):
    """Which request an appointment, or an offer of one, is about. Goes before the first public fact."""

    type: Literal["scheduling.appointment_placed.v1"] = "scheduling.appointment_placed.v1"
    booking_request_id: Id
    no: int
    of: int
    purpose: Annotated[str, PURPOSE.passed_on]
    discipline: Discipline
    activity_id: Id | None = None
    procedure_id: Id | None = None
    remote: bool
    replaces: Id | None = None
    not_before: Day | None = None


class Relocated(PrivateFact):
    """The new slot is at another place."""

    type: Literal["scheduling.appointment_relocated.v1"] = "scheduling.appointment_relocated.v1"
    location: Code


class Seated(PrivateFact):
    """At which place of a group, if it is not the first."""

    type: Literal["scheduling.appointment_seated.v1"] = "scheduling.appointment_seated.v1"
    place: Count


class HoldPlaced(PrivateFact):
    """Until when, and with whom, the slot is held."""

    type: Literal["scheduling.hold_placed.v1"] = "scheduling.hold_placed.v1"
    clinician_id: Id
    end: Instant
    location: Code
    until: Instant


class HoldReleased(PrivateFact):
    type: Literal["scheduling.hold_released.v1"] = "scheduling.hold_released.v1"


class DatesOffered(PrivateFact):
    """With whom the offered dates are; and at which places, where a group is seen."""

    type: Literal["scheduling.dates_offered.v1"] = "scheduling.dates_offered.v1"
    clinician_ids: tuple[Id, ...]
    places: tuple[Count, ...] = ()


class PatientCheckedIn(PrivateFact):
    type: Literal["scheduling.patient_checked_in.v1"] = "scheduling.patient_checked_in.v1"


class InConsultation(PrivateFact):
    """The clinician has begun: the consultation's end is the visit's."""

    type: Literal["scheduling.in_consultation.v1"] = "scheduling.in_consultation.v1"
    consultation_id: Id


class CheckpointPassed(PrivateFact):
    """So short before the start the gates were looked at (PRC-06)."""

    type: Literal["scheduling.checkpoint_passed.v1"] = "scheduling.checkpoint_passed.v1"
    checkpoint: Checkpoint


class ScopeOpen(PrivateFact):
    """Something of what was cleared is open again: it will be cleared anew."""

    type: Literal["scheduling.gate_scope_open.v1"] = "scheduling.gate_scope_open.v1"
    scope: GateScope
