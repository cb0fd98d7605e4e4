"""What a cap holds back waits while it is of use, is said with another, or says nothing new; the rest is work."""

from typing import Any

import pytest

from backbone.ids import ROOT, derive
from schemas.scheduling.v1.appointment import AppointmentCancelled, PatientDidNotAttend
from schemas.scheduling.v1.offer import SlotOffered
from services.notifications.agenda.aggregate import AGENDA
from tests.support.examples import example_fact
from tests.support.feed import PATIENT
from tests.support.post_room import PostRoom, visit


@pytest.fixture
async def room() -> PostRoom:
    """A patient at the clinic who agreed to text messages, on Monday 2027-01-04 at nine."""
    return await PostRoom().ready()


async def missed(room: PostRoom, number: int, at: str) -> None:
    fact = PatientDidNotAttend(
        version=1,
        purpose="session",
        reason="UNKNOWN",
        reminders_delivered=2,
        counts=False,
        exemptions=(),
        dna_count=0,
    )
    await room.tell(fact, at=at, aggregate=visit(number))


async def cancelled_by(room: PostRoom, by: Any, at: str) -> None:
    fact = AppointmentCancelled(version=2, by=by, reason="ill", notice_hours=90, counts=False, cna_count=0)
    await room.tell(fact, at=at, aggregate=visit(1))


async def test_the_weekly_digest_goes_the_day_after_a_missed_visit_was_told_of_at_its_hour(room):
    for number, day in enumerate(("14", "19", "21"), start=1):
        await room.book(f"2027-01-{day} 09:00", number, series=3)
    await missed(room, 1, "2027-01-14 12:00")
    await room.until("2027-01-18 09:00")
    ends = await room.ends()
    assert sorted(ends[-2:]) == ["sent APPT_DIGEST", "sent APPT_DNA"]
    assert not [each for each in ends if "suppressed" in each]


async def test_who_cancels_a_date_is_no_work_when_their_own_cancellation_meets_the_cap(room):
    await room.book("2027-01-20 14:00")
    await room.until("2027-01-04 09:30")
    await cancelled_by(room, "patient", "2027-01-04 15:00")
    assert (await room.ends())[-1] == "suppressed APPT_CANCELLED duplicate"
    await room.until("2027-01-06 12:00")
    assert (await room.ends())[-1] == "suppressed APPT_CANCELLED duplicate"


async def test_what_the_clinic_cancels_is_told_the_next_day(room):
    await room.book("2027-01-20 14:00")
    await room.until("2027-01-04 09:30")
    await cancelled_by(room, "clinic", "2027-01-04 15:00")
    await room.until("2027-01-05 09:59")
    assert (await room.ends())[-1] != "sent APPT_CANCELLED"
    await room.until("2027-01-05 10:00")
    assert (await room.ends())[-1] == "sent APPT_CANCELLED"


async def test_news_that_a_cap_holds_back_goes_one_a_day_and_three_a_week(room):
    for number in range(1, 5):
        await room.news(number)
    for day, so_far in ((4, 1), (5, 2), (6, 3), (10, 3), (11, 4)):
        await room.until(f"2027-01-{day:02} 12:00")
        assert await room.ends() == ["sent MDT_OUTCOME_PT"] * so_far


async def test_a_confirmation_that_waits_says_nothing_new_after_the_reminder(room):
    await room.news(1)
    await room.book("2027-01-06 14:00")
    await room.until("2027-01-06 12:00")
    ends = await room.ends()
    assert ends == ["sent MDT_OUTCOME_PT", "sent APPT_D1", "cancelled APPT_CONFIRMED reached"]


async def test_a_confirmation_that_waits_is_one_with_the_next(room):
    await room.news(1)
    await room.book("2027-01-20 14:00")
    await room.until("2027-01-04 12:00")
    await room.book("2027-01-21 14:00", 2)
    await room.until("2027-01-05 12:00")
    assert (await room.ends())[-1] == "sent APPT_CONFIRMED"
    assert "and 1 more" in room.texts[-1] and len(room.texts) == 2


async def test_what_waits_for_a_day_is_not_said_after_the_date_that_it_is_about(room):
    await room.news(1)
    await room.book("2027-01-05 09:30", at="2027-01-04 15:00")
    await room.until("2027-01-06 12:00")
    assert "suppressed APPT_CONFIRMED cap_day" in await room.ends()
    assert len(room.texts) == 1


async def test_an_offer_that_a_cap_holds_back_is_somebodys_to_make_at_once(room):
    await room.news(1)
    offered = example_fact(SlotOffered).model_copy(update={"mode": "message"})
    await room.tell(offered, aggregate=derive(ROOT, "an offer"))
    assert (await room.ends())[-1] == "suppressed APPT_OFFER cap_day"


async def test_what_waits_keeps_its_place_on_the_day_on_which_it_goes(room):
    await room.news(1)
    await room.news(2)
    await room.news(3, at="2027-01-04 15:00")
    await room.until("2027-01-04 16:00")
    agenda = await room.system.workers["notifications"].runtime.load(AGENDA, PATIENT)
    days = sorted(note.send_at.day for note in agenda.state.notes.values() if note.is_planned)
    assert days == [5, 6]
