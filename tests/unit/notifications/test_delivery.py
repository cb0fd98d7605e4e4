"""What counts of what a provider says, and of what staff say of the post."""

import pytest

from schemas.notifications.v1.message import MessageDelivered, MessageSent
from services.notifications.message.aggregate import MESSAGE
from services.notifications.message.commands import (
    HandedOver,
    NotAccepted,
    NoteDelivery,
    NotePosted,
    ScheduleMessage,
    TrySend,
)
from services.notifications.message.states import Delivered, Scheduled, Sending, Sent
from tests.support.deciding import START, deciding, like, nothing, refused
from tests.unit.notifications.situations import COORDINATOR, around, letter, rules

given = deciding(MESSAGE, rules())
OVER = HandedOver(attempt=1)


def sending():
    """It has been released, for the first time."""
    situation = given().beside(around({"sms": True}, ("sms",)))
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


def test_what_is_refused_is_tried_again_half_an_hour_later():
    tried = sending().when(NotAccepted(attempt=1, reason="busy")).then_state(Scheduled)
    assert (tried.timers["send"].due - START).total_seconds() == 1800


@pytest.mark.parametrize("channel", ["post", "sms"])
def test_staff_say_of_the_post_alone_that_it_has_gone(channel):
    posted = Sent(letter=letter(), channel=channel, attempts=1, tried=1, text_ref="r", sent_at=START)
    result = given(posted, COORDINATOR).when(NotePosted())
    if channel == "post":
        result.then(like(MessageDelivered)).then_state(Delivered)
        given(result.state, COORDINATOR).when(NotePosted()).then(nothing())
    else:
        result.then(refused(code="not-by-post"))
