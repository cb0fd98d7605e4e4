"""Waits that speak: forecasts, breaches and reviews of the wait, and what moves the target (REF-06, REF-07, REF-10)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from backbone.ids import ROOT, derive
from backbone.model import SYSTEM
from schemas.referral.v1.referral import RedFlagRaised, RedFlagUnclear, TargetChanged, TriageSuggested
from schemas.referral.v1.wait import WaitBreached, WaitBreachForecast, WaitReviewed, WaitReviewFellDue
from services.referral.referral.decide.visits import LoseVisit, ScheduleVisit
from services.referral.referral.decide.waiting import waiting_days
from services.referral.referral.decide.waits import (
    AskForReview,
    ForecastBreach,
    NoteUnavailability,
    ResetClock,
    ReviewWait,
    TellBreach,
)
from tests.support.deciding import Result, like, nothing, refused, ruled
from tests.support.submissions import flags
from tests.unit.referral.situations import ACCEPT, COORDINATOR, NURSE, given, receive, rules, triage

START = datetime(2026, 1, 5, 14, tzinfo=UTC)
PERIOD, VISIT = derive(ROOT, "period"), derive(ROOT, "visit")
CAT_2 = (START, receive(), NURSE, triage("cat_2"), ACCEPT, SYSTEM)
SCREEN: Any = flags()


def absent(start: str, end: str | None) -> NoteUnavailability:
    until = date.fromisoformat(end) if end else None
    return NoteUnavailability(period_id=PERIOD, start=date.fromisoformat(start), end=until)


def due(result: Result) -> dict[str, str]:
    calendar = rules().calendar
    return {name: str(calendar.day(timer.due)) for name, timer in result.timers.items()}


def after(days: int) -> datetime:
    return START + timedelta(days=days)


@pytest.mark.parametrize(
    ("category", "target", "forecast"),
    [
        ("cat_1", "2026-02-04", "2026-01-30"),
        ("cat_2", "2026-04-05", "2026-03-19"),
        ("cat_3", "2027-01-05", "2026-10-25"),
    ],
)
def test_a_category_sets_the_target_and_when_a_breach_is_forecast(
    category: str, target: str, forecast: str
) -> None:
    result = given(START, receive()).when(NURSE, triage(category))
    day_after = date.fromisoformat(target) + timedelta(days=1)
    assert result.state.course.urgency.target_date == date.fromisoformat(target)
    assert due(result) == {"forecast": forecast, "breach": str(day_after), "wait_review": "2026-04-06"}


def test_the_forecast_fires_on_day_73_of_category_2_and_not_before() -> None:
    told = ForecastBreach(target_date=date(2026, 4, 5))
    given(*CAT_2, after(72)).when(told).then(nothing())
    fact = like(WaitBreachForecast, waiting_days=73, target_days=90, target_date=date(2026, 4, 5))
    result = given(*CAT_2, after(73)).when(told).then(ruled(fact, "REF-07"))
    assert set(due(result)) == {"breach", "wait_review"}
    given(*CAT_2, after(73), told).when(told).then(nothing())


def test_a_target_is_breached_on_the_day_after_it() -> None:
    told = TellBreach(target_date=date(2026, 4, 5))
    given(*CAT_2, after(90)).when(told).then(nothing())
    fact = like(WaitBreached, waiting_days=91, target_date=date(2026, 4, 5))
    result = given(*CAT_2, after(91)).when(told).then(ruled(fact, "REF-07"))
    assert set(due(result)) == {"wait_review"}


def test_a_forecast_that_comes_too_late_is_a_breach() -> None:
    given(*CAT_2, after(100)).when(ForecastBreach(target_date=date(2026, 4, 5))).then(WaitBreached)


def test_an_absence_moves_target_forecast_and_review() -> None:
    result = given(*CAT_2).when(absent("2026-02-01", "2026-02-11"))
    result.then(like(TargetChanged, target_date=date(2026, 4, 15), cause="unavailability"))
    assert due(result) == {"forecast": "2026-03-29", "breach": "2026-04-16", "wait_review": "2026-04-16"}


def test_while_nobody_knows_when_the_patient_is_back_the_wait_says_nothing() -> None:
    assert not due(given(*CAT_2).when(absent("2026-02-01", None)))


def test_only_what_lies_after_the_clock_s_start_is_deducted() -> None:
    result = given(*CAT_2).when(absent("2025-12-01", "2026-02-01"))
    assert waiting_days(result.state.course, date(2026, 2, 10), rules().calendar) == 9
    result.then(like(TargetChanged, target_date=date(2026, 5, 2)))
    given(*CAT_2).when(absent("2025-03-01", "2025-12-01")).then()


def test_an_appointment_ends_the_forecast_and_a_lost_one_brings_it_back() -> None:
    told = ForecastBreach(target_date=date(2026, 4, 5))
    booked = ScheduleVisit(appointment_id=VISIT, source_id=derive(ROOT, "booked"))
    lost = LoseVisit(appointment_id=VISIT, missed=False, source_id=derive(ROOT, "lost"))
    assert set(due(given(*CAT_2).when(booked))) == {"breach", "wait_review"}
    again = given(*CAT_2, after(73), told, booked).when(lost)
    assert "forecast" in due(again)
    again = given(*CAT_2, after(73), told, booked, lost).when(told)
    again.then(like(WaitBreachForecast, waiting_days=73))


def test_another_category_moves_what_is_due() -> None:
    result = given(START, receive(), NURSE, triage("cat_3"), ACCEPT, after(40)).when(triage("cat_1"))
    assert due(result)["breach"] == "2026-02-05"
    result = given(START, receive(), NURSE, triage("cat_3"), ACCEPT, after(40), triage("cat_1")).when(
        SYSTEM, TellBreach(target_date=date(2026, 2, 4))
    )
    result.then(like(WaitBreached, waiting_days=40))


def test_a_review_falls_due_after_90_days_and_every_90() -> None:
    given(*CAT_2, after(90)).when(AskForReview(number=1)).then(nothing())
    first = given(*CAT_2, after(91)).when(AskForReview(number=1))
    first.then(ruled(like(WaitReviewFellDue, waiting_days=91), "REF-10"))
    assert due(first)["wait_review"] == "2026-07-05"
    given(*CAT_2, after(91), AskForReview(number=1), after(181)).when(AskForReview(number=2)).then(
        like(WaitReviewFellDue, waiting_days=181)
    )


def test_whoever_is_worse_is_triaged_again() -> None:
    worse = ReviewWait(result="worse", screen=SCREEN)
    given(*CAT_2).when(NURSE, worse).then(
        like(WaitReviewed, result="worse", decided_by=NURSE.id), TriageSuggested
    )
    same = ReviewWait(result="unchanged", screen=SCREEN)
    given(*CAT_2).when(NURSE, same).then(ruled(WaitReviewed, "REF-10"))


def test_the_screen_is_repeated_with_the_review() -> None:
    given(*CAT_2).when(NURSE, ReviewWait(result="unchanged")).then(refused(code="screen-missing"))
    given(*CAT_2).when(NURSE, ReviewWait(result="unreachable")).then(WaitReviewed)
    screen: Any = flags(malignancy="yes", infection="unknown")
    found = ReviewWait(result="worse", screen=screen)
    given(*CAT_2).when(NURSE, found).then(
        like(RedFlagRaised, flag="malignancy", source="screen", still_unclear=("infection",)),
        like(RedFlagUnclear, flags=("infection",)),
        WaitReviewed,
        TriageSuggested,
    )


def test_nobody_but_a_clinician_reviews_a_wait() -> None:
    review: Any = ReviewWait(result="unchanged", screen=SCREEN)
    given(*CAT_2).when(COORDINATOR, review).then(refused(code="not-permitted"))


def test_a_reset_clock_starts_anew() -> None:
    reset = ResetClock(since=after(50))
    result = given(*CAT_2).when(after(50), reset)
    result.then(like(TargetChanged, target_date=date(2026, 5, 25), cause="clock_reset"))
    assert result.state.course.clock_start == after(50)
    assert due(result)["wait_review"] == "2026-05-26"
    given(*CAT_2, after(50), reset).when(reset).then(nothing())


def test_the_clock_starts_on_the_day_that_the_referral_bears_where_that_can_be() -> None:
    for days, believed in ((-1, True), (-14, True), (-15, False), (0, False), (1, False)):
        day = rules().calendar.day(START) + timedelta(days=days)
        command = replace(receive(on=START), referred_on=day)
        wanted = rules().calendar.daily(day) if believed else START
        assert given(START).when(command).state.course.clock_start == wanted, days


def test_the_clock_starts_when_it_was_received_not_when_it_was_handled() -> None:
    """An outage shortens no wait; a sender's clock that can't be is not believed."""
    for sent, believed in ((-3, True), (0, True), (1, False), (-15, False), (-20_000, False)):
        result = given(START).when(receive(on=after(sent)))
        assert result.state.course.clock_start == (after(sent) if believed else START), sent
