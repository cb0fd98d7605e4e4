"""How patients are told: consent, contacts, words, delivery and replies, each rule on its vectors."""

from typing import Any

import pytest

from schemas.scheduling.v1.offer import SlotOffered
from tests.component.test_how_to_reach_somebody import NUMBER
from tests.support.feed import PATIENT, clinic
from tests.support.post_room import PostRoom, visit


@pytest.fixture
async def room() -> PostRoom:
    """A patient at the clinic who agreed to text messages, on Monday 2027-01-04 at nine."""
    return await PostRoom().ready()


# --- consent, contacts, words ---------------------------------------------------------------------


async def test_nothing_is_sent_to_who_agreed_to_nothing():
    room = PostRoom()
    await room.contact()
    await room.news(1)
    assert await room.ends() == ["suppressed MDT_OUTCOME_PT no_channel"]


async def test_consent_withdrawn_before_it_is_sent(room):
    await room.book("2027-01-20 14:00")
    await room.consent("sms", given=False)
    await room.until("2027-01-04 10:00")
    assert await room.ends() == ["suppressed APPT_CONFIRMED opted_out"]


async def test_the_next_agreed_channel_serves(room):
    room = await PostRoom().ready("sms", "email", email="alex@example.net")
    await room.consent("sms", given=False)
    await room.news(1)
    assert await room.ends() == ["sent MDT_OUTCOME_PT"]
    assert room.texts == [] and len(room.outside.mails) == 1


async def test_who_agreed_to_the_portal_alone_reads_there_and_gets_no_push():
    room = await PostRoom().ready("portal")
    await room.news(1)
    assert await room.ends() == ["sent MDT_OUTCOME_PT"]
    assert room.texts == [] and room.outside.mails == []


async def test_who_reads_in_the_portal_alone_has_each_new_date_confirmed():
    room = await PostRoom().ready("portal")
    await room.book("2027-01-20 14:00")
    await room.until("2027-01-04 09:30")
    await room.book("2027-01-21 14:00", 2, at="2027-01-05 09:00")
    await room.until("2027-01-05 09:30")
    assert await room.ends() == ["sent APPT_CONFIRMED"] * 2


async def test_what_was_read_in_the_portal_is_not_said_again_when_one_of_its_dates_ends():
    room = await PostRoom().ready("portal")
    for number, hour in enumerate(("09:00", "10:30"), start=1):
        await room.book(f"2027-01-20 {hour}", number)
    await room.until("2027-01-17 10:00")
    before = await room.ends()
    await room.cancel(1, at="2027-01-18 11:00")
    assert (await room.ends())[len(before) :] == ["cancelled APPT_D1 cancelled", "sent APPT_CANCELLED"]


async def test_a_letter_whose_notice_is_one_too_many_is_still_in_the_portal(room):
    await room.consent("portal")
    await room.news(1)
    await room.news(2)
    assert await room.ends() == ["sent MDT_OUTCOME_PT"] * 2
    assert len(room.texts) == 1


async def test_an_offer_that_waits_for_the_morning_is_not_sent_when_a_date_was_taken_at_night():
    room = await PostRoom("2027-01-04 22:00").ready()
    offered = SlotOffered(
        offer_id=PATIENT,
        starts=(clinic("2027-01-20 14:00"),),
        notice_days=15,
        reasonable=False,
        mode="message",
        hold_until=clinic("2027-01-06 22:00"),
    )
    await room.tell(offered, aggregate=visit(1))
    await room.book("2027-01-20 14:00")
    await room.until("2027-01-05 09:00")
    assert await room.ends() == ["cancelled APPT_OFFER booked", "sent APPT_CONFIRMED"]


async def test_a_contact_that_comes_twenty_seconds_later_is_in_time():
    room = PostRoom()
    await room.consent("sms")
    await room.news(1)
    await room.until("2027-01-04 09:00:15")
    assert await room.ends() == []
    await room.contact()
    await room.until("2027-01-04 09:00:20")
    assert await room.ends() == ["sent MDT_OUTCOME_PT"]


async def test_a_contact_that_does_not_come_in_a_minute_is_a_task():
    room = PostRoom()
    await room.consent("sms")
    await room.news(1)
    await room.until("2027-01-04 09:00:59")
    assert await room.ends() == []
    await room.until("2027-01-04 09:01:00")
    assert await room.ends() == ["suppressed MDT_OUTCOME_PT no_channel"]


async def test_a_name_that_says_too_much_is_never_sent(room, monkeypatch):
    rules: Any = room.system.workers["notifications"].engine.stated
    telling = rules.messages.model_copy(update={"short_name": "Medial branch unit"})
    stated = rules.model_copy(update={"messages": telling})
    monkeypatch.setattr(room.system.workers["notifications"].engine, "stated", stated)
    await room.news(1)
    assert await room.ends() == ["suppressed MDT_OUTCOME_PT content_not_allowed"]
    assert room.texts == []


# --- delivery, replies ----------------------------------------------------------------------------


async def test_a_text_that_does_not_arrive_is_tried_again_then_by_mail(room):
    room = await PostRoom().ready("sms", "email", email="alex@example.net")
    room.outside.lost.add(NUMBER)
    await room.news(1)
    assert len(room.texts) == 1
    await room.until("2027-01-04 09:30")
    assert len(room.texts) == 2
    await room.until("2027-01-04 10:00")
    assert len(room.texts) == 2 and len(room.outside.mails) == 1
    assert (await room.ends())[-1] == "sent MDT_OUTCOME_PT"


async def test_a_text_that_arrives_nowhere_becomes_a_persons_work(room):
    room.outside.lost.add(NUMBER)
    await room.news(1)
    await room.until("2027-01-04 12:00")
    assert len(room.texts) == 2
    assert (await room.ends())[-1] == "failed MDT_OUTCOME_PT"


@pytest.mark.parametrize(
    ("text", "reply"),
    [("Confirm", "confirm"), ("yes!", "confirm"), ("NO", "cancel"), ("can I bring my dog?", "unknown")],
)
async def test_a_reply_is_told_on_about_the_date_that_it_answers(room, text, reply):
    await room.book("2027-01-20 14:00")
    await room.until("2027-01-17 10:00")
    await room.outside.text_back(text)
    [told] = await room.system.journal("notifications", "notifications.message_replied.v1")
    assert (told["reply"], told["subject_id"], told["subject_version"]) == (reply, visit(1), 1)


async def test_stop_counts_at_once(room):
    await room.book("2027-01-20 14:00")
    await room.until("2027-01-17 10:00")
    await room.outside.text_back("STOP")
    await room.until("2027-01-20 15:00")
    assert (await room.ends())[-1] == "suppressed APPT_D1 opted_out"
    assert await room.system.journal("notifications", "notifications.consent_withdrawn.v1")


async def test_answered_questions_are_not_asked_for_again(room):
    await room.ask("2027-01-18")
    await room.answered(at="2027-01-10 19:00")
    await room.until("2027-01-19 09:00")
    assert await room.ends() == [
        "sent MEASURE_INVITE",
        "cancelled MEASURE_D7 answered",
        "cancelled MEASURE_D2 answered",
    ]


async def test_nobody_else_is_told(room):
    """Another patient's facts lead to nothing for this one."""
    await room.news(1)
    assert {text.to for text in room.outside.gateway.texts} == {"+12125550142"}
    assert PATIENT not in " ".join(room.texts)
