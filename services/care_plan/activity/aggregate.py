"""The activity as one aggregate: what each fact makes of it, and what follows from its state."""

from collections.abc import Iterable
from typing import TypeVar

from msgspec.structs import replace

from backbone.model import Aggregate, Column, Columns, Command, Flag, Head, Table, like
from schemas.care_plan.v1.activity import (
    ActivityAccepted,
    ActivityCancelled,
    ActivityCompleted,
    ActivityDeclined,
    ActivityInformationAsked,
    ActivityInformationEnded,
    ActivityOrdered,
    ActivityPaused,
    ActivityResumed,
    ActivityReviewed,
    ActivityReviewFellDue,
    ActivityStarted,
    ActivityStopped,
    SessionCompleted,
)
from services.care_plan.activity.commands import CompleteSession, NoteMissed, OrderActivity
from services.care_plan.activity.decide.end import END
from services.care_plan.activity.decide.questions import QUESTIONS
from services.care_plan.activity.decide.request import REQUEST
from services.care_plan.activity.decide.sessions import SESSIONS
from services.care_plan.activity.facts import (
    ActivityReceived,
    FirstSessionBooked,
    SessionMissed,
    SessionNotMissed,
)
from services.care_plan.activity.states import (
    Accepted,
    Activity,
    Cancelled,
    Completed,
    Course,
    Failed,
    InProgress,
    NotAccepted,
    NotOrdered,
    OnHold,
    Order,
    Owned,
    Question,
    Received,
    Rejected,
    Requested,
    WithCourse,
)

S = TypeVar("S", bound=WithCourse)


def with_course(state: S, **changes: object) -> S:
    return replace(state, course=replace(state.course, **changes))


def ordered(state: NotOrdered, fact: ActivityOrdered, head: Head) -> Requested:
    course = Course(order=like(Order, fact), referral_id=head.pathway_id, allowed=fact.sessions)
    return Requested(course=course)


def received(state: Requested, fact: ActivityReceived, head: Head) -> Received:
    return like(Received, state)


def asked(state: NotAccepted, fact: ActivityInformationAsked, head: Head) -> NotAccepted:
    lacking = tuple(each for each in state.course.lacking if each != fact.what)
    return with_course(state, asked=like(Question, fact), lacking=lacking)


def answered(state: NotAccepted, fact: ActivityInformationEnded, head: Head) -> NotAccepted:
    lacking = state.course.lacking
    return with_course(
        state, asked=None, lacking=(*lacking, fact.what) if fact.result == "failed" else lacking
    )


def accepted(state: NotAccepted, fact: ActivityAccepted, head: Head) -> Accepted:
    return like(Accepted, with_course(state, owner_id=fact.owner_id))


def declined(state: NotAccepted, fact: ActivityDeclined, head: Head) -> Rejected:
    return like(Rejected, state)


def booked(state: Owned, fact: FirstSessionBooked, head: Head) -> Owned:
    return with_course(state, booked=True)


def started(state: Accepted, fact: ActivityStarted, head: Head) -> InProgress:
    return like(InProgress, state)


def session_done(state: InProgress, fact: SessionCompleted, head: Head) -> InProgress:
    seen = (*state.course.seen, fact.appointment_id) if fact.appointment_id else state.course.seen
    return with_course(state, sessions_done=fact.session_no, seen=seen)


def missed(state: Owned, fact: SessionMissed, head: Head) -> Owned:
    return with_course(state, missed=(*state.course.missed, fact.appointment_id))


def not_missed(state: Owned, fact: SessionNotMissed, head: Head) -> Owned:
    missed = tuple(each for each in state.course.missed if each != fact.appointment_id)
    return with_course(state, missed=missed, not_missed=(*state.course.not_missed, fact.appointment_id))


def fell_due(state: Owned, fact: ActivityReviewFellDue, head: Head) -> Owned:
    return with_course(state, told=(*state.course.told, fact.rule))


def reviewed(
    state: Owned | Completed | Failed | Cancelled, fact: ActivityReviewed, head: Head
) -> Owned | Completed | Failed | Cancelled:
    allowed = state.course.allowed
    return with_course(state, told=(), allowed=allowed + (fact.sessions or 0) if allowed else allowed)


def paused(state: Accepted | InProgress, fact: ActivityPaused, head: Head) -> OnHold:
    return like(OnHold, state, begun=isinstance(state, InProgress))


def resumed(state: OnHold, fact: ActivityResumed, head: Head) -> InProgress | Accepted:
    return like(InProgress, state) if state.begun else like(Accepted, state)


def completed(state: InProgress, fact: ActivityCompleted, head: Head) -> Completed:
    return like(Completed, state)


def stopped(state: Owned, fact: ActivityStopped, head: Head) -> Failed:
    return like(Failed, state)


def cancelled(state: NotAccepted | Accepted, fact: ActivityCancelled, head: Head) -> Cancelled:
    return like(Cancelled, state)


def needs(state: Activity, command: Command) -> Iterable[tuple[str, str]]:
    """The history for MOD-01 and MOD-03, the appointment of a session, and the activities that an order names."""
    if isinstance(command, OrderActivity):
        named = *command.twins, command.order.replaces
        yield from (("activity", each) for each in named if each)
    if (
        isinstance(command, CompleteSession | NoteMissed)
        and isinstance(state, Owned)
        and state.course.referral_id
    ):
        yield "history", state.course.referral_id
    if isinstance(command, CompleteSession) and command.appointment_id:
        yield "visit", command.appointment_id


class Activities(Columns):
    """How activities are found."""

    referral_id = Column(lambda state: None if isinstance(state, NotOrdered) else state.course.referral_id)
    plan_id = Column(lambda state: None if isinstance(state, NotOrdered) else state.course.order.plan_id)
    open = Flag(lambda state: isinstance(state, NotAccepted | Owned))


ACTIVITY = Aggregate[Activity](
    "activity",
    NotOrdered(),
    decide=Table(REQUEST, QUESTIONS, SESSIONS, END),
    evolve=Table(
        *(
            ordered,
            received,
            asked,
            answered,
            accepted,
            declined,
            booked,
            started,
            session_done,
            missed,
            not_missed,
        ),
        *(fell_due, reviewed, paused, resumed, completed, stopped, cancelled),
    ),
    needs=needs,
    columns=Activities,
)
