"""Texts that answer nothing that we wrote: somebody reads them, and knows where (NOT-08, REPLY_READ)."""

from typing import Any

import pytest

from tests.component.test_every_message_item_is_done import COORDINATOR, NURSE, a_clinic
from tests.component.test_how_to_reach_somebody import AGREED, NUMBER, accept, refer
from tests.support.memory_clinic import MemoryClinic
from tests.support.services import ALL

STRANGER = "+12125550999"


@pytest.fixture
async def clinic() -> MemoryClinic:
    """A patient whose number is known; nobody has texted them yet."""
    clinic = a_clinic(*ALL)
    await refer(clinic, phone=NUMBER)
    assert clinic.outside.gateway.texts == []
    return clinic


async def writes(clinic: MemoryClinic, text: str, number: str = NUMBER) -> None:
    await clinic.outside.text_from(number, text)
    await clinic.system.settle()


def items(clinic: MemoryClinic, item_type: str) -> list[Any]:
    opened = [each for each in clinic.facts("worklist") if each.name in ("item_opened", "item_reopened")]
    return [each.fact for each in opened if each.fact["item_type"] == item_type]


async def read(clinic: MemoryClinic, item: Any, who: str) -> list[str]:
    path = f"/messages/{item['subject_id']}/replies"
    return [each["text"] for each in (await clinic.ask("GET", "notifications", path, who))["replies"]]


@pytest.mark.parametrize("text", ["can I bring my dog", "Cancel"])
async def test_who_writes_unasked_is_read(clinic: MemoryClinic, text: str) -> None:
    await writes(clinic, text)
    [item] = items(clinic, "REPLY_READ")
    assert "coordination REPLY_READ 01-05 17:00" in clinic.open()
    assert await read(clinic, item, COORDINATOR) == [text]
    path = f"/messages/{item['subject_id']}/contact"
    await clinic.ask("POST", "notifications", path, COORDINATOR, json={"result": "reached"})
    assert not [row for row in clinic.open() if "REPLY_READ" in row]


async def test_however_much_somebody_writes_it_is_one_reading(clinic: MemoryClinic) -> None:
    for number in range(30):
        await writes(clinic, f"question {number}")
    [item] = items(clinic, "REPLY_READ")
    assert await read(clinic, item, COORDINATOR) == [f"question {number}" for number in range(10, 30)]


async def test_who_confirms_nothing_is_nobodys_work(clinic: MemoryClinic) -> None:
    await writes(clinic, "CONFIRM")
    assert not items(clinic, "REPLY_READ")


async def test_who_writes_unasked_of_dying_is_work_that_says_what_they_wrote(clinic: MemoryClinic) -> None:
    """A page alone is no work: it could not be claimed, nor could what was written be read."""
    await writes(clinic, "I want to die")
    assert await clinic.called()
    [item] = items(clinic, "CRISIS_CALL")
    assert "nursing CRISIS_CALL 01-04 17:00" in clinic.open()
    assert await read(clinic, item, NURSE) == ["I want to die"]
    path = f"/messages/{item['subject_id']}/contact"
    await clinic.ask("POST", "notifications", path, NURSE, json={"result": "reached"})
    assert not [row for row in clinic.open() if "CRISIS_CALL" in row]
    assert [each.name for each in clinic.facts("notifications")][-1] == "escalation_resolved"


async def test_who_writes_back_to_what_did_not_arrive_is_read(clinic: MemoryClinic) -> None:
    """Gateways say `undelivered` of what was seen."""
    clinic.outside.lost.add(NUMBER)
    await accept(clinic, await refer(clinic, phone=NUMBER, consents=AGREED))
    await clinic.at("2027-01-06 12:00")
    assert any(each.name == "message_failed" for each in clinic.facts("notifications"))
    await writes(clinic, "can I bring my dog")
    assert len(items(clinic, "REPLY_READ")) == 1
    await writes(clinic, "I want to die")
    assert len(items(clinic, "CRISIS_CALL")) == 1


async def test_a_stranger_in_need_is_told_whom_to_call(clinic: MemoryClinic) -> None:
    """Nobody here knows whom to call back: the number says nothing."""
    await writes(clinic, "I want to die", STRANGER)
    [text] = clinic.outside.gateway.texts
    assert text.to == STRANGER and "988" in text.body and "911" in text.body
    await writes(clinic, "can I bring my dog", STRANGER)
    assert len(clinic.outside.gateway.texts) == 1
    await writes(clinic, "STOP", STRANGER)
    said = len(clinic.outside.gateway.texts)
    await writes(clinic, "I want to die", STRANGER)
    assert len(clinic.outside.gateway.texts) == said


async def test_whoever_waits_for_a_call_stands_higher_the_longer_nobody_answers(clinic: MemoryClinic) -> None:
    """The item follows the ladder, as that of every other warning: up with it, and calm when somebody answered."""
    await writes(clinic, "I want to die")
    [item] = items(clinic, "CRISIS_CALL")
    path = f"/items/{item['item_id']}"
    seen = await clinic.ask("GET", "worklist", path, NURSE)
    await clinic.at("2027-01-04 10:31")
    late = await clinic.ask("GET", "worklist", path, NURSE)
    assert (seen["level"], late["level"]) == (0, 1) and late["ack_due_at"] > seen["ack_due_at"]
    await clinic.answer_page("mina.cho")
    assert "ack_due_at" not in await clinic.ask("GET", "worklist", path, NURSE)
