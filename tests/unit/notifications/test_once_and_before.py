"""Confirmations and reminders: each once by each channel that has taken it, and none when the visit has begun."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st
from msgspec.structs import replace

from schemas.notifications.v1.message import MessageSuppressed
from services.notifications.agenda.states import Agenda, Note, Visit
from services.notifications.message.aggregate import MESSAGE
from services.notifications.message.commands import (
    HandedOver,
    NotAccepted,
    NoteDelivery,
    ScheduleMessage,
    TrySend,
)
from services.notifications.message.facts import MessageReleased, MessageToRetry
from services.notifications.templates.content import AHEAD, KINDS
from tests.support.deciding import START, TARGET, Situation, deciding, like
from tests.unit.notifications.situations import PATIENT, REF, around, letter, rules

given = deciding(MESSAGE, rules())
OF_VISITS = sorted(name for name, kind in KINDS.items() if kind.moment in AHEAD)
"""Whatever is told of a visit that is still to come."""
templates, minutes = st.sampled_from(OF_VISITS), st.integers(1, 3 * 24 * 60)


def planned(template: Any, ahead: int) -> tuple[Situation, ScheduleMessage]:
    """To go now, of a visit that begins so many minutes from now."""
    command = ScheduleMessage(
        letter=replace(letter(), template=template, start=START + timedelta(minutes=ahead))
    )
    return given().beside(around({"sms": True, "email": True}, ("sms", "email"))), command


@drawn(template=templates, ahead=minutes, waits=minutes)
def test_nothing_is_said_of_a_visit_that_has_begun(template: Any, ahead: int, waits: int) -> None:
    situation, plan = planned(template, ahead)
    told = situation.when(plan, START + timedelta(minutes=waits), TrySend()).only_facts
    assert waits < ahead or not any(isinstance(each, MessageReleased) for each in told)


@drawn(template=templates, ahead=minutes, steps=st.lists(st.tuples(st.integers(0, 3), minutes), max_size=12))
def test_what_a_provider_has_taken_is_not_said_again(template: Any, ahead: int, steps: Any) -> None:
    """Whatever providers answer, and whenever it is tried."""
    situation, plan = planned(template, ahead)
    story: list[Any] = [plan, TrySend()]
    at, attempt = START, 1
    for which, wait in steps:
        at += timedelta(minutes=wait % 600)
        answers = (
            HandedOver(attempt=attempt),
            HandedOver(attempt=attempt, delivered=True),
            NotAccepted(attempt=attempt, reason="busy"),
            NoteDelivery(attempt=attempt),
        )
        story += [at, answers[which], at, TrySend()]
        attempt += which == 2
    result = situation.when(*story)
    taken = released = None
    for fact in result.only_facts:
        if isinstance(fact, MessageReleased):
            assert taken is None, "it was taken already"
            released = fact.channel
        elif type(fact).__name__ in ("MessageSent", "MessageDelivered"):
            taken = released
        elif isinstance(fact, MessageToRetry):
            taken = None


@pytest.mark.parametrize(("minutes", "said"), [(-1, True), (0, False), (1, False)])
def test_a_confirmation_of_a_visit_that_began_meanwhile_is_nobodys_work(minutes: int, said: bool) -> None:
    """Booked at the desk for in half an hour, and confirmed half an hour later."""
    situation, plan = planned("APPT_CONFIRMED", 30)
    at = START + timedelta(minutes=30 + minutes)
    expected = MessageReleased if said else like(MessageSuppressed, reason="not_relevant")
    made = given(situation.when(plan).state).beside(around({"sms": True}, ("sms",))).when(at, TrySend())
    made.then(expected)


def test_where_another_visit_of_the_day_is_still_to_come_it_is_told_of() -> None:
    start = START + timedelta(minutes=30)
    visits = {
        REF: Visit(1, start, "main"),
        TARGET: Visit(1, start + timedelta(hours=3), "main"),
    }
    note = Note(
        template="APPT_CONFIRMED", subject_id=REF, subject_version=1, send_at=START, covers=(REF, TARGET)
    )
    beside: dict[Any, Any] = dict(around({"sms": True}, ("sms",)))
    beside[PATIENT] = Agenda(consents={"sms": True}, notes={TARGET: note}, visits=visits)
    _, plan = planned("APPT_CONFIRMED", 30)
    for hours, expected in ((1, MessageReleased), (4, MessageSuppressed)):
        state = given().beside(beside).when(plan).state
        made = given(state).beside(beside).when(START + timedelta(hours=hours), TrySend())
        made.then(expected)
