"""Sessions held and missed, and when somebody has to look (MOD-01 to MOD-03)."""

from backbone.model import Decision, Given, Refused, Ruled, Table, by
from schemas.care_plan.v1.activity import (
    ActivityCompleted,
    ActivityReviewFellDue,
    ActivityStarted,
    SessionCompleted,
)
from schemas.care_plan.v1.codes import ActivityRule
from services.care_plan.domain.activity.states import (
    Accepted,
    Cancelled,
    Completed,
    CompleteSession,
    Course,
    Failed,
    InProgress,
    NoteMissed,
    NotOrdered,
    OnHold,
    Received,
    Rejected,
    Requested,
)
from services.care_plan.domain.facts import SessionMissed
from services.care_plan.domain.measures.history import History
from services.care_plan.domain.roles import CLINICIAN
from services.care_plan.domain.rules import Rules


def performs(course: Course, given: Given[Rules]) -> Refused | None:
    """Owner: somebody of the performing discipline."""
    staff, person = given.rules.staff, given.actor.id
    own = next((member for member in staff.members if member.id == person), None)
    if own is not None and course.order.discipline in own.disciplines:
        return None
    return Refused(f"only {course.order.discipline} may do this", code="not-permitted")


@by(CLINICIAN)
def complete_session(state: Accepted | InProgress, command: CompleteSession, given: Given[Rules]) -> Decision:
    """MOD-01 and MOD-02 look here; what the same command completes needs no look."""
    course = state.course
    if refusal := performs(course, given):
        return refusal
    if command.appointment_id and command.appointment_id in course.seen:
        return ()
    if course.allowed is not None and course.sessions_done >= course.allowed:
        return Refused("every ordered session was held", instead=("Review",), code="sessions-used-up")
    today, number = given.rules.calendar.day(given.at), course.sessions_done + 1
    steps: list[object] = []
    if isinstance(state, Accepted):
        steps.append(ActivityStarted(activity_id=given.target, on=today))
    steps.append(
        SessionCompleted(
            activity_id=given.target,
            session_no=number,
            of=course.allowed,
            appointment_id=command.appointment_id,
            on=today,
        )
    )
    if command.complete:
        steps.append(ActivityCompleted(activity_id=given.target, sessions_done=number, result=command.result))
    else:
        steps.extend(reviews_due(course, number, given))
    return steps  # type: ignore[return-value]


def reviews_due(course: Course, number: int, given: Given[Rules]) -> list[Ruled]:
    settings = given.rules.care_plan
    found = []
    effect = settings.expected_effect
    expected = effect.values.sessions.get(course.order.discipline)
    if expected is not None and number >= expected and "MOD-01" not in course.told:
        history = given.others.get(course.referral_id or "")
        improved = isinstance(history, History) and history.has_improved(
            effect.values.peg_fall, effect.values.responder_counts
        )
        if not improved:
            found.append(due(course, "MOD-01", number, effect.named, given))
    used = settings.sessions_used
    if used.values.on and course.allowed is not None and number >= course.allowed:
        found.append(due(course, "MOD-02", number, used.named, given))
    return found


def due(course: Course, rule: ActivityRule, number: int, named: str, given: Given[Rules]) -> Ruled:
    fact = ActivityReviewFellDue(
        activity_id=given.target,
        discipline=course.order.discipline,
        rule=rule,
        sessions_done=number,
    )
    return Ruled(fact, (named,))


def note_missed(state: Accepted | InProgress | OnHold, command: NoteMissed, given: Given[Rules]) -> Decision:
    """MOD-03"""
    course, rule = state.course, given.rules.care_plan.missed_sessions
    if command.appointment_id in course.missed:
        return ()
    noted = SessionMissed(appointment_id=command.appointment_id)
    if len(course.missed) + 1 < rule.values.count or "MOD-03" in course.told:
        return [noted]
    return [noted, due(course, "MOD-03", course.sessions_done, rule.named, given)]


def missed_elsewhere(
    state: NotOrdered | Requested | Received | Rejected | Completed | Failed | Cancelled,
    command: NoteMissed,
    given: Given[Rules],
) -> Decision:
    return ()


SESSIONS = Table(complete_session, note_missed, missed_elsewhere)
