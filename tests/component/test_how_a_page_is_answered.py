"""Whoever replies to a page is answered by one text that says how things stand, and what to do."""

import re

import pytest

from simulator.sinks.gateway import NUMBER
from tests.component.test_who_is_called import MINA, PAUL, at_half_past_nine
from tests.support.on_call import OnCall
from tests.support.pages import is_page, number_of
from tests.support.providers import SERVICE


async def answered(night: OnCall, login: str, text: str) -> list[str]:
    """What is texted back to somebody who replies, beside what they are paged."""
    before = len(night.clinic.outside.gateway.texts)
    await night.text(login, text)
    new = night.clinic.outside.gateway.texts[before:]
    return [each.body for each in new if each.to == number_of(login) and not is_page(each.body)]


async def test_every_reply_to_a_page_is_answered_by_one_text_that_says_what_to_do() -> None:
    night = await at_half_past_nine()
    code = night.code
    [said] = await answered(night, "fay.dunn", f"OK {code}")
    assert f"{code} is for those who were called" in said and "+1 555-0100" in said
    [said] = await answered(night, "paul.okafor", "OK")
    assert "OK and the six digits" in said
    [said] = await answered(night, "paul.okafor", f"OK {int(code) ^ 1:06}")
    assert "nothing waits for" in said and "last page" in said
    assert len(night.ladder()) == 1
    [said] = await answered(night, "paul.okafor", f"OK {code}")
    assert f"{code} is yours" in said and "assess" in said
    assert await answered(night, "paul.okafor", f"ok {code}") == [said], "told again, it is the same"
    [said] = await answered(night, "mina.cho", f"OK {code}")
    assert f"{code} was answered by somebody else" in said
    assert len(night.ladder()) == 2


async def test_the_code_of_what_is_dealt_with_waits_for_nothing() -> None:
    night = await at_half_past_nine()
    await night.text("paul.okafor", f"OK {night.code}")
    alert = (await night.item("SAFETY_ALERT"))["subject_id"]
    found = {"result": "safety_plan", "note": "called, safe tonight"}
    for step, body in (("assess", found), ("close", None)):
        await night.clinic.ask(
            "POST", "care_plan", f"/safety-alerts/{alert}/{step}", "paul.okafor", json=body
        )
    [said] = await answered(night, "paul.okafor", f"OK {night.code}")
    assert "nothing waits for" in said


@pytest.mark.parametrize("number", ["+12125550999", "+12125550142"])
async def test_a_page_that_is_answered_from_another_number_says_so(number: str) -> None:
    """An old telephone, or the patient's: a code is no patient's words, and nobody is named."""
    night = await at_half_past_nine()
    before = len(night.clinic.outside.gateway.texts)
    await night.clinic.outside.text_from(number, f"ok, {night.code}")
    await night.clinic.system.settle()
    [said] = night.clinic.outside.gateway.texts[before:]
    assert said.to == number and "from the number that was called" in said.body
    assert len(night.ladder()) == 1 and not any("REPLY_READ" in row for row in night.clinic.open())


@pytest.mark.parametrize("text", ["OK {code}", "OK", "OK 000000"])
async def test_a_number_that_opted_out_is_answered_nothing_and_still_counts(text: str) -> None:
    night = await at_half_past_nine()
    await night.text("paul.okafor", "STOP")
    said = text.format(code=night.code)
    assert await answered(night, "paul.okafor", said) == []
    assert len(night.ladder()) == (2 if "{code}" in text else 1)


async def test_the_gateway_that_asks_again_hears_the_same_and_a_replay_answers_nobody() -> None:
    night = await at_half_past_nine()
    gateway = night.clinic.outside.gateway
    form = {"MessageSid": "SM1", "From": number_of("paul.okafor"), "To": NUMBER, "Body": f"OK {night.code}"}
    first, again = [(await gateway._say(f"{SERVICE}/sms/inbound", form)).text for _ in range(2)]
    await night.clinic.system.settle()
    assert first == again and "is yours" in first and len(night.ladder()) == 2
    texts = len(gateway.texts)
    for forgetting in (False, True):
        await night.clinic.replay(forgetting=forgetting)
    assert len(gateway.texts) == texts


async def test_after_too_many_wrong_codes_the_right_one_is_not_taken_and_the_ladder_goes_on() -> None:
    night = await at_half_past_nine()
    code = night.code
    assert night.pages() == PAUL
    for wrong in range(1, 6):
        [said] = await answered(night, "paul.okafor", f"OK {int(code) ^ wrong:06}")
        assert ("too many wrong codes" in said) == (wrong == 5)
    [said] = await answered(night, "paul.okafor", f"OK {code}")
    assert "too many wrong codes" in said and "claim it after login" in said and "+1 555-0100" in said
    assert len(night.ladder()) == 1
    await night.clinic.replay(forgetting=True)
    [said] = await answered(night, "paul.okafor", f"OK {code}")
    assert "too many wrong codes" in said, "it is kept"
    assert await night.until("2027-02-05 22:00") == sorted(PAUL + MINA)
    assert await night.claim("SAFETY_ALERT", "mina.cho") == 200
    await night.clinic.system.settle()
    assert night.ladder()[1:] == [
        "02-05 22:00 timed_out 1 to 2 until 02-05 22:15",
        "02-05 22:00 acknowledged 2 by mina.cho worklist",
    ]


async def test_whoever_forges_a_number_keeps_its_owner_from_nothing() -> None:
    """Only the telephone itself is told what lifts it; and it lifts nothing for another code."""
    night = await at_half_past_nine()
    code = night.code
    for wrong in range(1, 6):
        [said] = (await answered(night, "paul.okafor", f"OK {int(code) ^ wrong:06}"))[-1:]
    [key] = re.findall(r"\b[0-9]{8}\b", said)
    for guess in (f"OK {code}", f"OK {code} {int(key) ^ 1:08}", f"OK {int(code) ^ 1:06} {key}"):
        [said] = await answered(night, "paul.okafor", guess)
        assert "too many wrong codes" in said and key in said
    assert len(night.ladder()) == 1
    [said] = await answered(night, "paul.okafor", f"ok {code} {key}")
    assert "is yours" in said and len(night.ladder()) == 2


async def test_wrong_codes_of_one_sender_shut_out_nobody_else() -> None:
    night = await at_half_past_nine()
    for wrong in range(1, 7):
        await night.text("fay.dunn", f"OK {int(night.code) ^ wrong:06}")
    [said] = await answered(night, "paul.okafor", f"OK {night.code}")
    assert "is yours" in said and len(night.ladder()) == 2


async def test_after_the_window_the_right_code_is_taken_again() -> None:
    night = await at_half_past_nine()
    code = night.code
    for wrong in range(1, 6):
        await night.text("paul.okafor", f"OK {int(code) ^ wrong:06}")
    await night.clinic.at("2027-02-05 22:29")
    await night.text("paul.okafor", f"OK {code}")
    assert not any("acknowledged" in each for each in night.ladder())
    await night.clinic.at("2027-02-05 22:30")
    [said] = await answered(night, "paul.okafor", f"OK {code}")
    assert "is yours" in said and "by paul.okafor page" in night.ladder()[-1]
