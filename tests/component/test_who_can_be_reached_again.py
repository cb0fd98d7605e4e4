"""What nobody could be told is said as soon as they can be reached, or once something else has said it."""

from typing import Any

from services.notifications.service import SERVICE as NOTIFICATIONS
from services.referral.service import SERVICE as REFERRALS
from services.scheduling.service import SERVICE as SCHEDULING
from services.worklist.service import SERVICE as WORKLIST
from tests.component.test_how_to_reach_somebody import NUMBER
from tests.component.test_waits_and_dates import PRACTICE_TOKEN, Clinic
from tests.support.post_room import PostRoom
from tests.support.submissions import a_patient

SERVICES = (REFERRALS, SCHEDULING, NOTIFICATIONS, WORKLIST)


async def booked(contact: dict[str, Any]) -> Clinic:
    """Somebody with a date next week, of which nothing could be said."""
    clinic = Clinic("2027-01-04 09:00", SERVICES, PRACTICE_TOKEN)
    await clinic.refer(patient=a_patient() | {"contact": contact})
    await clinic.book("2027-01-14 09:00")
    await clinic.at("2027-01-04 10:00")
    assert work(clinic) and not clinic.outside.gateway.texts
    return clinic


def work(clinic: Clinic) -> list[str]:
    return [row for row in clinic.open() if row.split()[1] in ("NO_CHANNEL", "CONTACT_FAILED")]


async def test_who_agrees_to_a_channel_is_told_what_nobody_could_say_and_nobody_has_to_call() -> None:
    clinic = await booked({"phone": NUMBER})
    person = clinic.patient
    await clinic.ask(
        *("POST", "notifications", f"/patients/{person}/consents", "cora.lind"),
        json={"channel": "sms", "purpose": "care", "given": True},
    )
    await clinic.at("2027-01-05 10:05")
    booked_first, taken_on = [text.body for text in clinic.outside.gateway.texts]
    assert "booked: Thu Jan 14" in booked_first and "we will see you" in taken_on
    assert not work(clinic)


async def test_who_gives_a_number_is_told_what_nobody_could_say() -> None:
    room = await PostRoom().ready(phone="", email="")
    await room.book("2027-01-20 14:00")
    await room.until("2027-01-04 10:00")
    assert (await room.ends())[-1] == "suppressed APPT_CONFIRMED no_channel"
    await room.contact()
    await room.until("2027-01-04 10:05")
    assert (await room.ends())[-1] == "sent APPT_CONFIRMED"


async def test_what_is_true_no_more_is_said_no_more() -> None:
    room = await PostRoom().ready(phone="", email="")
    await room.book("2027-01-20 14:00")
    await room.until("2027-01-04 10:00")
    await room.cancel(at="2027-01-04 11:00")
    await room.contact()
    await room.until("2027-01-04 12:00")
    said = await room.ends()
    assert "cancelled APPT_CONFIRMED cancelled" in said and said[-1] == "sent APPT_CANCELLED"


async def test_what_a_later_message_says_of_the_same_date_is_said() -> None:
    room = await PostRoom().ready()
    await room.news(1)
    await room.book("2027-01-06 14:00")
    await room.until("2027-01-04 10:00")
    assert await room.ends() == ["sent MDT_OUTCOME_PT"]
    await room.until("2027-01-05 11:00")
    assert (await room.ends())[1:] == ["sent APPT_D1", "cancelled APPT_CONFIRMED reached"]


async def test_whoever_has_another_number_is_told_there_what_did_not_arrive() -> None:
    room = PostRoom()
    room.outside.lost.add(NUMBER)
    await room.ready()
    await room.news(1)
    await room.until("2027-01-04 12:00")
    assert (await room.ends())[-1] == "failed MDT_OUTCOME_PT"
    await room.contact(phone="+1 212 555-0777")
    await room.until("2027-01-04 12:10")
    assert (await room.ends())[-1] == "sent MDT_OUTCOME_PT"


async def test_a_practice_that_gives_a_way_to_be_reached_is_written_to_after_all() -> None:
    room = PostRoom()
    practice = await room.by_post(address=None)
    await room.until("2027-01-04 09:10")
    assert (await room.ends())[-1] == "suppressed REF_RECEIVED no_channel"
    await room.contact(practice, kind="organisation", channel="post", address="Main Street 1", phone=None)
    await room.contact(practice, kind="organisation", channel="post", address="Main Street 1", phone=None)
    await room.until("2027-01-04 09:11")
    assert (await room.ends())[1:] == ["sent REF_RECEIVED"], "once"
