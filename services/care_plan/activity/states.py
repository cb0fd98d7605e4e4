"""The states of an activity.

Two lists of status run side by side: the request (FHIR Task.status, here the state's tag) and the activity itself
(FHIR CarePlan.activity.detail.status, `activity_status`).
"""

from collections.abc import Iterable
from datetime import date

import msgspec

from backbone.model import Refused, State, tag_of
from schemas.care_plan.v1.codes import ActivityInformation
from schemas.codes import Discipline, Priority
from schemas.fact import Code

PROCEDURE = "procedure"


def no_procedure(kinds: Iterable[Code]) -> Refused | None:
    """No work of a discipline is a procedure: what must be true before one is asked for by an order of its own."""
    if PROCEDURE not in kinds:
        return None
    said = "a procedure is no activity: a physician orders it under the active plan, as a procedure"
    return Refused(said, instead=("order_procedure",), code="order-a-procedure")


class Work(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Of one kind, for one discipline: so many sessions, so many days apart."""

    discipline: Discipline
    kind: Code
    sessions: int | None = None
    every_days: int | None = None


class Order(Work, frozen=True, kw_only=True, omit_defaults=True):
    """What was ordered. These fields never change (ORCA)."""

    plan_id: str
    assessment: bool = False
    remote: bool = False
    priority: Priority = "routine"
    not_before: date | None = None
    replaces: str | None = None


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What the discipline needs to know before it takes the work, and who provides it (a subtask, as ORCA has it)."""

    whom: Discipline
    what: ActivityInformation


class Course(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How it went so far."""

    order: Order
    referral_id: str | None = None
    owner_id: str | None = None
    booked: bool = False
    sessions_done: int = 0
    allowed: int | None = None
    """Sessions ordered, with those that a review added."""
    seen: tuple[str, ...] = ()
    """Appointments whose session was recorded."""
    missed: tuple[str, ...] = ()
    not_missed: tuple[str, ...] = ()
    """Corrected: what was said of them before counts no more, also when it is said again."""
    told: tuple[str, ...] = ()
    """Rules whose review has fallen due and was not recorded."""
    asked: Question | None = None
    """What is still to be answered."""
    lacking: tuple[ActivityInformation, ...] = ()
    """What was asked for, and could not be had."""


class NotOrdered(State, tag="none"):
    """Drafted, at most."""


class WithCourse(State, kw_only=True):
    course: Course


class Requested(WithCourse, tag="requested"):
    """Ordered."""


class Received(WithCourse, tag="received"):
    """Seen by the performing discipline."""


class Accepted(WithCourse, tag="accepted"):
    """Somebody owns it."""


class InProgress(WithCourse, tag="in-progress"):
    """Begun."""


class OnHold(WithCourse, tag="on-hold", kw_only=True):
    begun: bool


class Rejected(WithCourse, tag="rejected"):
    """The discipline declined."""


class Completed(WithCourse, tag="completed"):
    """Done."""


class Failed(WithCourse, tag="failed"):
    """Stopped after it had begun."""


class Cancelled(WithCourse, tag="cancelled"):
    """Ended before it began."""


NotAccepted = Requested | Received
Owned = Accepted | InProgress | OnHold
Ended = Rejected | Completed | Failed | Cancelled
Activity = NotOrdered | NotAccepted | Owned | Ended


def activity_status(state: Activity) -> str:
    """FHIR R4 CarePlan.activity.detail.status."""
    if isinstance(state, Requested | Received | Accepted):
        return "scheduled" if state.course.booked else "not-started"
    names = {Rejected: "cancelled", Failed: "stopped", NotOrdered: "unknown"}
    return names.get(type(state)) or tag_of(type(state))
