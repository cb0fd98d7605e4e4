"""Facts of a joint day: several disciplines on one date, all or none."""

from typing import Annotated, ClassVar, Literal

from schemas.codes import Discipline
from schemas.fact import FEW, Count, Day, Fact, Id, Instant, Part, sensitivity
from schemas.scheduling.v1.codes import ContactMode


class Leg(Part):
    """One discipline's part of the day."""

    discipline: Annotated[Discipline, sensitivity("phi")]
    appointment_id: Id
    start: Instant


class JointDayFact(Fact):
    """What every fact of this aggregate is."""

    aggregate: ClassVar[str] = "joint_day"


class JointDayProposed(JointDayFact):
    """Every leg has a held slot."""

    type: Literal["scheduling.joint_day_proposed.v1"] = "scheduling.joint_day_proposed.v1"
    joint_day_id: Id
    on: Day
    legs: Annotated[tuple[Leg, ...], FEW]
    mode: ContactMode
    hold_until: Instant


class JointDayBooked(JointDayFact):
    """Accepted: all legs are booked."""

    type: Literal["scheduling.joint_day_booked.v1"] = "scheduling.joint_day_booked.v1"
    joint_day_id: Id
    on: Day
    first_start: Instant
    legs: Annotated[tuple[Leg, ...], FEW]


class JointDayBroken(JointDayFact):
    """A leg was lost."""

    type: Literal["scheduling.joint_day_broken.v1"] = "scheduling.joint_day_broken.v1"
    joint_day_id: Id
    lost: Annotated[tuple[Discipline, ...], FEW, sensitivity("phi")]
    left: Count | None = None
    """How many legs the day still has."""
    start: Instant | None = None
    """When the first of them begins."""
