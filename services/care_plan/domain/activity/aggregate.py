"""The activity as one aggregate: what each fact makes of it, and what follows from its state."""

from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from backbone.model import Aggregate, Column, Columns, Flag, Head, Table
from schemas.care_plan.v1.activity import (
    ActivityAccepted,
    ActivityCancelled,
    ActivityCompleted,
    ActivityDeclined,
    ActivityOrdered,
    ActivityPaused,
    ActivityResumed,
    ActivityReviewed,
    ActivityReviewFellDue,
    ActivityStarted,
    ActivityStopped,
    SessionCompleted,
)
from services.care_plan.domain.activity.decide import ACTIVITY_TABLE
from services.care_plan.domain.activity.states import (
    Accepted,
    Cancelled,
    Completed,
    CompleteSession,
    Course,
    Failed,
    InProgress,
    NotOrdered,
    OnHold,
    Order,
    Received,
    Rejected,
    Requested,
)
from services.care_plan.domain.facts import ActivityReceived, FirstSessionBooked, SessionMissed


def ordered(state: NotOrdered, fact: ActivityOrdered, head: Head) -> Requested:
    order = Order(
        plan_id=fact.plan_id,
        discipline=fact.discipline,
        kind=fact.kind,
        assessment=fact.assessment,
        remote=fact.remote,
        sessions=fact.sessions,
        every_days=fact.every_days,
        priority=fact.priority,
        not_before=fact.not_before,
        replaces=fact.replaces,
    )
    return Requested(course=Course(order=order, referral_id=head.pathway_id, allowed=fact.sessions))


def received(state: Requested, fact: ActivityReceived, head: Head) -> Received:
    return Received(course=state.course)


def accepted(state: Requested | Received, fact: ActivityAccepted, head: Head) -> Accepted:
    return Accepted(course=replace(state.course, owner_id=fact.owner_id))


def declined(state: Requested | Received, fact: ActivityDeclined, head: Head) -> Rejected:
    return Rejected(course=state.course)


def booked(
    state: Accepted | InProgress | OnHold, fact: FirstSessionBooked, head: Head
) -> Accepted | InProgress | OnHold:
    return replace(state, course=replace(state.course, booked=True))


def started(state: Accepted, fact: ActivityStarted, head: Head) -> InProgress:
    return InProgress(course=state.course)


def session_done(state: InProgress, fact: SessionCompleted, head: Head) -> InProgress:
    seen = (*state.course.seen, fact.appointment_id) if fact.appointment_id else state.course.seen
    return InProgress(course=replace(state.course, sessions_done=fact.session_no, seen=seen))


def missed(
    state: Accepted | InProgress | OnHold, fact: SessionMissed, head: Head
) -> Accepted | InProgress | OnHold:
    return replace(state, course=replace(state.course, missed=(*state.course.missed, fact.appointment_id)))


def fell_due(
    state: Accepted | InProgress | OnHold, fact: ActivityReviewFellDue, head: Head
) -> Accepted | InProgress | OnHold:
    return replace(state, course=replace(state.course, told=(*state.course.told, fact.rule)))


def reviewed(
    state: Accepted | InProgress | OnHold | Completed | Failed | Cancelled, fact: ActivityReviewed, head: Head
) -> Accepted | InProgress | OnHold | Completed | Failed | Cancelled:
    return replace(state, course=replace(state.course, told=()))


def paused(state: Accepted | InProgress, fact: ActivityPaused, head: Head) -> OnHold:
    return OnHold(course=state.course, begun=isinstance(state, InProgress))


def resumed(state: OnHold, fact: ActivityResumed, head: Head) -> InProgress | Accepted:
    return InProgress(course=state.course) if state.begun else Accepted(course=state.course)


def completed(state: InProgress, fact: ActivityCompleted, head: Head) -> Completed:
    return Completed(course=state.course)


def stopped(state: InProgress | OnHold | Accepted, fact: ActivityStopped, head: Head) -> Failed:
    return Failed(course=state.course)


def cancelled(state: Requested | Received | Accepted, fact: ActivityCancelled, head: Head) -> Cancelled:
    return Cancelled(course=state.course)


def needs(state: Any, command: Any) -> Iterable[tuple[str, str]]:
    """MOD-01 looks at the scores."""
    begun = isinstance(command, CompleteSession) and isinstance(state, Accepted | InProgress)
    if begun and state.course.referral_id:
        yield "history", state.course.referral_id


def of_course(name: str) -> Any:
    return lambda state: None if isinstance(state, NotOrdered) else getattr(state.course, name)


class Activities(Columns):
    """How activities are found."""

    referral_id = Column(of_course("referral_id"))
    plan_id = Column(lambda state: None if isinstance(state, NotOrdered) else state.course.order.plan_id)
    open = Flag(lambda state: isinstance(state, Requested | Received | Accepted | InProgress | OnHold))


ACTIVITY = Aggregate(
    "activity",
    NotOrdered(),
    decide=ACTIVITY_TABLE,
    evolve=Table(
        *(ordered, received, accepted, declined, booked, started, session_done, missed),
        *(fell_due, reviewed, paused, resumed, completed, stopped, cancelled),
    ),
    needs=needs,
    columns=Activities,
)
