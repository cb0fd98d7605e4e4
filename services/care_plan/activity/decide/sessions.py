"""Sessions held and missed, and when somebody has to look (MOD-01 to MOD-03)."""

from typing import Any

from backbone.model import Decision, Given, Refused, Ruled, Step, Table, by, ignores
from config.rules import Rule
from schemas.care_plan.v1.activity import (
    ActivityCompleted,
    ActivityReviewFellDue,
    ActivityStarted,
    SessionCompleted,
)
from services.care_plan.activity.commands import CompleteSession, NoteMissed, Start, TakeBackMissed
from services.care_plan.activity.decide.questions import performers
from services.care_plan.activity.facts import SessionMissed, SessionNotMissed
from services.care_plan.activity.states import (
    Accepted,
    Course,
    Ended,
    InProgress,
    NotAccepted,
    NotOrdered,
    Owned,
)
from services.care_plan.history.states import history_of
from services.care_plan.rules import Rules
from services.care_plan.visit.states import not_their_visit


@by(performers)
def start(state: Accepted, command: Start, given: Given[Rules]) -> Decision:
    return [ActivityStarted(activity_id=given.target, on=given.rules.calendar.day(given.at))]


@by(performers)
def complete_session(state: Accepted | InProgress, command: CompleteSession, given: Given[Rules]) -> Decision:
    """MOD-01 and MOD-02 look here; what the same command completes needs no look."""
    course = state.course
    if wrong := not_their_visit(command.appointment_id, given):
        return wrong
    if command.appointment_id and command.appointment_id in course.seen:
        return ()
    if course.allowed is not None and course.sessions_done >= course.allowed:
        return Refused("every ordered session was held", instead=("Review",), code="sessions-used-up")
    today, number = given.rules.calendar.day(given.at), course.sessions_done + 1
    session = SessionCompleted(
        activity_id=given.target,
        session_no=number,
        of=course.allowed,
        appointment_id=command.appointment_id,
        on=today,
    )
    begun = [ActivityStarted(activity_id=given.target, on=today)] if isinstance(state, Accepted) else []
    return [*begun, session, *after_session(course, number, command, given)]


def after_session(course: Course, number: int, command: CompleteSession, given: Given[Rules]) -> list[Step]:
    if command.complete:
        return [ActivityCompleted(activity_id=given.target, sessions_done=number, result=command.result)]
    found: list[Step] = []
    settings = given.rules.care_plan
    if settings.expected_effect.id not in course.told and lacks_effect(course, number, given):
        seen = history_of(course.referral_id, given).looked_at()
        found.append(fell_due(course, number, settings.expected_effect, given, seen))
    if settings.sessions_used.values.on and course.allowed is not None and number >= course.allowed:
        found.append(fell_due(course, number, settings.sessions_used, given))
    return found


def lacks_effect(course: Course, number: int, given: Given[Rules]) -> bool:
    """MOD-01: the session has come by which the discipline expects an effect, and there is none."""
    effect = given.rules.care_plan.expected_effect.values
    expected = effect.sessions.get(course.order.discipline)
    if expected is None or number < expected:
        return False
    return not history_of(course.referral_id, given).has_improved(effect.peg_fall, effect.responder_counts)


def fell_due(
    course: Course, number: int, rule: Rule[Any], given: Given[Rules], seen: tuple[str, ...] | None = None
) -> Ruled:
    """`seen`: the measures that the rule looked at."""
    fact = ActivityReviewFellDue(
        activity_id=given.target,
        discipline=course.order.discipline,
        rule=rule.id,
        sessions_done=number,
        inputs=seen,
    )
    return Ruled(fact, (rule,))


def note_missed(state: Owned, command: NoteMissed, given: Given[Rules]) -> Decision:
    """MOD-03: of whichever activity of the discipline."""
    course, rule = state.course, given.rules.care_plan.missed_sessions
    if command.appointment_id in (*course.missed, *course.not_missed):
        return ()
    discipline = course.order.discipline
    noted = SessionMissed(appointment_id=command.appointment_id, discipline=discipline)
    others = {*course.missed, *history_of(course.referral_id, given).missed_in(discipline)}
    if len(others | {command.appointment_id}) < rule.values.count or rule.id in course.told:
        return [noted]
    return [noted, fell_due(course, course.sessions_done, rule, given)]


def take_back(state: Owned, command: TakeBackMissed, given: Given[Rules]) -> Decision:
    """What was asked because of it stays asked: somebody looks, and sees what is true now."""
    known = command.appointment_id in state.course.not_missed
    return () if known else [SessionNotMissed(appointment_id=command.appointment_id)]


SESSIONS = Table(
    *(start, complete_session, note_missed, take_back),
    ignores(Start, when=InProgress, whom=performers),
    ignores(NoteMissed, TakeBackMissed, when=NotOrdered | NotAccepted | Ended),
)
