"""What is read by its ref alone: no way around what the routes of letters and messages ask (PRV-11 to PRV-16)."""

from typing import Any

import httpx

from backbone.http.identity import Principal
from services.notifications.service import SERVICE as NOTIFICATIONS
from tests.component.test_letters import COORDINATOR, LETTER, NURSE, a_ward
from tests.support.feed import PATIENT
from tests.support.pages import is_page
from tests.support.post_room import PostRoom
from tests.support.referral_facts import red_flag_raised
from tests.support.referral_http import by
from tests.support.ward import Ward

THE_PATIENT = Principal("patient", PATIENT)
CONTENTS = f"/patients/{PATIENT}/contents"


async def refs(ward: Ward, who: str) -> set[str]:
    return {each["ref"] for each in (await ward.reads(CONTENTS, who)).json()["contents"]}


async def test_a_letter_that_is_for_the_practice_is_not_the_patients_by_its_ref() -> None:
    ward = await a_ward()
    practice: dict[str, Any] = {
        "audience": ["referrer"],
        "left_out": "serious_harm",
        "text": "Dear colleague",
    }
    await ward.asks(f"{LETTER}/sign", **practice)
    ref = ward.last("letter_signed").fact["letter_ref"]
    assert (await ward.reads(f"/contents/{ref}", "patient")).status_code == 403
    assert ref not in await refs(ward, "patient")
    assert (await ward.reads(f"/contents/{ref}", COORDINATOR)).json()["body"] == "Dear colleague"
    assert ref in await refs(ward, COORDINATOR)


async def test_a_draft_is_for_clinicians_at_whatever_address() -> None:
    ward = await a_ward()
    draft = await ward.asks(LETTER)
    assert (await ward.reads(f"/letters/{draft['id']}", NURSE)).json()["text"]
    refused = await ward.reads(f"/letters/{draft['id']}", COORDINATOR)
    assert (refused.status_code, refused.json()["kind"]) == (403, "letter_draft")
    await ward.asks(f"{LETTER}/sign", audience=["patient"], left_out="not_known")
    assert (await ward.reads(f"/letters/{draft['id']}", COORDINATOR)).json()["text"]


async def test_what_is_written_to_staff_and_practices_about_a_patient_is_not_theirs() -> None:
    """A page says by which code it is answered."""
    room = await PostRoom().ready()
    await room.book("2027-01-20 14:00")
    await room.until("2027-01-04 12:00")
    await room.tell(red_flag_raised())
    assert any(is_page(each.body) for each in room.outside.gateway.texts)
    written = room.system.workers[NOTIFICATIONS.name].store.tables.writing

    async def read(path: str) -> httpx.Response:
        return await room.http().get(path, headers=by(THE_PATIENT))

    contents = (await read(CONTENTS)).json()["contents"]
    listed = [each["ref"] for each in contents]
    wordings = [each["ref"] for each in contents if each["kind"] == "wording"]
    told: list[Any] = [(await read(f"/contents/{each}")).json()["body"]["text"] for each in wordings]
    assert told and not any(is_page(each) for each in told)
    assert {(await read(f"/contents/{each}")).status_code for each in written.keys() - set(listed)} <= {
        403,
        404,
    }
