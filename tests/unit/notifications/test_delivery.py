"""What counts of what a provider says, and of what staff say of the post."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from schemas.notifications.v1.message import (
    MessageDelivered,
    MessageFailed,
    MessageScheduled,
    MessageSent,
    MessageSuppressed,
)
from services.notifications.message.aggregate import MESSAGE
from services.notifications.message.commands import (
    HandedOver,
    NotAccepted,
    NoteDelivery,
    NotePosted,
    ScheduleMessage,
    TrySend,
)
from services.notifications.message.states import Delivered, Failed, Scheduled, Sending, Sent
from tests.support.deciding import START, TARGET, deciding, like, nothing, refused
from tests.unit.notifications.situations import COORDINATOR, around, letter, rules

given = deciding(MESSAGE, rules())
OVER, OVER_AGAIN = HandedOver(attempt=1), HandedOver(attempt=2)


def sending(**agreed: Any) -> Any:
    """It has been released, for the first time, by text message."""
    channels: Any = agreed or {"sms": True}
    situation = given().beside(around(channels, tuple(channels)))
    situation.when(ScheduleMessage(letter=letter()), TrySend()).then_state(Sending)
    return situation


@pytest.mark.parametrize(
    "late", [HandedOver(attempt=0), NotAccepted(attempt=0, reason="busy"), NoteDelivery(attempt=0)]
)
def test_only_the_answer_to_the_latest_attempt_counts(late):
    sending().when(late).then(nothing()).then_state(Sending)
    sending().when(OVER, late).then(MessageSent).then_state(Sent)


def test_the_word_on_the_delivery_may_come_before_the_answer_to_the_call():
    sending().when(NoteDelivery(attempt=1), OVER).then(MessageSent, MessageDelivered).then_state(Delivered)


SOON, HALF_AN_HOUR = START + timedelta(minutes=1), timedelta(minutes=30)
FAILED = NotAccepted(attempt=1, reason="busy")


@pytest.mark.parametrize("said", [(SOON, FAILED), (OVER, SOON, FAILED)])
def test_what_fails_is_tried_again_half_an_hour_later_then_it_is_a_persons_work(said):
    tried = sending()
    assert tried.when(*said).then_state(Scheduled).timers["send"].due == SOON + HALF_AN_HOUR
    again = tried.when(SOON + HALF_AN_HOUR, TrySend()).then_state(Sending).state.attempts
    second = [OVER_AGAIN] if OVER in said else []
    failed = tried.when(*second, NotAccepted(attempt=again, reason="busy")).then_state(Failed)
    assert failed.only_facts[-1] == MessageFailed(
        message_id=TARGET,
        template="APPT_D1",
        channels=("sms",),
        subject_id=letter().subject_id,
        start=letter().start,
    )


def test_another_agreed_channel_serves_before_a_person_does():
    tried = sending(sms=True, email=True)
    tried.when(FAILED, START + HALF_AN_HOUR, TrySend(), NotAccepted(attempt=2, reason="busy"))
    assert tried.when(TrySend()).then_state(Sending).state.channel == "email"


def test_what_comes_back_after_its_delivery_has_failed():
    sending().when(NoteDelivery(attempt=1), FAILED).then(
        MessageSent, MessageDelivered, like(MessageFailed, channels=("sms",))
    )


def test_a_day_without_a_word_is_not_delivered_and_asked_for_no_more():
    silent = sending().when(OVER)
    assert silent.timers["silence"].due == START + timedelta(hours=24)
    assert not sending().when(OVER, silent.timers["silence"].command).then_state(Sent).timers


@pytest.mark.parametrize(("hours_before", "useful"), [(24, 12), (3, 3)])
def test_what_has_not_gone_while_it_was_of_use_is_a_persons_work(hours_before, useful):
    """Nobody can be called, or nothing can be read: half a day is too late (NOT-11), and so is the visit itself."""
    soon = replace(letter(), start=START + timedelta(hours=hours_before))
    waiting = given().beside(around({"sms": True, "email": True}, ("sms", "email")))
    timer = waiting.when(ScheduleMessage(letter=soon), TrySend()).then_state(Sending).timers["unsent"]
    assert timer.due == START + timedelta(hours=useful)
    given_up = waiting.when(timer.due, timer.command).then(like(MessageFailed, channels=("sms",)))
    assert MESSAGE.effects(given_up.then_state(Failed).state) == {}
    waiting.when(OVER).then(nothing()).then_state(Failed)


def test_what_an_earlier_release_let_go_is_waited_for():
    old = Sending(letter=letter(), channel="sms", attempts=1, tried=1, text_ref="r")
    assert MESSAGE.timers(old, rules()) == {}


def test_what_the_agenda_does_not_know_any_more_is_not_relevant():
    planned = given().beside(around({"sms": True}, ("sms",), noted=False))
    planned.when(ScheduleMessage(letter=letter()), TrySend()).then(
        MessageScheduled, like(MessageSuppressed, reason="not_relevant")
    )


@pytest.mark.parametrize(("hours", "reason"), [(12, None), (13, "too_late")])
def test_a_letter_to_a_practice_goes_half_a_day_late_at_most(hours, reason):
    planned = given().beside(around({}, ("email",)))
    letter_of_practice = replace(letter(), template="REF_ACCEPTED")
    late = planned.when(ScheduleMessage(letter=letter_of_practice), START + timedelta(hours=hours), TrySend())
    suppressed = [like(MessageSuppressed, reason=reason)] if reason else []
    late.then(MessageScheduled, *suppressed)


@pytest.mark.parametrize("channel", ["post", "sms"])
def test_staff_say_of_the_post_alone_that_it_has_gone(channel):
    posted = Sent(letter=letter(), channel=channel, attempts=1, tried=1, text_ref="r", sent_at=START)
    result = given(posted, COORDINATOR).when(NotePosted())
    if channel == "post":
        result.then(like(MessageDelivered)).then_state(Delivered)
        given(result.state, COORDINATOR).when(NotePosted()).then(nothing())
    else:
        result.then(refused(code="not-by-post"))
