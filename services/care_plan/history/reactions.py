"""Facts of a referral, of its plan and of scores → its history."""

from backbone.model import Command, Event, On, Orders, like, on, one
from config.diagnoses import any_begins
from schemas.care_plan.v1.activity import (
    ActivityCancelled,
    ActivityCompleted,
    ActivityDeclined,
    ActivityOrdered,
    ActivityStopped,
)
from schemas.care_plan.v1.measure import MeasureEnteredInError, MeasureRequested, MeasureScored
from schemas.care_plan.v1.plan import PlanActivated, PlanReviewed
from schemas.fact import Fact
from schemas.referral.v1.ends import ENDS, ReferralEnd
from schemas.referral.v1.referral import ReferralReceived
from schemas.scheduling.v1.appointment import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentMoved,
    AttendanceCorrected,
    PatientAttended,
    PatientDidNotAttend,
)
from services.care_plan.activity.facts import SessionMissed, SessionNotMissed
from services.care_plan.history.aggregate import (
    HISTORY,
    MoveFirstVisit,
    NoteAttendance,
    NoteEnd,
    NoteFirstVisit,
    NoteFullTurn,
    NoteMissedSession,
    NotePlan,
    NoteReview,
    NoteScore,
    NoteSites,
    TakeScoreBack,
)
from services.care_plan.history.states import Score
from services.care_plan.rules import Rules

Ended = ActivityDeclined | ActivityCompleted | ActivityStopped | ActivityCancelled


def note(event: Event[Fact], command: Command) -> Orders:
    if event.head.pathway_id:
        yield HISTORY.send(command, to=one(event.head.pathway_id))


def note_sites(event: Event[ReferralReceived], rules: Rules) -> Orders:
    """Some instruments are for back pain only."""
    battery, fact = rules.measures.battery.values, event.fact
    sites = bool(set(fact.body_sites) & set(battery.back_pain_sites))
    coded = any_begins(fact.condition_codes, battery.back_pain_conditions)
    yield HISTORY.send(
        like(NoteSites, fact, back_pain=sites or coded),
        to=one(event.head.aggregate_id),
    )


def note_end(event: Event[ReferralEnd], rules: Rules) -> Orders:
    yield HISTORY.send(NoteEnd(), to=one(event.head.aggregate_id))


def note_first_visit(event: Event[AppointmentBooked], rules: Rules) -> Orders:
    """How old a baseline may be goes by the day of the first visit."""
    if event.fact.purpose == "initial_consultation":
        on_day = rules.calendar.day(event.fact.start)
        yield from note(
            event,
            NoteFirstVisit(appointment_id=event.head.aggregate_id, version=event.fact.version, on=on_day),
        )


def move_first_visit(event: Event[AppointmentMoved], rules: Rules) -> Orders:
    on_day = rules.calendar.day(event.fact.start)
    yield from note(
        event, MoveFirstVisit(appointment_id=event.head.aggregate_id, version=event.fact.version, on=on_day)
    )


def note_start(event: Event[PlanActivated], rules: Rules) -> Orders:
    yield from note(event, NotePlan(started_on=event.fact.start))


def note_review(event: Event[PlanReviewed], rules: Rules) -> Orders:
    command = NoteReview(rules.calendar.day(event.head.occurred_at), result=event.fact.result)
    yield from note(event, command)


def note_attended(event: Event[PatientAttended], rules: Rules) -> Orders:
    yield from note_visit(event, "attended", rules)


def note_missed(event: Event[PatientDidNotAttend], rules: Rules) -> Orders:
    """Only what counts against the patient is missed."""
    yield from note_visit(event, "missed" if event.fact.counts else "excused", rules)


def note_cancelled(event: Event[AppointmentCancelled], rules: Rules) -> Orders:
    """And of what they cancel only what is cancelled at short notice (OUT-05)."""
    is_short = event.fact.notice_hours < rules.measures.step_up.values.short_notice_hours
    yield from note_visit(event, "missed" if event.fact.counts and is_short else "excused", rules)


def take_back_missed(event: Event[AttendanceCorrected], rules: Rules) -> Orders:
    yield from note_visit(event, "excused", rules)


def note_visit(event: Event[Fact], how: str, rules: Rules) -> Orders:
    day = rules.calendar.day(event.head.occurred_at)
    yield from note(event, NoteAttendance(event.head.aggregate_id, how=how, on=day))


def count_ordered(event: Event[ActivityOrdered], rules: Rules) -> Orders:
    yield from note(event, NotePlan(activity_id=event.fact.activity_id, running=True))


def count_ended(event: Event[Ended], rules: Rules) -> Orders:
    yield from note(event, NotePlan(activity_id=event.fact.activity_id, running=False))


def note_full_turn(event: Event[MeasureRequested], rules: Rules) -> Orders:
    """Whatever of the full battery is for everybody was asked for; the baseline stands before the first turn."""
    battery = rules.measures.battery.values
    if event.fact.occasion != "baseline" and {*battery.full} - {*battery.back_pain_only} <= {
        *event.fact.instruments
    }:
        yield from note(event, NoteFullTurn(on=event.fact.due_on))


def count_missed(event: Event[SessionMissed | SessionNotMissed], rules: Rules) -> Orders:
    """MOD-03 counts those of all activities of a discipline."""
    yield from note(event, like(NoteMissedSession, event.fact))


def note_score(event: Event[MeasureScored], rules: Rules) -> Orders:
    yield from note(event, NoteScore(event.fact.request_id, like(Score, event.fact)))


def take_score_back(event: Event[MeasureEnteredInError], rules: Rules) -> Orders:
    yield from note(event, like(TakeScoreBack, event.fact))


REACTIONS: tuple[On, ...] = (
    on(ReferralReceived, note_sites),
    *(on(fact, note_end) for fact in ENDS),
    on(AppointmentBooked, note_first_visit),
    on(AppointmentMoved, move_first_visit),
    on(PlanActivated, note_start),
    on(PlanReviewed, note_review),
    on(ActivityOrdered, count_ordered),
    on(ActivityDeclined, count_ended),
    on(ActivityCompleted, count_ended),
    on(ActivityStopped, count_ended),
    on(ActivityCancelled, count_ended),
    on(MeasureRequested, note_full_turn),
    on(MeasureScored, note_score),
    on(MeasureEnteredInError, take_score_back),
    on(PatientAttended, note_attended),
    on(PatientDidNotAttend, note_missed),
    on(AppointmentCancelled, note_cancelled),
    on(AttendanceCorrected, take_back_missed),
)

OWN: tuple[On, ...] = (
    on(SessionMissed, count_missed),
    on(SessionNotMissed, count_missed),
)
"""Handled in the transaction that writes the facts."""
