"""Whose number it is, and whether it wants texts: however it was typed, whoever had it before, whoever has it now."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbone.ids import ROOT, derive
from backbone.model import one, together
from services.notifications.agenda.aggregate import AGENDA
from services.notifications.consent.aggregate import CONSENT, GiveConsent, consent_id
from services.notifications.phone.aggregate import PHONE, BelongTo
from tests.support.effort import explored
from tests.support.feed import PATIENT
from tests.support.post_room import NURSE, PostRoom
from tests.support.providers import SERVICE

SIBLING, STRANGER = derive(ROOT, "a sibling"), derive(ROOT, "somebody new")
NUMBER, OTHER = "+12125550142", "+12125550177"
TYPED = ["(212) 555-0142", "212.555.0142", "+1 212 555 0142", "1-212-555-0142"]


class Line(PostRoom):
    """A post room with several patients on the telephone."""

    async def reaches(self, number: str | None, *patients: str) -> None:
        for patient in patients or (PATIENT,):
            await self.contact(patient, phone=number)

    async def agrees(self, *patients: str) -> None:
        for patient in patients or (PATIENT,):
            send = CONSENT.send(
                GiveConsent(channel="sms", purpose="care"), to=one(consent_id(patient, "sms"))
            )
            await self.system.order("notifications", together(send, about=one(patient)), actor=NURSE)
        await self.system.settle()

    async def says(self, text: str, number: str = NUMBER) -> list[str]:
        """What is texted back at once."""
        before = len(self.texts)
        answer = await self.outside.gateway.reply(SERVICE, number, text)
        assert answer.is_success, answer.text
        await self.system.settle()
        return self.texts[before:]

    async def wants_texts(self, patient: str = PATIENT) -> bool:
        agenda = await self.system.workers["notifications"].runtime.load(AGENDA, patient)
        return bool(agenda and agenda.state.consents.get("sms"))


async def a_line(**more: Any) -> Line:
    line = Line(**more)
    await line.reaches(NUMBER)
    await line.agrees()
    return line


@pytest.mark.parametrize("typed", TYPED)
async def test_stop_from_the_real_number_counts_however_the_number_was_typed(typed):
    line = Line()
    await line.reaches(typed)
    await line.agrees()
    await line.news(1)
    assert [text.to for text in line.outside.gateway.texts] == [NUMBER]
    await line.says("STOP")
    assert not await line.wants_texts()


@pytest.mark.parametrize("nothing", ["unknown", "ext. 12", "+", "07700 900123"])
async def test_what_is_no_number_is_never_texted_and_somebody_is_asked(nothing):
    line = Line()
    await line.reaches(nothing)
    await line.agrees()
    await line.news(1)
    assert line.texts == [] and await line.ends() == ["suppressed MDT_OUTCOME_PT no_channel"]


async def test_what_was_filed_before_numbers_had_one_form_still_counts():
    line = Line()
    filed = PHONE.send(BelongTo(patient_id=PATIENT), to=PHONE.by(number=("2125550142",)))
    await line.reaches("(212) 555-0142")
    await line.system.order("notifications", filed)
    await line.agrees()
    await line.says("STOP")
    assert not await line.wants_texts()


async def test_a_changed_number_forgets_who_had_it():
    line = await a_line()
    await line.reaches(OTHER)
    await line.reaches(NUMBER, STRANGER)
    await line.agrees(STRANGER)
    await line.says("STOP")
    assert await line.wants_texts() and not await line.wants_texts(STRANGER)


async def test_a_number_that_was_taken_out_is_nobodys():
    line = await a_line()
    await line.reaches(None)
    await line.says("STOP")
    assert await line.wants_texts()


async def test_an_opt_out_holds_for_everybody_whom_the_number_reaches():
    line = await a_line()
    await line.reaches("(212) 555-0142", SIBLING)
    await line.agrees(SIBLING)
    await line.news(1)
    await line.says("Stop.")
    assert not await line.wants_texts() and not await line.wants_texts(SIBLING)


async def test_who_is_reached_anew_by_a_number_that_opted_out_is_texted_when_they_agree():
    line = await a_line()
    await line.says("STOP")
    await line.contact(STRANGER, phone=NUMBER)
    assert not await line.wants_texts(STRANGER)
    await line.agrees(STRANGER)
    assert await line.wants_texts(STRANGER) and not await line.wants_texts()


async def test_a_stranger_who_opts_out_is_not_texted_when_the_number_becomes_a_patients():
    line = Line()
    assert len(await line.says("STOP")) == 1
    await line.agrees()
    await line.reaches(NUMBER)
    assert not await line.wants_texts()


async def test_an_opt_out_is_confirmed_by_one_text():
    line = await a_line()
    assert await line.says("STOP") == [
        "Harbor Street: no more texts to this number. Call +1 555-0100 for anything. START brings them back."
    ]
    assert await line.says("stop") == []
    await line.agrees()
    assert len(await line.says("STOP")) == 1


async def test_the_gateway_that_asks_again_hears_the_same():
    line = await a_line()
    form = {"MessageSid": "SM1", "From": NUMBER, "To": "+12125550199", "Body": "STOP"}
    first, again = [(await line.outside.gateway._say(f"{SERVICE}/sms/inbound", form)).text for _ in range(2)]
    assert first == again and first.startswith("<Response><Message>Harbor Street")


async def test_start_brings_back_what_stop_ended_and_nothing_else():
    line = await a_line()
    await line.reaches(NUMBER, SIBLING)
    await line.consent("sms", given=False)  # at the desk
    await line.agrees(SIBLING)
    await line.says("STOP")
    [said] = await line.says("START")
    assert "on again" in said
    assert await line.wants_texts(SIBLING) and not await line.wants_texts()


async def test_help_is_answered_and_changes_nothing():
    line = await a_line()
    [said] = await line.says("Help!")
    assert "+1 555-0100" in said and "STOP" in said and await line.wants_texts()


async def test_a_sender_that_is_no_number_is_heard_and_nothing_follows():
    line = await a_line()
    assert await line.says("STOP", number="HARBOR") == [] and await line.wants_texts()


PEOPLE = (PATIENT, SIBLING, STRANGER)
WHO, WHERE = st.sampled_from(PEOPLE), st.sampled_from((NUMBER, OTHER))
STEP = st.one_of(
    st.tuples(st.just("reaches"), WHERE, WHO),
    st.tuples(st.just("agrees"), WHO),
    st.tuples(st.just("STOP"), WHERE),
    st.tuples(st.just("START"), WHERE),
)


@given(st.lists(STEP, max_size=12))
@explored(15)
def test_whatever_is_said_in_whatever_order_nobody_is_texted_who_said_no(steps):
    asyncio.run(played(steps))


async def played(steps: list[tuple[str, ...]]) -> None:
    """`wants`: None until somebody was asked."""
    line = Line()
    number_of: dict[str, str] = {}
    stopped: set[str] = set()
    wants: dict[str, bool | None] = dict.fromkeys(PEOPLE)
    for step in steps:
        match step:
            case "reaches", number, who:
                await line.reaches(number, who)
                wants[who] = False if number in stopped and number_of.get(who) != number else wants[who]
                number_of[who] = number
            case "agrees", who:
                await line.agrees(who)
                wants[who] = True
            case ("STOP" | "START") as word, number:
                await line.says(word, number)
                stopped = stopped | {number} if word == "STOP" else stopped - {number}
                for who in (each for each in PEOPLE if number_of.get(each) == number):
                    wants[who] = False if word == "STOP" else None if wants[who] is None else True
            case _:
                raise AssertionError(step)
        assert {who: await line.wants_texts(who) for who in PEOPLE} == {
            who: bool(wants[who]) for who in PEOPLE
        }
