"""Private facts of activities."""

from typing import Literal

from schemas.fact import Code, Id, PrivateFact


class ActivityReceived(PrivateFact):
    """The performing discipline has seen the order."""

    type: Literal["care_plan.activity_received.v1"] = "care_plan.activity_received.v1"


class FirstSessionBooked(PrivateFact):
    """It has a date."""

    type: Literal["care_plan.first_session_booked.v1"] = "care_plan.first_session_booked.v1"


class SessionNotMissed(PrivateFact):
    """The patient was there after all: it counts no longer."""

    type: Literal["care_plan.session_not_missed.v1"] = "care_plan.session_not_missed.v1"
    appointment_id: Id


class SessionMissed(PrivateFact):
    """The patient did not attend."""

    type: Literal["care_plan.session_missed.v1"] = "care_plan.session_missed.v1"
    appointment_id: Id
    discipline: Code | None = None
