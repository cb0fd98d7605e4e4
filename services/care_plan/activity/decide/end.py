"""Held and resumed, reviewed, ended: completed, stopped, cancelled, or with the plan."""

from backbone.model import Decision, Given, Refused, Table, TooEarly, by, decider, ignores, like
from schemas.care_plan.v1.activity import (
    ActivityCancelled,
    ActivityCompleted,
    ActivityPaused,
    ActivityResumed,
    ActivityReviewed,
    ActivityStopped,
)
from services.care_plan.activity.commands import Cancel, Complete, EndWithPlan, Pause, Resume, Review, Stop
from services.care_plan.activity.decide.questions import performers, withdrawn
from services.care_plan.activity.states import (
    Accepted,
    Cancelled,
    Completed,
    Course,
    Ended,
    Failed,
    InProgress,
    NotAccepted,
    NotOrdered,
    OnHold,
    Owned,
    Received,
    Requested,
)
from services.care_plan.roles import CLINICIAN, CLINICIAN_OR_COORDINATOR
from services.care_plan.rules import Rules


@by(CLINICIAN)
def pause(state: Accepted | InProgress, command: Pause, given: Given[Rules]) -> Decision:
    if isinstance(state, Accepted) and not given.rules.care_plan.holding.values.allowed:
        return Refused("it has not begun", code="not-begun")
    return [like(ActivityPaused, command, activity_id=given.target)]


@by(CLINICIAN)
def resume(state: OnHold, command: Resume, given: Given[Rules]) -> Decision:
    return [ActivityResumed(activity_id=given.target)]


@by(performers)
def complete(state: InProgress, command: Complete, given: Given[Rules]) -> Decision:
    done = state.course.sessions_done
    return [like(ActivityCompleted, command, activity_id=given.target, sessions_done=done)]


@by(performers)
def stop(state: InProgress | OnHold, command: Stop, given: Given[Rules]) -> Decision:
    """From on-hold the task is first resumed, in the same act."""
    resumed = [ActivityResumed(activity_id=given.target)] if isinstance(state, OnHold) else []
    done = state.course.sessions_done
    return [*resumed, like(ActivityStopped, command, activity_id=given.target, sessions_done=done)]


@by(CLINICIAN_OR_COORDINATOR)
def cancel(state: NotAccepted | Accepted, command: Cancel, given: Given[Rules]) -> Decision:
    return [*withdrawn(state, given), like(ActivityCancelled, command, activity_id=given.target)]


def end_with_plan(state: NotAccepted | Owned, command: EndWithPlan, given: Given[Rules]) -> Decision:
    """What had begun is stopped, the rest cancelled."""
    if isinstance(state, Requested | Received | Accepted):
        return [*withdrawn(state, given), like(ActivityCancelled, command, activity_id=given.target)]
    done = state.course.sessions_done
    return [like(ActivityStopped, command, activity_id=given.target, sessions_done=done)]


@by(CLINICIAN_OR_COORDINATOR)
def review(state: Owned, command: Review, given: Given[Rules]) -> Decision:
    """What was decided: completing and stopping happen in the same act, as who performs it may do them."""
    if wrong := wrong_extension(state.course, command):
        return wrong
    reviewed = like(ActivityReviewed, command, activity_id=given.target, decided_by=decider(given))
    ending = ending_of(state, command, given)
    return ending if isinstance(ending, Refused | TooEarly) else [reviewed, *ending]


def wrong_extension(course: Course, command: Review) -> Refused | None:
    """Extending adds sessions to a series; nothing else does."""
    if (command.decision == "extend") != (command.sessions is not None):
        return Refused("say how many sessions are added by extending, and only then", code="no-sessions")
    if command.sessions and course.allowed is None:
        return Refused("no sessions were ordered: there is nothing to extend", code="no-sessions")
    return None


def ending_of(state: Owned, command: Review, given: Given[Rules]) -> Decision:
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
    if command.decision == "extend":
        return Refused("it has ended: order it anew", code="ended")
    if not state.course.told:
        return ()
    return [like(ActivityReviewed, command, activity_id=given.target, decided_by=decider(given))]


END = Table(
    *(pause, resume, complete, stop, cancel, end_with_plan, review, review_what_ended),
    ignores(EndWithPlan, when=NotOrdered | Ended),
)
