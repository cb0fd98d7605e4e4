"""Who may do what with an activity: from order to end."""

from backbone.model import Decision, Given, Refused, Table, TooEarly, by, decider
from schemas.care_plan.v1.activity import (
    ActivityAccepted,
    ActivityCancelled,
    ActivityCompleted,
    ActivityDeclined,
    ActivityOrdered,
    ActivityPaused,
    ActivityResumed,
    ActivityReviewed,
    ActivityStarted,
    ActivityStopped,
)
from services.care_plan.domain.activity.sessions import SESSIONS, performs
from services.care_plan.domain.activity.states import (
    Accept,
    Accepted,
    Cancel,
    Cancelled,
    Complete,
    Completed,
    Decline,
    EndWithPlan,
    Failed,
    InProgress,
    NoteBooked,
    NotOrdered,
    OnHold,
    OrderActivity,
    Pause,
    Receive,
    Received,
    Rejected,
    Requested,
    Resume,
    Review,
    Start,
    Stop,
)
from services.care_plan.domain.facts import ActivityReceived, FirstSessionBooked
from services.care_plan.domain.roles import CLINICIAN, CLINICIAN_OR_COORDINATOR
from services.care_plan.domain.rules import Rules


@by(CLINICIAN)
def order(state: NotOrdered, command: OrderActivity, given: Given[Rules]) -> Decision:
    wanted = command.order
    return [
        ActivityOrdered(
            activity_id=given.target,
            plan_id=wanted.plan_id,
            discipline=wanted.discipline,
            kind=wanted.kind,
            assessment=wanted.assessment,
            remote=wanted.remote,
            sessions=wanted.sessions,
            every_days=wanted.every_days,
            priority=wanted.priority,
            not_before=wanted.not_before,
            replaces=wanted.replaces,
        )
    ]


@by(CLINICIAN)
def receive(state: Requested, command: Receive, given: Given[Rules]) -> Decision:
    return performs(state.course, given) or [ActivityReceived()]


@by(CLINICIAN)
def accept(state: Requested | Received, command: Accept, given: Given[Rules]) -> Decision:
    wanted = state.course.order
    return performs(state.course, given) or [
        ActivityAccepted(
            activity_id=given.target,
            discipline=wanted.discipline,
            owner_id=decider(given),
            assessment=wanted.assessment,
            remote=wanted.remote,
            sessions=wanted.sessions,
            every_days=wanted.every_days,
            not_before=wanted.not_before,
        )
    ]


@by(CLINICIAN)
def accepted_by_another(state: Accepted, command: Accept, given: Given[Rules]) -> Decision:
    if state.course.owner_id == given.actor.id:
        return ()
    return Refused("somebody else has accepted it", code="accepted-already")


@by(CLINICIAN)
def decline(state: Requested | Received, command: Decline, given: Given[Rules]) -> Decision:
    return performs(state.course, given) or [
        ActivityDeclined(activity_id=given.target, reason=command.reason)
    ]


def note_booked(state: Accepted | InProgress | OnHold, command: NoteBooked, given: Given[Rules]) -> Decision:
    return () if state.course.booked else [FirstSessionBooked()]


def nothing_to_note(
    state: NotOrdered | Requested | Received | Rejected | Completed | Failed | Cancelled,
    command: NoteBooked,
    given: Given[Rules],
) -> Decision:
    return ()


@by(CLINICIAN)
def start(state: Accepted, command: Start, given: Given[Rules]) -> Decision:
    return performs(state.course, given) or [
        ActivityStarted(activity_id=given.target, on=given.rules.calendar.day(given.at))
    ]


@by(CLINICIAN)
def start_again(state: InProgress, command: Start, given: Given[Rules]) -> Decision:
    return ()


@by(CLINICIAN)
def pause(state: Accepted | InProgress, command: Pause, given: Given[Rules]) -> Decision:
    if isinstance(state, Accepted) and not given.rules.care_plan.holding.values.allowed:
        return Refused("it has not begun", code="not-begun")
    return [ActivityPaused(activity_id=given.target, reason=command.reason)]


@by(CLINICIAN)
def resume(state: OnHold, command: Resume, given: Given[Rules]) -> Decision:
    return [ActivityResumed(activity_id=given.target)]


@by(CLINICIAN)
def complete(state: InProgress, command: Complete, given: Given[Rules]) -> Decision:
    return performs(state.course, given) or [
        ActivityCompleted(
            activity_id=given.target, sessions_done=state.course.sessions_done, result=command.result
        )
    ]


@by(CLINICIAN)
def stop(state: InProgress | OnHold, command: Stop, given: Given[Rules]) -> Decision:
    """From on-hold the task is first resumed, in the same act."""
    if refusal := performs(state.course, given):
        return refusal
    stopped = ActivityStopped(
        activity_id=given.target, sessions_done=state.course.sessions_done, reason=command.reason
    )
    if isinstance(state, OnHold):
        return [ActivityResumed(activity_id=given.target), stopped]
    return [stopped]


@by(CLINICIAN_OR_COORDINATOR)
def cancel(state: Requested | Received | Accepted, command: Cancel, given: Given[Rules]) -> Decision:
    return [ActivityCancelled(activity_id=given.target, reason=command.reason)]


def end_with_plan(
    state: Requested | Received | Accepted | InProgress | OnHold,
    command: EndWithPlan,
    given: Given[Rules],
) -> Decision:
    """What had begun is stopped, the rest cancelled."""
    if isinstance(state, Requested | Received | Accepted):
        return [ActivityCancelled(activity_id=given.target, reason=command.reason)]
    return [
        ActivityStopped(
            activity_id=given.target, sessions_done=state.course.sessions_done, reason=command.reason
        )
    ]


def ended_already(
    state: NotOrdered | Rejected | Completed | Failed | Cancelled,
    command: EndWithPlan,
    given: Given[Rules],
) -> Decision:
    return ()


@by(CLINICIAN_OR_COORDINATOR)
def review(state: Accepted | InProgress | OnHold, command: Review, given: Given[Rules]) -> Decision:
    """What was decided: completing and stopping happen in the same act, as who performs it may do them."""
    reviewed = ActivityReviewed(
        activity_id=given.target, decision=command.decision, decided_by=decider(given)
    )
    ending = ending_of(state, command, given)
    return ending if isinstance(ending, Refused | TooEarly) else [reviewed, *ending]


def ending_of(state: Accepted | InProgress | OnHold, command: Review, given: Given[Rules]) -> Decision:
    if command.decision == "complete" and isinstance(state, InProgress):
        return complete(state, Complete(result="reviewed"), given)
    if command.decision == "stop" and isinstance(state, InProgress | OnHold):
        return stop(state, Stop(reason="no_benefit"), given)
    if command.decision in ("complete", "stop"):
        return Refused("it is not in progress", instead=("Cancel", "Resume"), code="not-in-progress")
    return ()


@by(CLINICIAN_OR_COORDINATOR)
def review_what_ended(
    state: Completed | Failed | Cancelled, command: Review, given: Given[Rules]
) -> Decision:
    """What fell due before the end is still somebody's work, once."""
    if not state.course.told:
        return ()
    return [ActivityReviewed(activity_id=given.target, decision=command.decision, decided_by=decider(given))]


ACTIVITY_TABLE = Table(
    *(order, receive, accept, accepted_by_another, decline, note_booked, nothing_to_note, start, start_again),
    SESSIONS,
    *(pause, resume, complete, stop, cancel),
    *(end_with_plan, ended_already, review, review_what_ended),
)
