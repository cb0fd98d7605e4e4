"""A draft shows how much of each work is proposed where nobody said; a clinician agrees, or says another number."""

from typing import Any

from tests.support.ward import PHYSICIAN, Ward

CBT: dict[str, Any] = {"discipline": "psychology", "kind": "cbt_cp"}
PACING = {"discipline": "occupational_therapy", "kind": "pacing", "sessions": 4}
ADVICE = {"discipline": "social_work", "kind": "benefits_advice"}


def doses(ward: Ward) -> dict[str, tuple[int | None, int | None]]:
    ordered = [each.fact for each in ward.clinic.facts() if each.name == "activity_ordered"]
    return {each["kind"]: (each.get("sessions"), each.get("every_days")) for each in ordered}


async def test_a_draft_shows_what_would_be_ordered_and_that_is_what_is_ordered() -> None:
    ward = await Ward().open()
    ids = await ward.plan(active=False, activities=[CBT, PACING, ADVICE])
    shown = (await ward.reads(f"/plans/{ids['plan_id']}")).json()["text"]["activities"]
    said = {each["kind"]: (each.get("sessions"), each.get("every_days")) for each in shown}
    assert said == {"cbt_cp": (12, 7), "pacing": (4, 14), "benefits_advice": (None, None)}
    await ward.asks(f"/plans/{ids['plan_id']}/activate", patient_agreement=True)
    assert doses(ward) == said


async def test_what_is_added_later_is_proposed_in_the_same_way_and_what_was_agreed_to_stays() -> None:
    ward = await Ward().open()
    ids = await ward.plan(activities=[ADVICE])
    path = f"/plans/{ids['plan_id']}"
    tag = {"if-match": (await ward.reads(path)).headers["etag"]}
    added = {"reason": "The team wants it.", "activities_add": [CBT]}
    answer = await ward.clinic.request("PATCH", "care_plan", path, PHYSICIAN, json=added, headers=tag)
    assert answer.is_success, answer.text
    said = [each.get("sessions") for each in (await ward.reads(path)).json()["text"]["activities"]]
    assert said == [None, 12]
    assert doses(ward) == {"benefits_advice": (None, None), "cbt_cp": (12, 7)}
