"""A letter that went to the wrong place: taken back by name, marked in every list, known to the officer."""

from typing import Any

from backbone.model import Actor, one
from services.care_plan.letter.aggregate import LETTER as LETTERS
from services.care_plan.letter.aggregate import RecallLetter
from services.notifications.service import SERVICE as NOTIFICATIONS
from services.worklist.service import SERVICE as WORKLIST
from tests.component.test_letters import COORDINATOR, FOR_BOTH, LETTER, NURSE
from tests.support.feed import PATIENT, REFERRAL
from tests.support.submissions import PRACTICE
from tests.support.ward import LEAVING, Ward

OFFICER = "ada.voss"
WRONG: dict[str, Any] = {"reason": "wrong_recipient", "note": "The practice of her sister."}


async def recalled() -> tuple[Ward, str]:
    ward = await Ward(beside=(NOTIFICATIONS, WORKLIST)).open()
    await ward.in_session()
    ward.clinic.known_as("patient", "patient", PATIENT)
    ward.clinic.known_as("practice", "referrer", PRACTICE)
    path = await signed(ward)
    await ward.asks(f"{path}/recall", COORDINATOR, **WRONG)
    return ward, path


async def signed(ward: Ward) -> str:
    await ward.asks(f"{LETTER}/sign", text="Dear colleague", **FOR_BOTH)
    path = f"/letters/{ward.last('letter_signed').fact['letter_ref']}"
    assert (await ward.reads(path, "practice")).json()["text"] == "Dear colleague"
    return path


async def test_what_was_sent_in_error_is_read_by_nobody_outside_and_marked_in_every_list() -> None:
    ward, path = await recalled()
    for who, text in (("practice", None), ("patient", None), (NURSE, "Dear colleague")):
        shown = (await ward.reads(path, who)).json()
        assert (shown["status"], shown["recall_reason"], shown.get("text")) == (
            "recalled",
            "wrong_recipient",
            text,
        )
    lists = (f"/referrals/{REFERRAL}/letters", NURSE), (f"/referrals/{REFERRAL}/letters", "practice")
    for listed, who in (*lists, (f"/patients/{PATIENT}/letters", "patient")):
        [row] = (await ward.reads(listed, who)).json()["letters"]
        assert row["status"] == "recalled"


async def test_it_is_taken_back_once_by_name_and_with_a_reason() -> None:
    ward, path = await recalled()
    told = ward.last("letter_recalled").fact
    assert (told["reason"], told["decided_by"]) == ("wrong_recipient", ward.clinic.staff(COORDINATOR))
    assert await ward.refuses(f"{path}/recall", COORDINATOR, **WRONG) == "recalled-already"


async def test_whoever_has_it_is_asked_to_destroy_it_and_the_officer_hears_what_became_of_it() -> None:
    ward, path = await recalled()
    asked = [each.fact for each in ward.clinic.facts("notifications") if each.name == "message_scheduled"]
    assert "LETTER_RECALLED" in [each["template"] for each in asked if each["audience"] == "ref"]
    [item] = [row for row in ward.clinic.open() if "LETTER_RECALLED" in row]
    assert item.startswith("management")
    assert (await ward.tries(f"{path}/recall-review", NURSE, result="destroyed")).status_code == 403
    await ward.asks(f"{path}/recall-review", OFFICER, result="destroyed")
    assert not [row for row in ward.clinic.open() if "LETTER_RECALLED" in row]


async def disclosed(ward: Ward, path: str) -> list[tuple[str, str, str | None]]:
    rows = (await ward.reads(f"/patients/{PATIENT}/disclosures", OFFICER)).json()["disclosures"]
    return [
        (row["to_id"], row["kind"], row["purpose"]) for row in rows if row["resource"] == f"{path}/recall"
    ]


async def test_to_whom_it_went_stands_in_the_record_of_disclosures() -> None:
    ward, path = await recalled()
    assert await disclosed(ward, path) == [(PRACTICE, "letter", None)]


async def test_it_stands_there_also_where_the_process_died_before_it_could_answer() -> None:
    ward = await Ward().open()
    await ward.in_session()
    ward.clinic.known_as("practice", "referrer", PRACTICE)
    path = await signed(ward)
    command = LETTERS.send(RecallLetter(**WRONG), to=one(path.rpartition("/")[2]))
    coordinator = Actor("user", ward.clinic.staff(COORDINATOR), "care_coordinator")
    await ward.clinic.system.order("care_plan", command, actor=coordinator)
    assert await disclosed(ward, path) == [(PRACTICE, "letter", None)]


async def test_a_corrected_letter_can_be_signed_for_the_same_consultation() -> None:
    ward, path = await recalled()
    await ward.asks(f"{LETTER}/sign", text="Dear colleague, corrected", **FOR_BOTH)
    again = f"/letters/{ward.last('letter_signed').fact['letter_ref']}"
    assert again != path
    assert (await ward.reads(again, "practice")).json()["text"] == "Dear colleague, corrected"
    assert (await ward.reads(path, "practice")).json()["status"] == "recalled"
    assert await ward.refuses(f"{LETTER}/sign", text="Once more", **FOR_BOTH) == "already-signed"


async def test_a_recalled_summary_letter_is_missing_again_until_another_is_signed() -> None:
    ward = await Ward().open()
    await ward.in_session()
    plan = (await ward.plan())["plan_id"]
    discharge = f"/plans/{plan}/discharge"
    await ward.asks(f"{discharge}/letter/sign", text="Summary", **FOR_BOTH)
    path = f"/letters/{ward.last('letter_signed').fact['letter_ref']}"
    assert "summary_letter" in (await ward.reads(f"/plans/{plan}")).json()["course"]["met"]
    await ward.asks(f"{path}/recall", COORDINATOR, **WRONG)
    assert "summary_letter" not in (await ward.reads(f"/plans/{plan}")).json()["course"].get("met", [])
    await ward.asks(f"{discharge}/letter/sign", text="Summary, corrected", **FOR_BOTH)
    assert "summary_letter" in (await ward.reads(f"/plans/{plan}")).json()["course"]["met"]


async def test_after_the_discharge_a_recalled_summary_letter_is_signed_anew_and_reaches_the_practice() -> (
    None
):
    ward = await Ward(beside=(NOTIFICATIONS, WORKLIST)).open()
    await ward.in_session()
    ward.clinic.known_as("practice", "referrer", PRACTICE)
    plan = (await ward.plan())["plan_id"]
    discharge = await ward.comes_to_discharge(plan)
    await ward.asks(discharge, **LEAVING)
    path = f"/letters/{ward.last('letter_signed').fact['letter_ref']}"
    assert await ward.refuses(f"{discharge}/letter/sign", text="Once more", **FOR_BOTH) == "already-signed"
    await ward.asks(f"{path}/recall", COORDINATOR, **WRONG)
    await ward.asks(f"{discharge}/letter/sign", text="Summary, corrected", **FOR_BOTH)
    again = f"/letters/{ward.last('letter_signed').fact['letter_ref']}"
    assert again != path
    assert (await ward.reads(again, "practice")).json()["text"] == "Summary, corrected"
    told = [each.fact for each in ward.clinic.facts("notifications") if each.name == "message_scheduled"]
    assert [each["template"] for each in told].count("DISCHARGE_LETTER") == 2
    assert (await ward.reads(path, "practice")).json().get("text") is None
