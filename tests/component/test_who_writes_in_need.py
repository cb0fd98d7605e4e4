"""A patient writes back that they want to die: somebody speaks with them today, and can read what they wrote."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbone.model import one
from services.notifications.agenda.decide.answer import severity_of
from services.notifications.agenda.states import unasked_id
from services.notifications.message.aggregate import MESSAGE
from services.notifications.message.commands import RecordContact
from services.notifications.message.queries import replies_to
from tests.support.feed import PATIENT
from tests.support.post_room import NURSE, PostRoom, shipped_rules
from tests.support.providers import SERVICE

PHRASES = [
    (language, phrase)
    for language, phrases in shipped_rules().notifications.crisis.values.phrases.items()
    for phrase in phrases
]


@pytest.fixture
async def room() -> PostRoom:
    """Texted once."""
    room = await PostRoom().ready()
    await room.news(1)
    return room


async def write(room: PostRoom, text: str) -> None:
    answer = await room.outside.gateway.reply(SERVICE, "+12125550142", text)
    assert answer.is_success and answer.text == "<Response/>"
    await room.system.settle()


async def replied(room: PostRoom) -> list[tuple[str, str | None]]:
    facts = await room.system.journal("notifications", "notifications.message_replied.v1")
    return [(fact["reply"], fact.get("severity")) for fact in facts]


@pytest.mark.parametrize(
    "text", ["I want to die", "i  WANT, to… die!!", "Quiero   MORIR", "no aguanto, voy a hacerme daño"]
)
async def test_who_writes_of_dying_is_somebodys_work_today(room, text):
    await write(room, text)
    assert await replied(room) == [("unknown", "same_day")]
    assert len(await room.system.journal("notifications", "notifications.crisis_words_found.v1")) == 1


@pytest.mark.parametrize("text", ["I will come by bus", "my dog died", "the dye is cast", "no"])
async def test_anything_else_is_answered_as_before(room, text):
    await write(room, text)
    assert [severity for _, severity in await replied(room)] == [None]


async def test_who_was_never_written_to_is_heard_when_they_are_in_need():
    room = await PostRoom().ready()
    await write(room, "I want to die")
    assert len(await room.system.journal("notifications", "notifications.crisis_words_found.v1")) == 1


async def test_what_was_written_is_read_with_the_message_that_it_answers(room):
    await write(room, "I want to die")
    runtime = room.system.workers["notifications"].runtime
    message = await runtime.load(MESSAGE, await room.message("MDT_OUTCOME_PT"))
    assert message and message.lane_key == PATIENT
    [shown] = await replies_to(runtime, message)
    assert (shown["text"], shown["severity"]) == ("I want to die", "same_day")


async def journal(room: PostRoom, name: str) -> list[dict[str, object]]:
    return list(await room.system.journal("notifications", f"notifications.{name}.v1"))


async def test_people_are_called_until_somebody_has_spoken_with_them(room):
    before = len(room.texts)
    await write(room, "I want to die")
    [raised] = await journal(room, "escalation_raised")
    message = await room.message("MDT_OUTCOME_PT")
    assert (raised["subject_type"], raised["subject_id"], raised["severity"]) == (
        "crisis_reply",
        message,
        "same_day",
    )
    assert any("URGENT" in text for text in room.texts[before:])
    await room.until("2027-01-04 09:10")
    await write(room, "nobody answers, I will kill myself")
    assert len(await journal(room, "escalation_raised")) == 2
    send = MESSAGE.send(RecordContact(result="not_reached"), to=one(message))
    await room.system.order("notifications", send, actor=NURSE)
    assert await journal(room, "escalation_resolved") == []
    send = MESSAGE.send(RecordContact(result="reached"), to=one(message))
    await room.system.order("notifications", send, actor=NURSE)
    assert len(await journal(room, "escalation_resolved")) == 1


async def test_people_are_called_also_for_who_was_never_written_to():
    room = await PostRoom().ready()
    await write(room, "I want to die")
    [raised] = await journal(room, "escalation_raised")
    [answered] = await journal(room, "message_replied")
    assert (raised["subject_id"], answered["subject_id"]) == (unasked_id(PATIENT), PATIENT)


def typed(phrase: str, marks: list[str], cases: list[bool], plain: bool) -> str:
    """As somebody types it who is in no state to type well."""
    text = unicodedata.normalize("NFD" if plain else "NFC", phrase)
    letters = (each.upper() if upper else each for each, upper in zip(text, cases * len(text), strict=False))
    return "".join(f"{letter}{mark}" for letter, mark in zip(letters, marks * len(text), strict=False))


@given(
    st.sampled_from(PHRASES),
    st.lists(st.sampled_from(("", " ", "  ", ".", "-", "'", "’", "\n", "…")), min_size=1, max_size=8),
    st.lists(st.booleans(), min_size=1, max_size=8),
    st.booleans(),
    st.sampled_from(("", "I am so tired. ", "¡")),
    st.sampled_from(("", " please help", "!!!")),
)
def test_words_of_the_list_are_found_however_they_are_typed(named, marks, cases, plain, before, after):
    _, phrase = named
    assert severity_of(before + typed(phrase, marks, cases, plain) + after, shipped_rules()) == "same_day"


@pytest.mark.parametrize("text", ["I can't go on", "Sorry, I can’t go on. Please help", "ya no puedo mas!"])
async def test_who_gives_up_is_somebodys_work_today(text):
    assert severity_of(text, shipped_rules()) == "same_day"


@pytest.mark.parametrize(
    "text", ["I can't go on Tuesday", "can't go on the 9th, sorry", "no puedo el martes"]
)
async def test_who_cannot_come_on_a_day_is_not_in_need(text):
    assert severity_of(text, shipped_rules()) is None


@given(st.sampled_from(PHRASES))
def test_accents_are_not_needed(named):
    bare = "".join(each for each in unicodedata.normalize("NFD", named[1]) if not unicodedata.combining(each))
    assert severity_of(bare, shipped_rules()) == "same_day"
