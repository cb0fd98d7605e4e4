"""Waits that speak: a breach ahead, a breach, how the waiting patient is (REF-07, REF-10); what moves the target."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Annotated, Any

from msgspec import Meta, field
from msgspec.structs import replace

from backbone.model import Command, Decision, Given, Refused, Ruled, Step, Table, Timer, by, decider, ignores
from schemas.codes import RedFlag
from schemas.referral.v1.codes import TargetCause, WaitReviewResult
from schemas.referral.v1.referral import RedFlagUnclear
from schemas.referral.v1.wait import WaitBreached, WaitBreachForecast, WaitReviewed, WaitReviewFellDue
from services.referral.referral.commands import Text
from services.referral.referral.content import Screened
from services.referral.referral.decide.amendment import proposed_afresh
from services.referral.referral.decide.evaluation import raise_flag
from services.referral.referral.decide.information import noted
from services.referral.referral.decide.screening import severity_of
from services.referral.referral.decide.waiting import (
    forecast_days,
    moved,
    reached_on,
    target_days,
    waiting_days,
)
from services.referral.referral.facts import ClockReset, UnavailabilityNoted
from services.referral.referral.states import (
    Active,
    AwaitingInformation,
    CancellationRequested,
    Course,
    Draft,
    Known,
    OnTheWay,
    Over,
    Period,
    Received,
    Scheduled,
    StillWaiting,
    VisitCompleted,
    WithoutDate,
)
from services.referral.roles import CLINICIAN
from services.referral.rules import Rules


class ForecastBreach(Command, tag="forecast_breach", kw_only=True, frozen=True):
    """Timer, REF-07: most of the time to this target has passed."""

    target_date: date


class TellBreach(Command, tag="tell_breach", kw_only=True, frozen=True):
    """Timer, REF-07: this target has passed."""

    target_date: date


class AskForReview(Command, tag="ask_for_wait_review", kw_only=True, frozen=True):
    """Timer, REF-10: the patient has waited for long. `number` counts the reviews, from 1."""

    number: int


class ReviewWait(Command, tag="review_wait", kw_only=True, frozen=True):
    """How the patient is, with the red-flag screen once more; who is not reached can't be screened."""

    result: WaitReviewResult
    screen: Annotated[dict[RedFlag, Screened], Meta(max_length=20)] = field(default_factory=dict)
    note: Text | None = None


class NoteUnavailability(Command, tag="note_unavailability", kw_only=True, frozen=True):
    period_id: str
    start: date
    end: date | None = None


class ResetClock(Command, tag="reset_clock", kw_only=True, frozen=True):
    """A clinician decided so after visits that did not take place (ATT-02, ATT-03, ATT-04)."""

    since: datetime


def timers(state: Any, rules: Rules) -> Mapping[str, Timer]:
    """The next thing of each kind that the wait will say, if nothing happens before."""
    if not isinstance(state, StillWaiting) or state.course.visit.attended_at:
        return {}
    calendar = rules.calendar
    due = {
        name: (reached_on(state.course, days, calendar), command)
        for name, days, command in milestones(state, rules)
    }
    return {name: Timer(calendar.daily(day), command) for name, (day, command) in due.items() if day}


def milestones(state: StillWaiting, rules: Rules) -> Iterator[tuple[str, int, Command]]:
    """What is said when the patient has waited for so many days."""
    course, review = state.course, rules.referral.wait_review.values
    wait, urgency, target = course.wait, course.urgency, target_days(course, rules.calendar)
    if urgency is not None and target is not None and wait.breached_for != urgency.target_date:
        if isinstance(state, WithoutDate) and wait.forecast_for != urgency.target_date:
            days = forecast_days(target, rules)
            yield "forecast", days, ForecastBreach(target_date=urgency.target_date)
        yield "breach", target + 1, TellBreach(target_date=urgency.target_date)
    days = review.after_days + wait.reviews * review.every_days + 1
    yield "wait_review", days, AskForReview(number=wait.reviews + 1)


def waited(course: Course, given: Given[Rules]) -> int:
    return waiting_days(course, given.rules.calendar.day(given.at), given.rules.calendar)


def forecast(state: WithoutDate, command: ForecastBreach, given: Given[Rules]) -> Decision:
    """REF-07. A timer that comes after the target has passed tells of the breach."""
    course, days = state.course, waited(state.course, given)
    target = target_days(course, given.rules.calendar)
    if target is None or not is_news(course, command, course.wait.forecast_for) or days > target:
        return breach(state, TellBreach(target_date=command.target_date), given)
    if days < forecast_days(target, given.rules):
        return ()
    told = WaitBreachForecast(waiting_days=days, target_days=target, target_date=command.target_date)
    return [Ruled(told, (given.rules.referral.breach,))]


def breach(state: StillWaiting, command: TellBreach, given: Given[Rules]) -> Decision:
    """REF-07: also with an appointment, which is then too late."""
    course, days = state.course, waited(state.course, given)
    target = target_days(course, given.rules.calendar)
    if target is None or not is_news(course, command, course.wait.breached_for) or days <= target:
        return ()
    told = WaitBreached(waiting_days=days, target_date=command.target_date)
    return [Ruled(told, (given.rules.referral.breach,))]


def is_news(course: Course, command: ForecastBreach | TellBreach, told: date | None) -> bool:
    """It is about the target as it stands, was not told of it yet, and the patient was not seen."""
    target = course.urgency.target_date if course.urgency else None
    return command.target_date == target != told and course.visit.attended_at is None


def ask_for_review(state: StillWaiting, command: AskForReview, given: Given[Rules]) -> Decision:
    """REF-10: patients get worse while they wait."""
    days, rule = waited(state.course, given), given.rules.referral.wait_review
    reviews = state.course.wait.reviews
    due = rule.values.after_days + reviews * rule.values.every_days
    if command.number != reviews + 1 or days <= due or state.course.visit.attended_at:
        return ()
    return [Ruled(WaitReviewFellDue(waiting_days=days), (rule,))]


@by(CLINICIAN)
def review(state: StillWaiting, command: ReviewWait, given: Given[Rules]) -> Decision:
    """REF-10: red flags first; who is worse is triaged again."""
    unasked = [flag for flag in given.rules.red_flags.red_flags.values.flags if flag not in command.screen]
    if unasked and command.result != "unreachable":
        return Refused(f"the screen is repeated: {', '.join(unasked)}", code="screen-missing")
    reviewed = WaitReviewed(result=command.result, decided_by=decider(given))
    steps = [
        *rescreened(state.course, command.screen, given),
        Ruled(reviewed, (given.rules.referral.wait_review,)),
    ]
    steps += noted(command.note, "review_wait", given)
    if command.result != "worse" or isinstance(state, AwaitingInformation):
        return steps
    return [*steps, proposed_afresh(state, given)]


def rescreened(course: Course, screen: Mapping[RedFlag, Screened], given: Given[Rules]) -> list[Step]:
    """What is there is raised, what nobody knows is asked for (REF-03): "unknown" is not "no"."""
    already = {flag.flag for flag in course.open_flags}
    present = [flag for flag, answer in screen.items() if answer == "yes" and flag not in already]
    unknown = [flag for flag, answer in screen.items() if answer == "unknown" and flag not in course.unclear]
    open_questions = tuple(flag for flag in (*course.unclear, *unknown) if flag not in present)
    raised: list[Step] = [
        raise_flag(flag, severity_of(flag, None, given.rules), "screen", given, open_questions)
        for flag in present
    ]
    if not unknown:
        return raised
    return [*raised, Ruled(RedFlagUnclear(flags=open_questions), (given.rules.referral.unclear_flags,))]


def note_unavailability(state: Known, command: NoteUnavailability, given: Given[Rules]) -> Decision:
    """ATT-06: the target moves by the days that are known, as far as they lie after the clock's start."""
    period, course = Period(command.period_id, command.start, command.end), state.course
    if period in course.unavailable:
        return ()
    others = tuple(each for each in course.unavailable if each.period_id != period.period_id)
    told = UnavailabilityNoted(period_id=period.period_id, start=period.start, end=period.end)
    after = replace(course, unavailable=(*others, period))
    return [told, *retargeted(state, after, "unavailability", given)]


def reset_clock(state: OnTheWay, command: ResetClock, given: Given[Rules]) -> Decision:
    """The wait begins anew; an older decision resets nothing."""
    if command.since <= state.course.clock_start:
        return ()
    after = replace(state.course, clock_start=command.since)
    return [ClockReset(clock_start=command.since), *retargeted(state, after, "clock_reset", given)]


def retargeted(state: Known, after: Course, cause: TargetCause, given: Given[Rules]) -> list[Step]:
    """The date by which a waiting patient should be seen, if it is another one now."""
    days = target_days(state.course, given.rules.calendar)
    if days is None or not isinstance(state, StillWaiting):
        return []
    return moved(state.course.urgency, after, days, cause, given)


SeenOrOver = Draft | VisitCompleted | CancellationRequested | Over

WAITS = Table(
    *(forecast, breach, ask_for_review, review, note_unavailability, reset_clock),
    ignores(ForecastBreach, when=SeenOrOver | Active | Scheduled),
    ignores(TellBreach, AskForReview, when=SeenOrOver),
    ignores(ResetClock, when=SeenOrOver | Received | AwaitingInformation),
    ignores(NoteUnavailability, when=Draft),
)
