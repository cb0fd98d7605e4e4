"""The states of an activity, and what can be asked of it.

Two lists of status run side by side: the request (FHIR Task.status, here the state's tag) and the activity itself
(FHIR CarePlan.activity.detail.status, `activity_status`).
"""

from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

from backbone.model import Command, State
from schemas.care_plan.v1.codes import ActivityDecision
from schemas.codes import Discipline, Priority

Code = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:/+-]{0,63}$")]


class Order(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was ordered. These fields never change (ORCA)."""

    plan_id: str
    discipline: Discipline
    kind: Code
    assessment: bool = False
    remote: bool = False
    sessions: int | None = None
    every_days: int | None = None
    priority: Priority = "routine"
    not_before: date | None = None
    replaces: str | None = None


class Course(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How it went so far."""

    order: Order
    referral_id: str | None = None
    owner_id: str | None = None
    booked: bool = False
    sessions_done: int = 0
    allowed: int | None = None
    """Sessions ordered. More of them are a new order."""
    seen: tuple[str, ...] = ()
    """Appointments whose session was recorded."""
    missed: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    """Rules whose review has fallen due and was not recorded."""


class NotOrdered(State, tag="none", frozen=True, kw_only=True):
    pass


class Requested(State, tag="requested", frozen=True, kw_only=True):
    course: Course


class Received(State, tag="received", frozen=True, kw_only=True):
    course: Course


class Accepted(State, tag="accepted", frozen=True, kw_only=True):
    course: Course


class InProgress(State, tag="in-progress", frozen=True, kw_only=True):
    course: Course


class OnHold(State, tag="on-hold", frozen=True, kw_only=True):
    course: Course
    begun: bool


class Rejected(State, tag="rejected", frozen=True, kw_only=True):
    course: Course


class Completed(State, tag="completed", frozen=True, kw_only=True):
    course: Course


class Failed(State, tag="failed", frozen=True, kw_only=True):
    course: Course


class Cancelled(State, tag="cancelled", frozen=True, kw_only=True):
    course: Course


Running = Requested | Received | Accepted | InProgress | OnHold
Ended = Rejected | Completed | Failed | Cancelled


def activity_status(state: NotOrdered | Running | Ended) -> str:
    """FHIR R4 CarePlan.activity.detail.status."""
    if isinstance(state, Requested | Received | Accepted):
        return "scheduled" if state.course.booked else "not-started"
    names = {Rejected: "cancelled", Failed: "stopped", NotOrdered: "unknown"}
    return names.get(type(state)) or str(type(state).__struct_config__.tag)


class OrderActivity(Command, tag="order_activity", kw_only=True, frozen=True):
    order: Order


class Receive(Command, tag="receive_activity", kw_only=True, frozen=True):
    pass


class Accept(Command, tag="accept_activity", kw_only=True, frozen=True):
    pass


class Decline(Command, tag="decline_activity", kw_only=True, frozen=True):
    reason: Code


class NoteBooked(Command, tag="note_activity_booked", kw_only=True, frozen=True):
    pass


class Start(Command, tag="start_activity", kw_only=True, frozen=True):
    """The assessment visit, or the first session."""


class CompleteSession(Command, tag="complete_session", kw_only=True, frozen=True):
    """`complete`: it was the last one."""

    appointment_id: str | None = None
    complete: bool = False
    result: Code = "goals_of_discipline_reached"


class NoteMissed(Command, tag="note_session_missed", kw_only=True, frozen=True):
    appointment_id: str


class Pause(Command, tag="pause_activity", kw_only=True, frozen=True):
    reason: Code


class Resume(Command, tag="resume_activity", kw_only=True, frozen=True):
    pass


class Complete(Command, tag="complete_activity", kw_only=True, frozen=True):
    result: Code


class Stop(Command, tag="stop_activity", kw_only=True, frozen=True):
    reason: Code


class Cancel(Command, tag="cancel_activity", kw_only=True, frozen=True):
    reason: Code


class EndWithPlan(Command, tag="end_activity_with_plan", kw_only=True, frozen=True):
    """The plan or the referral ended."""

    reason: Code


class Review(Command, tag="review_activity", kw_only=True, frozen=True):
    """What a clinician decided. More sessions are a new order that `replaces` this one."""

    decision: ActivityDecision
