"""When patients are told: reminders, quiet hours and caps, each rule on its vectors through the whole service."""

from datetime import date, timedelta

import pytest

from backbone.ids import ROOT, derive
from schemas.care_plan.v1.contact import ContactRecorded
from schemas.referral.v1.patient import MergeUndone, PatientsMerged
from schemas.referral.v1.referral import ReferralRejected
from schemas.scheduling.v1.appointment import PatientDidNotAttend
from tests.support.examples import example_fact
from tests.support.feed import PATIENT, REFERRAL
from tests.support.post_room import REQUEST, PostRoom, visit


@pytest.fixture
async def room() -> PostRoom:
    """A patient at the clinic who agreed to text messages, on Monday 2027-01-04 at nine."""
    return await PostRoom().ready()


# --- reminders ------------------------------------------------------------------------------------


async def test_a_booking_is_confirmed_half_an_hour_later_and_reminded_three_days_and_one_day_before(room):
    await room.book("2027-01-20 14:00")
    await room.until("2027-01-04 09:29")
    assert await room.ends() == []
    await room.until("2027-01-04 09:30")
    assert await room.ends() == ["sent APPT_CONFIRMED"]
    await room.until("2027-01-17 09:59")
    assert len(room.texts) == 1
    await room.until("2027-01-17 10:00")
    assert (await room.ends())[1:] == ["sent APPT_D3"]
    await room.until("2027-01-20 15:00")
    assert (await room.ends())[2:] == ["sent APPT_D1"]


async def test_a_date_booked_the_afternoon_before_is_too_late_to_be_reminded_of(room):
    await room.book("2027-01-05 14:00", at="2027-01-04 15:00")
    await room.until("2027-01-04 18:00")
    told = ["suppressed APPT_D1 too_late", "sent APPT_CONFIRMED", "cancelled APPT_D1 reached"]
    assert await room.ends() == told, "the confirmation says it"


async def test_the_same_booking_three_times_is_one_confirmation(room):
    await room.book("2027-01-20 14:00")
    await room.replay()
    await room.replay()
    await room.until("2027-01-05 09:00")
    assert await room.ends() == ["sent APPT_CONFIRMED"]


async def test_a_moved_date_takes_its_reminders_along(room):
    await room.book("2027-01-20 14:00")
    await room.until("2027-01-17 09:30")
    await room.move("2027-01-22 11:00", at="2027-01-17 09:30")
    assert (await room.ends())[1:] == [
        "cancelled APPT_D3 moved",
        "cancelled APPT_D1 moved",
        "sent APPT_MOVED",
    ]
    assert "Fri Jan 22 11:00" in room.texts[-1]
    await room.until("2027-01-23 09:00")
    assert (await room.ends())[4:] == ["sent APPT_D3", "sent APPT_D1"]


async def test_who_has_a_procedure_is_told_a_week_before_to_prepare_and_not_of_the_old_date(room):
    await room.book("2027-01-20 14:00", procedure_id=derive(ROOT, "a procedure"))
    await room.move("2027-01-27 11:00", at="2027-01-11 09:30", procedure_id=derive(ROOT, "a procedure"))
    assert "cancelled PROC_PREP_D7 moved" in await room.ends()
    await room.until("2027-01-20 09:59")
    assert "sent PROC_PREP_D7" not in await room.ends()
    await room.until("2027-01-20 10:00")
    assert (await room.ends())[-1] == "sent PROC_PREP_D7"
    said = room.texts[-1].lower()
    assert "how to prepare" in said
    assert not any(word in said for word in ("procedure", "block", "warfarin", "medical", "injection"))


async def test_a_cancelled_date_is_told_once_and_never_reminded_of(room):
    await room.book("2027-01-20 14:00")
    await room.cancel(at="2027-01-10 11:00")
    await room.until("2027-01-21 09:00")
    ends = await room.ends()
    assert ends[-1] == "sent APPT_CANCELLED" and ends.count("sent APPT_CANCELLED") == 1
    assert not any(each.startswith("sent APPT_D") for each in ends)
    assert "Wed Jan 20 14:00 is cancelled" in room.texts[-1]


async def test_dates_on_one_day_share_their_messages(room):
    for number, hour in enumerate(("09:00", "10:30", "13:00"), start=1):
        await room.book(f"2027-01-20 {hour}", number)
    await room.until("2027-01-21 09:00")
    assert await room.ends() == ["sent APPT_CONFIRMED", "sent APPT_D3", "sent APPT_D1"]
    assert all("Wed Jan 20 09:00" in text and "and 2 more" in text for text in room.texts)


async def test_when_the_first_of_them_is_cancelled_the_others_are_still_reminded_of(room):
    for number, hour in enumerate(("09:00", "10:30"), start=1):
        await room.book(f"2027-01-20 {hour}", number)
    await room.cancel(1, at="2027-01-05 11:00")
    await room.until("2027-01-21 09:00")
    assert (await room.ends())[-2:] == ["sent APPT_D3", "sent APPT_D1"]
    assert "Wed Jan 20 10:30" in room.texts[-1] and "more" not in room.texts[-1]


async def test_sessions_of_a_series_are_told_once_a_week_on_friday(room):
    for number, day in enumerate(("2027-01-19", "2027-01-21", "2027-01-26"), start=1):
        await room.book(f"{day} 09:00", number, series=3)
    await room.until("2027-01-15 10:00")
    assert await room.ends() == ["sent APPT_CONFIRMED", "sent APPT_DIGEST"]
    assert "Tue Jan 19 09:00" in room.texts[-1] and "and 1 more" in room.texts[-1]
    await room.until("2027-01-27 09:00")
    assert (await room.ends())[2:] == ["sent APPT_DIGEST"]


async def test_ten_oclock_is_the_patients_own_also_when_their_clocks_change(room):
    """Berlin changes on 2027-03-28; the reminder of 03-29 goes on 03-28 at ten of summer time, 08:00 UTC."""
    room = await PostRoom("2027-03-20 09:00").ready(time_zone="Europe/Berlin")
    await room.book("2027-03-29 09:00")
    await room.until("2027-03-28 03:59")
    assert "sent APPT_D1" not in await room.ends()
    await room.until("2027-03-28 04:00")
    assert (await room.ends())[-1] == "sent APPT_D1"


async def test_a_visit_is_told_in_the_clinics_local_time_whatever_the_patients_zone():
    """UTC is what many record systems say of everybody."""
    room = await PostRoom("2027-01-04 09:00").ready(time_zone="UTC")
    await room.book("2027-01-20 09:00")
    await room.until("2027-01-20 08:00")
    assert room.texts and all("Wed Jan 20 09:00" in text for text in room.texts)


@pytest.mark.parametrize(
    ("zone", "start", "said"),
    [
        ("America/New_York", "2027-03-15 09:00", "Mon Mar 15 09:00, "),
        ("America/Toronto", "2027-03-15 09:00", "Mon Mar 15 09:00, "),
        ("Europe/Berlin", "2027-03-12 09:00", "Fri Mar 12 09:00 EST, "),
        ("Europe/Berlin", "2027-03-15 09:00", "Mon Mar 15 09:00 EDT, "),
        ("America/Phoenix", "2027-03-15 09:00", "Mon Mar 15 09:00 EDT, "),
        ("Australia/Sydney", "2028-02-29 09:00", "Tue Feb 29 09:00 EST, "),
    ],
)
async def test_whose_clock_shows_another_time_is_told_which_zone_the_visits_is_in(zone, start, said):
    """Else whoever is seen at a distance is there an hour too late, or not at all."""
    at = (date.fromisoformat(start[:10]) - timedelta(days=8)).isoformat()
    room = await PostRoom(f"{at} 11:00").ready(time_zone=zone)
    await room.book(start)
    await room.until(start)
    assert len(room.texts) == 3 and all(said in text and len(text) <= 160 for text in room.texts)


async def test_who_did_not_come_hears_of_it_the_next_day_unless_somebody_reached_them(room):
    missed = PatientDidNotAttend(
        version=1,
        purpose="initial_consultation",
        reason="UNKNOWN",
        reminders_delivered=2,
        counts=False,
        exemptions=(),
        dna_count=0,
    )
    for number, day in enumerate((12, 25), start=1):
        await room.book(f"2027-01-{day} 09:00", number)
    await room.tell(missed, at="2027-01-12 10:00", aggregate=visit(1))
    await room.until("2027-01-13 10:00")
    assert (await room.ends())[-1] == "sent APPT_DNA"
    await room.tell(missed, at="2027-01-25 10:00", aggregate=visit(2))
    spoken = ContactRecorded(contact_id=REQUEST, kind="welfare", result="reached", warnings=())
    await room.tell(spoken, at="2027-01-25 11:00", aggregate=REQUEST)
    assert (await room.ends())[-1] == "cancelled APPT_DNA reached"


async def test_the_end_of_one_referral_leaves_the_reminders_of_another(room):
    duplicate = derive(ROOT, "a duplicate")
    await room.book("2027-01-20 14:00")
    await room.book("2027-01-28 14:00", 2, referral=duplicate)
    await room.until("2027-01-04 10:00")
    await room.tell(example_fact(ReferralRejected), referral=duplicate)
    cancelled = await room.system.journal("notifications", "notifications.message_cancelled.v1")
    assert {await room.visit_of(each["message_id"]) for each in cancelled} == {visit(2)}


# --- quiet hours, caps ----------------------------------------------------------------------------


@pytest.mark.parametrize(("at", "sent_at_once"), [("20:59", ["sent MDT_OUTCOME_PT"]), ("21:00", [])])
async def test_nothing_is_pushed_at_night(at, sent_at_once):
    room = await PostRoom(f"2027-01-04 {at}").ready()
    await room.news(1)
    assert await room.ends() == sent_at_once
    await room.until("2027-01-05 07:59")
    assert await room.ends() == sent_at_once
    await room.until("2027-01-05 08:00")
    assert await room.ends() == ["sent MDT_OUTCOME_PT"]


@pytest.mark.parametrize(
    ("zone", "night", "day"),
    [("America/Los_Angeles", "10:59", "11:00"), ("Pacific/Honolulu", "12:59", "13:00")],
)
async def test_it_is_night_where_the_patient_is(zone, night, day):
    """NOT-02: by their own clock, far to the west of the clinic."""
    room = await PostRoom("2027-01-05 09:00").ready(time_zone=zone)
    await room.news(1)
    await room.until(f"2027-01-05 {night}")
    assert await room.ends() == []
    await room.until(f"2027-01-05 {day}")
    assert await room.ends() == ["sent MDT_OUTCOME_PT"]


async def test_what_would_come_after_the_visit_is_not_sent_in_the_morning(room):
    room = await PostRoom("2027-01-04 22:00").ready()
    await room.book("2027-01-05 07:30")
    await room.until("2027-01-05 09:00")
    assert "suppressed APPT_CONFIRMED quiet_hours_expired" in await room.ends()
    assert room.texts == []


async def test_one_a_day(room):
    await room.news(1)
    await room.news(2)
    await room.until("2027-01-05 09:59")
    assert await room.ends() == ["sent MDT_OUTCOME_PT"]
    await room.until("2027-01-05 10:00")
    assert await room.ends() == ["sent MDT_OUTCOME_PT"] * 2


async def test_one_a_day_also_under_two_records_of_one_person(room):
    """And each of them again for itself when they are two people after all (EVT-03)."""
    other = derive(ROOT, "her other record")
    await room.contact(other)
    for key in (PATIENT, other):
        await room.tell(
            PatientsMerged(surviving_id=PATIENT, merged_id=other), patient=key, referral=None, aggregate=key
        )
    await room.news(1)
    await room.news(2, patient=other)
    assert await room.ends() == ["sent MDT_OUTCOME_PT"]
    await room.until("2027-01-05 10:00")
    assert await room.ends() == ["sent MDT_OUTCOME_PT"] * 2
    undone = MergeUndone(surviving_id=PATIENT, restored_id=other, decided_by=derive(ROOT, "a registrar"))
    for key in (PATIENT, other):
        await room.tell(undone, patient=key, referral=None, aggregate=key)
    await room.news(3, at="2027-01-06 12:00")
    await room.news(4, patient=other)
    assert (await room.ends())[2:] == ["sent MDT_OUTCOME_PT"] * 2


async def test_three_in_any_seven_days(room):
    for number, day in enumerate((4, 6, 8, 10), start=1):
        await room.news(number, at=f"2027-01-{day:02} 12:00")
    assert await room.ends() == ["sent MDT_OUTCOME_PT"] * 3
    await room.until("2027-01-11 10:00")
    assert await room.ends() == ["sent MDT_OUTCOME_PT"] * 4


async def test_a_reminder_of_the_day_before_keeps_its_place_over_a_measure(room):
    await room.book("2027-01-20 14:00")
    await room.until("2027-01-10 09:00")
    await room.ask("2027-01-26")
    await room.until("2027-01-20 09:00")
    ends = await room.ends()
    assert "sent APPT_D1" in ends
    assert [each for each in ends if "MEASURE_D7" in each] in (
        ["suppressed MEASURE_D7 cap_reserved"],
        ["suppressed MEASURE_D7 cap_day"],
    )


async def test_the_day_before_counts_more_than_three_days_before(room):
    await room.news(1, at="2027-01-14 12:00")
    await room.book("2027-01-20 14:00", at="2027-01-15 11:00")
    await room.until("2027-01-20 15:00")
    assert (await room.ends())[-2:] == ["suppressed APPT_D3 cap_reserved", "sent APPT_D1"]


async def test_a_reminder_says_to_the_others_of_which_dates_it_told(room):
    for number, day in enumerate(("2027-01-19", "2027-01-21"), start=1):
        await room.book(f"{day} 09:00", number, series=2)
    await room.until("2027-01-15 10:00")
    told = await room.system.journal("notifications", "notifications.message_delivered.v1")
    [digest] = [fact for fact in told if fact["template"] == "APPT_DIGEST"]
    assert digest["subject_id"] == visit(1)
    assert digest["also"] == [{"appointment_id": visit(2), "version": 1, "referral_id": REFERRAL}]
