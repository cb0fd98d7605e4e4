"""What facts lead to in the care plan: dates that move, fall away or are missed, reviews and ends."""

from datetime import timedelta
from typing import Any

import pytest

from backbone.ids import ROOT, derive
from schemas.scheduling.v1.appointment import (
    AppointmentCancelled,
    AppointmentMoved,
    AttendanceCorrected,
    PatientAttended,
)
from tests.support.access import SilentStore
from tests.support.told import at_clinic
from tests.support.ward import HERS, PHYSIOTHERAPIST, VISIT, Ward, session_missed

LATER = derive(ROOT, "a later visit")
AWAY = {"patient": derive(ROOT, "patient 3"), "referral": derive(ROOT, "referral 3")}
NOBODYS = derive(ROOT, "nobody's")
ATTENDED = PatientAttended(version=1, purpose="session")
CANCELLED = AppointmentCancelled(
    version=2, by="clinic", reason="staff_absent", notice_hours=48, counts=False, cna_count=0
)


def moved(to: str) -> AppointmentMoved:
    return AppointmentMoved(
        version=2,
        previous_version=1,
        by="patient",
        reason="other_plans",
        previous_start=at_clinic("2027-06-01 10:00"),
        start=at_clinic(to),
        end=at_clinic(to) + timedelta(hours=1),
        status="booked",
        gates_reopened=(),
    )


@pytest.fixture
async def ward() -> Ward:
    return await Ward().open()


async def test_a_first_visit_that_moves_takes_its_baseline_with_it(ward: Ward) -> None:
    await ward.book(LATER, on="2027-06-01 10:00", **AWAY)
    await ward.feed.tell(moved("2027-07-01 10:00"), aggregate=LATER, **AWAY)
    await ward.clinic.at("2027-06-16 12:00")
    assert not ward.told("measure_requested", appointment_id=LATER)
    await ward.clinic.at("2027-06-17 12:00")
    assert ward.told("measure_requested", appointment_id=LATER, due_on="2027-07-01")


async def test_a_first_visit_that_falls_away_asks_nothing(ward: Ward) -> None:
    await ward.book(LATER, on="2027-06-01 10:00", **AWAY)
    await ward.feed.tell(CANCELLED, aggregate=LATER, **AWAY)
    await ward.clinic.at("2027-06-02 12:00")
    assert not ward.told("measure_requested", appointment_id=LATER)


async def test_two_missed_sessions_are_somebody_s_work(ward: Ward) -> None:
    [activity] = (await ward.plan())["activity_ids"]
    await ward.asks(f"/activities/{activity}/accept", PHYSIOTHERAPIST)
    for number in (1, 2):
        await ward.feed.tell(session_missed(activity), aggregate=derive(ROOT, f"session {number}"))
    assert ward.told("activity_review_fell_due", activity_id=activity, rule="MOD-03")


async def test_a_missed_session_that_was_none_counts_no_longer(ward: Ward) -> None:
    [activity] = (await ward.plan())["activity_ids"]
    await ward.asks(f"/activities/{activity}/accept", PHYSIOTHERAPIST)
    first, second, third = (derive(ROOT, f"session {number}") for number in (1, 2, 3))
    await ward.feed.tell(session_missed(activity), aggregate=first)
    await ward.feed.tell(AttendanceCorrected(version=1, reason="late"), aggregate=first)
    await ward.feed.tell(session_missed(activity), aggregate=second)
    assert not ward.told("activity_review_fell_due", activity_id=activity, rule="MOD-03")
    await ward.feed.tell(session_missed(activity), aggregate=third)
    assert ward.told("activity_review_fell_due", activity_id=activity, rule="MOD-03")


async def test_stepping_up_goes_before_the_team(ward: Ward) -> None:
    plan = await ward.plan()
    path = f"/plans/{plan['plan_id']}/review"
    await ward.asks(path, result="step_up", next_review="2027-05-20")
    assert ward.told("mdt_case_requested", reason="OUT-05")


async def test_who_comes_and_does_not_respond_at_two_reviews_goes_before_the_team(ward: Ward) -> None:
    plan = await ward.plan()

    async def measured_and_reviewed(occasion: str, *, result: str | None = None, to: str = "") -> None:
        asked: dict[str, Any] = {"occasion": occasion, "instruments": ["peg"], "due_on": "2027-08-01"}
        request = (await ward.asks("/measure-requests", **asked, **HERS))["request_id"]
        await ward.asks(f"/measure-requests/{request}/answers", answers={"peg": [8, 8, 8]})
        if result:
            await ward.asks(f"/plans/{plan['plan_id']}/review", result=result, next_review=to)

    await measured_and_reviewed("baseline")
    await ward.clinic.at("2027-03-25 12:00")
    await ward.feed.tell(ATTENDED, aggregate=derive(ROOT, "session 1"))
    await measured_and_reviewed("review", result="continue", to="2027-04-22")
    assert not ward.told("mdt_case_requested", reason="OUT-05")
    await ward.clinic.at("2027-04-22 12:00")
    await measured_and_reviewed("review", result="continue", to="2027-05-20")
    [case] = ward.told("mdt_case_requested", reason="OUT-05")
    assert "OUT-05@1" in case.rules


async def test_with_the_plan_its_activities_and_its_interval_end(ward: Ward) -> None:
    plan = await ward.plan()
    await ward.clinic.at("2027-03-01 12:00")
    await ward.asks(f"/plans/{plan['plan_id']}/revoke", reason="patient_declined")
    assert ward.told("activity_cancelled", activity_id=plan["activity_ids"][0])
    await ward.clinic.at("2027-07-01 12:00")
    assert not ward.told("mdt_case_requested", reason="MDT-01")


async def test_a_plan_that_nobody_reviews_goes_before_the_team(ward: Ward) -> None:
    await ward.plan()
    await ward.clinic.at("2027-05-20 12:00")
    assert not ward.told("mdt_case_requested")
    await ward.clinic.at("2027-05-21 12:00")
    assert ward.told("mdt_case_requested", reason="MDT-01")


async def test_an_alert_stands_in_the_way_of_discharge_until_it_is_closed(ward: Ward) -> None:
    asked: dict[str, Any] = {"occasion": "review", "instruments": ["phq9"], "due_on": "2027-03-01"}
    request = (await ward.asks("/measure-requests", **asked, **HERS))["request_id"]
    await ward.asks(f"/measure-requests/{request}/answers", answers={"phq9": [1] * 8 + [2]})
    plan = f"/plans/{(await ward.plan())['plan_id']}"
    met = ["medication_handover", "flare_up_plan", "rereferral_route", "final_proms"]
    await ward.asks(f"{plan}/review", result="discharge", checklist=met)
    await ward.asks(f"{plan}/discharge/letter/sign", audience=["patient"], text="Dear colleague")
    assert await ward.refuses(f"{plan}/discharge", reason="COMPLETED_GOALS") == "open-safety-alert"
    alert = f"/safety-alerts/{ward.last('safety_alert_raised').subject}"
    await ward.asks(f"{alert}/assess", result="no_imminent_risk", note="Spoke with the patient.")
    await ward.asks(f"{alert}/close")
    await ward.asks(f"{plan}/discharge", reason="COMPLETED_GOALS")


async def test_what_is_not_there_is_not_found() -> None:
    ward = await Ward(SilentStore()).open()
    for answer in (
        await ward.reads(f"/patients/{NOBODYS}/plan"),
        await ward.tries("/consultations", appointment_id=NOBODYS, kind="initial"),
        await ward.tries(f"/findings/{NOBODYS}/pcs_high/review", decision="talked"),
        await ward.tries(f"/plans/{VISIT}/hold", reason="operation", review_on="2027-06-01"),
    ):
        assert answer.status_code == 404


@pytest.mark.parametrize(
    ("counts", "notice_hours", "how"),
    [(True, 1, "missed"), (True, 47, "missed"), (True, 48, "excused"), (False, 1, "excused")],
)
async def test_what_is_cancelled_counts_as_missed_only_at_short_notice(
    ward: Ward, counts: bool, notice_hours: int, how: str
) -> None:
    """OUT-05: whoever says in time that they can't come is no less engaged."""
    await ward.plan()
    fact = CANCELLED.model_copy(
        update={"by": "patient", "reason": "ill", "counts": counts, "notice_hours": notice_hours}
    )
    await ward.feed.tell(fact, aggregate=LATER)
    noted = await ward.clinic.system.journal("care_plan", "care_plan.attendance_noted.v1")
    assert [each["how"] for each in noted] == [how]
