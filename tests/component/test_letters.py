"""Letters are documents: drafted from what is known, edited, signed once, read by whom they are for (CON-02)."""

from hashlib import sha256
from typing import Any

from backbone.ids import derive
from tests.support.feed import PATIENT, REFERRAL
from tests.support.submissions import PRACTICE, SPINE_CENTRE
from tests.support.ward import OTHER_PATIENT, VISIT, Ward

NURSE, COORDINATOR = "nora.quinn", "cora.lind"
LETTER = f"/consultations/{derive(VISIT, 'consultation')}/letter"
FOR_BOTH: dict[str, Any] = {"audience": ["referrer", "pcp", "patient"]}


async def a_ward() -> Ward:
    """A first consultation is completed; the patient, another one and two practices have tokens."""
    ward = await Ward().open()
    await ward.in_session()
    ward.clinic.known_as("patient", "patient", PATIENT)
    ward.clinic.known_as("another", "patient", OTHER_PATIENT)
    ward.clinic.known_as("practice", "referrer", PRACTICE)
    ward.clinic.known_as("stranger", "referrer", SPINE_CENTRE)
    return ward


async def statuses(ward: Ward, path: str) -> dict[str, int]:
    readers = ("patient", "practice", "another", "stranger", NURSE)
    return {who: (await ward.reads(path, who)).status_code for who in readers}


async def test_a_draft_is_filled_from_what_is_known_and_read_by_clinicians_only() -> None:
    ward = await a_ward()
    draft = await ward.asks(LETTER)
    assert draft["status"] == "draft" and draft["template"] == "outcome.1"
    text = (await ward.reads(f"/letters/{draft['id']}")).json()["text"]
    assert "MG30.02" in text and "MDT_PROGRAMME" in text and "Harbor" in text and "{" not in text
    path = f"/letters/{draft['id']}"
    assert await statuses(ward, path) == {
        "patient": 404,
        "practice": 404,
        "another": 404,
        "stranger": 404,
        NURSE: 200,
    }


async def test_a_plan_that_is_there_stands_in_the_draft() -> None:
    ward = await a_ward()
    await ward.plan()
    draft = await ward.asks(LETTER)
    assert "Walk to the shop" in (await ward.reads(f"/letters/{draft['id']}")).json()["text"]


async def test_what_is_signed_is_the_edited_draft_and_stays_as_it_is() -> None:
    ward = await a_ward()
    await ward.asks(LETTER)
    edited = await ward.asks(LETTER, NURSE, text="Dear Dr Example")
    await ward.asks(f"{LETTER}/sign", **FOR_BOTH)
    signed = ward.last("letter_signed").fact
    assert signed["letter_ref"] == edited["id"] and signed["kind"] == "outcome"
    shown = (await ward.reads(f"/letters/{edited['id']}")).json()
    assert (shown["text"], shown["signed_by"]) == ("Dear Dr Example", ward.clinic.staff("paul.okafor"))
    assert shown["sha256"] == sha256(b"Dear Dr Example").hexdigest()
    assert (await ward.tries(LETTER, text="Something else")).status_code == 409
    assert (await ward.tries(f"{LETTER}/sign", **FOR_BOTH)).status_code == 409
    assert (await ward.reads(f"/contents/{edited['id']}")).json()["body"] == "Dear Dr Example"


async def test_a_signed_letter_is_read_by_whom_it_is_for() -> None:
    ward = await a_ward()
    await ward.asks(f"{LETTER}/sign", text="Dear colleague", audience=["referrer"], left_out="other")
    path = f"/letters/{ward.last('letter_signed').fact['letter_ref']}"
    assert await statuses(ward, path) == {
        "patient": 404,
        "practice": 200,
        "another": 404,
        "stranger": 404,
        NURSE: 200,
    }
    listed: dict[str, Any] = {}
    for who in ("practice", "patient", "stranger", COORDINATOR):
        found = (await ward.reads(f"/referrals/{REFERRAL}/letters", who)).json()["letters"]
        listed[who] = [each["kind"] for each in found]
    assert listed == {"practice": ["outcome"], "patient": [], "stranger": [], COORDINATOR: ["outcome"]}


async def test_without_a_text_or_a_draft_nothing_is_signed() -> None:
    ward = await a_ward()
    assert await ward.refuses(f"{LETTER}/sign", **FOR_BOTH) == "no-draft"


async def test_only_a_physician_signs() -> None:
    ward = await a_ward()
    await ward.asks(LETTER, NURSE)
    assert (await ward.tries(f"{LETTER}/sign", NURSE, **FOR_BOTH)).status_code == 403


async def test_the_practice_reads_nothing_of_the_plan_beyond_the_letters() -> None:
    ward = await a_ward()
    plan = await ward.plan()
    for path in (
        f"/plans/{plan['plan_id']}",
        f"/patients/{PATIENT}/contents",
        f"/activities/{plan['activity_ids'][0]}",
    ):
        assert (await ward.reads(path, "practice")).status_code in (403, 404)


async def test_an_outcome_letter_for_the_patient_alone_is_not_signed() -> None:
    ward = await a_ward()
    said: dict[str, Any] = {"text": "Dear colleague", "audience": ["patient"]}
    assert await ward.refuses(f"{LETTER}/sign", **said) == "audience-lacking"
    await ward.asks(f"{LETTER}/sign", **said, left_out="not_known")
    assert ward.last("letter_signed").fact["left_out"] == "not_known"
