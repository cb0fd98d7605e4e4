"""What a patient must hear is said, or is somebody's work; what must not be said any more is not."""

from typing import Any

import pytest

from backbone.http.places import Paging
from backbone.ids import ROOT, derive
from schemas.care_plan.v1.measure import MeasureNotScored, MeasureRequested
from schemas.referral.v1.referral import ReferralRejected
from services.notifications.message.queries import messages_to
from tests.support.feed import PATIENT, clinic
from tests.support.post_room import REQUEST, PostRoom

OTHER_REFERRAL = derive(ROOT, "another referral of the patient")


@pytest.fixture
async def room() -> PostRoom:
    """A patient at the clinic who agreed to text messages, on Monday 2027-01-04 at nine."""
    return await PostRoom().ready()


async def reminded(room: PostRoom) -> list[str]:
    """A date on Wednesday the 20th, its reminder of the day before has left."""
    await room.book("2027-01-20 14:00")
    await room.until("2027-01-19 10:00")
    ends = await room.ends()
    assert ends[-1] == "sent APPT_D1"
    return ends


async def test_a_date_that_is_cancelled_after_its_reminder_left_is_told_of_the_same_day(room):
    before = await reminded(room)
    await room.cancel(at="2027-01-19 15:00")
    assert (await room.ends())[len(before) :] == ["sent APPT_CANCELLED"]


async def test_a_date_of_tomorrow_that_is_moved_far_away_is_told_of_the_same_day(room):
    before = await reminded(room)
    await room.move("2027-03-03 09:00", at="2027-01-19 15:00")
    assert (await room.ends())[len(before) :] == ["sent APPT_MOVED"]


async def test_a_date_that_is_moved_to_tomorrow_is_told_of_the_same_day(room):
    await room.book("2027-02-20 14:00")
    await room.until("2027-01-04 09:30")
    await room.move("2027-01-05 14:00", at="2027-01-04 15:00")
    assert "sent APPT_MOVED" in await room.ends()


async def test_a_change_of_a_date_far_away_counts_like_any_other_message(room):
    await room.book("2027-01-20 14:00")
    await room.until("2027-01-04 09:30")
    await room.cancel(at="2027-01-04 15:00")
    assert "sent APPT_CANCELLED" not in await room.ends()
    await room.until("2027-01-05 10:00")
    assert (await room.ends())[-1] == "sent APPT_CANCELLED"


async def test_what_was_not_said_of_a_date_stands_there_with_its_words(room):
    await room.news(1)
    await room.book("2027-01-05 09:30", at="2027-01-04 15:00")
    await room.until("2027-01-04 16:00")
    shown = await messages_to(room.system.workers["notifications"].runtime, [PATIENT], Paging(50, None))
    said = {each["reason"]: each["text"] for each in shown.documents if each["status"] == "suppressed"}
    assert "Tue Jan 5 09:30" in said["cap_day"]


async def test_a_move_tells_where_the_date_is_now(room):
    await room.book("2027-01-20 14:00")
    await room.move("2027-01-21 14:00", at="2027-01-05 09:00", location="north")
    assert "Thu Jan 21 14:00, North Annex" in room.texts[-1]


async def test_dates_are_told_as_the_clinics_clocks_show_them_wherever_the_patient_is():
    room = await PostRoom().ready(time_zone="Europe/Berlin")
    await room.book("2027-01-20 14:00")
    await room.until("2027-01-04 09:30")
    assert "Wed Jan 20 14:00" in room.texts[0]


async def test_what_one_referral_ends_is_not_ended_for_another(room):
    await room.book("2027-01-20 14:00", referral=OTHER_REFERRAL)
    await room.ask("2027-01-20")
    rejected = ReferralRejected(
        decided_by=OTHER_REFERRAL,
        code="DUPLICATE_ACTIVE_REFERRAL",
        disposition="rejected",
        advice_ref=REQUEST,
    )
    await room.tell(rejected)
    planned = await room.planned()
    assert {"APPT_D1", "APPT_D3"} <= planned and "MEASURE_D2" not in planned


async def test_a_request_that_goes_with_its_visit_takes_its_reminders_along(room):
    await room.book("2027-01-20 14:00")
    asked = MeasureRequested(
        request_id=REQUEST,
        occasion="baseline",
        instruments=("peg",),
        due_on=clinic("2027-01-20 14:00").date(),
        appointment_id=derive(ROOT, "appointment 1"),
    )
    await room.tell(asked, aggregate=REQUEST)
    assert "MEASURE_D2" in await room.planned()
    await room.cancel(at="2027-01-05 09:00")
    assert await room.planned() == set()


async def test_who_is_asked_by_staff_is_not_invited(room):
    day = clinic("2027-01-20 14:00").date()
    said: dict[str, Any] = {
        "request_id": REQUEST,
        "occasion": "baseline",
        "instruments": ("ort_oud",),
        "due_on": day,
    }
    await room.tell(MeasureRequested(**said, interview=True), aggregate=REQUEST)
    assert await room.planned() == set()
    await room.tell(MeasureRequested(**said), aggregate=REQUEST)
    assert "MEASURE_D2" in await room.planned()


async def test_who_declined_to_answer_is_not_reminded(room):
    await room.ask("2027-01-20")
    declined = MeasureNotScored(request_id=REQUEST, instrument="peg", reason="declined")
    await room.tell(declined, aggregate=REQUEST)
    assert await room.planned() == set()
