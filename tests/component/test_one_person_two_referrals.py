"""What is about one referral touches the other never; what is about the person holds for both."""

from typing import Any

import pytest

from services.worklist.catalogue.decide.table import CLEANED_UP, SAFETY
from tests.support.front_desk import COORDINATOR, NURSE, PHYSICIAN, REGISTRAR, SHOULDER, Desk
from tests.support.submissions import a_patient, flags
from tests.support.ward import EXERCISE, GOAL


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_the_referrer_takes_it_back_and_a_coordinator_confirms(desk: Desk) -> None:
    first = await desk.send()
    await desk.accept(first)
    path = f"/referrals/{first['id']}"
    await desk.do(f"{path}/cancellation-requests", COORDINATOR, reason="moved_away", by="patient")
    assert "CANCEL_CONFIRM" in desk.items()
    await desk.do(f"{path}/cancellation", COORDINATOR)
    assert desk.last("withdrawn").fact == {
        "type": "referral.withdrawn.v1",
        "by": "patient",
        "reason": "moved_away",
        "confirmed_by": desk.clinic.staff(COORDINATOR),
    }
    assert desk.items() <= {"NO_CHANNEL"}
    assert desk.last("waitlist_left").fact["reason"] == "withdrawn"
    told = {fact.fact.get("template") for fact in desk.clinic.facts("notifications")}
    assert {"REF_DECLINED", "REF_DECLINED_PT"} <= told


async def test_what_one_referral_ends_touches_the_other_never(desk: Desk) -> None:
    first, second = await desk.send(), await desk.send("R-2", **SHOULDER)
    await desk.accept(first)
    await desk.accept(second)
    before = {row for row in desk.clinic.open() if "BOOK_VISIT" in row}
    assert len([row for row in desk.clinic.open() if "BOOK_VISIT" in row]) == 2
    await desk.do(f"/referrals/{first['id']}/entered-in-error", REGISTRAR, reason="entered_twice")
    assert before and len([row for row in desk.clinic.open() if "BOOK_VISIT" in row]) == 1
    assert (await desk.read(f"/referrals/{second['id']}"))["status"] == "waitlisted"


async def test_a_death_ends_all_of_it_for_good(desk: Desk) -> None:
    first = await desk.send(red_flag_screen=flags(infection="yes"))
    second = await desk.send("R-2", **SHOULDER)
    await desk.accept(second)
    patient = first["patient_id"]
    assert "RED_FLAG" in desk.items()
    await desk.do(f"/patients/{patient}/death", NURSE, source="family", died_on="2027-01-10")
    assert not desk.items()
    states = {(await desk.read(f"/referrals/{each['id']}"))["status"] for each in (first, second)}
    assert states == {"cancelled", "completed"}
    await desk.clinic.news()
    await desk.clinic.at("2027-02-11 09:00")
    told = [fact.fact for fact in await desk.clinic.news() if fact.name == "message_sent"]
    assert not [fact for fact in told if fact["template"].endswith("_PT")]


async def test_an_amendment_after_acceptance_is_somebody_s_work_until_it_was_looked_at(desk: Desk) -> None:
    first = await desk.send()
    await desk.accept(first)
    await desk.send(red_flag_screen=flags(malignancy="yes"))
    assert {"REF_AMENDED", "RED_FLAG"} <= desk.items()
    await desk.do(f"/referrals/{first['id']}/amendment-review", NURSE)
    assert "REF_AMENDED" not in desk.items()


async def test_each_loss_after_going_on_without_is_asked_for_again(desk: Desk) -> None:
    first = await desk.send(without=("function",))
    path = f"/referrals/{first['id']}"
    await desk.do(f"{path}/information-requests", COORDINATOR)
    await desk.do(f"{path}/continuations", PHYSICIAN, reason="enough is known")
    await desk.send(without=("function", "medications", "consent_to_referral"))
    assert desk.last("found_incomplete").fact["missing"] == ["medications", "consent_to_referral"]
    with pytest.raises(AssertionError, match="incomplete"):
        await desk.accept(first)


async def test_work_is_shown_under_the_surviving_patient_and_keeps_its_claimant(desk: Desk) -> None:
    first = await desk.send()
    second = await desk.send("R-2", patient=a_patient("P-2"), **SHOULDER)
    one, other = first["patient_id"], second["patient_id"]
    rows = [row for row in desk.rows() if row["patient_id"] == other]
    triage = next(row for row in rows if row["item_type"] == "REF_TRIAGE")
    claim, seen = f"/items/{triage['item_id']}/claim", {"if-match": f'"{triage["version"]}"'}
    await desk.clinic.ask("POST", "worklist", claim, NURSE, headers=seen)
    await desk.do(f"/patients/{one}/merge", REGISTRAR, merged_id=other)
    shown = {row["item_id"]: row for row in desk.rows()}
    assert {row["patient_id"] for row in shown.values()} == {one}
    assert shown[triage["item_id"]]["claimed_by"] == desk.clinic.staff(NURSE)
    await desk.do(f"/patients/{one}/merge-undo", REGISTRAR, restored_id=other)
    assert {row["item_id"] for row in desk.rows() if row["patient_id"] == other} == {
        row["item_id"] for row in rows
    }


async def test_work_that_comes_after_a_merge_is_shown_under_the_survivor_until_it_is_undone(
    desk: Desk,
) -> None:
    first, second = await desk.send(), await desk.send("R-2", patient=a_patient("P-2"), **SHOULDER)
    one, other = first["patient_id"], second["patient_id"]
    await desk.do(f"/patients/{one}/merge", REGISTRAR, merged_id=other)
    for referral in (first, second):
        await desk.do(f"/referrals/{referral['id']}/red-flags", NURSE, flag="fracture")
    assert {row["patient_id"] for row in desk.rows() if row["item_type"] == "RED_FLAG"} == {one}
    await desk.do(f"/patients/{one}/merge-undo", REGISTRAR, restored_id=other)
    await desk.do(f"/referrals/{second['id']}/red-flags", NURSE, flag="infection")
    flags_of = [
        (row["patient_id"], row["referral_id"]) for row in desk.rows() if row["item_type"] == "RED_FLAG"
    ]
    assert set(flags_of) == {(one, first["id"]), (other, second["id"])} and len(flags_of) == 3


async def test_one_person_two_referrals(desk: Desk) -> None:
    """What is about one referral touches the other never; what is about the person holds for both."""
    first, second = await desk.send(), await desk.send("R-2", **SHOULDER)
    steps: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("red-flags", NURSE, {"flag": "fracture"}),
        ("triage-requests", NURSE, {}),
        ("cancellation-requests", COORDINATOR, {"reason": "other", "by": "referrer"}),
        ("cancellation", COORDINATOR, {}),
    )
    before = await desk.read(f"/referrals/{second['id']}")
    work = [row for row in desk.rows() if row["referral_id"] == second["id"]]
    for path, who, body in steps:
        await desk.do(f"/referrals/{first['id']}/{path}", who, **body)
        assert await desk.read(f"/referrals/{second['id']}") == before
        assert [row for row in desk.rows() if row["referral_id"] == second["id"]] == work
    await desk.do(f"/patients/{first['patient_id']}/death", NURSE, source="hospital")
    assert (await desk.read(f"/referrals/{second['id']}"))["status"] == "cancelled"
    assert not [row for row in desk.rows() if row["patient_id"] == first["patient_id"]]


async def test_for_who_has_died_a_late_fact_opens_nothing_but_letters(desk: Desk) -> None:
    first = await desk.send()
    await desk.do(f"/patients/{first['patient_id']}/death", NURSE, source="family")
    await desk.do(f"/referrals/{first['id']}/red-flags", NURSE, flag="fracture")
    assert not desk.items() & SUPPRESSED, desk.items()


SUPPRESSED = SAFETY | CLEANED_UP


async def test_a_discharge_because_of_death_ends_every_plan_and_all_that_is_planned(desk: Desk) -> None:
    """From `patient_discharged` with `DIED` to `patient_deceased`, and back to the plan of the other referral."""
    plans = []
    for referral in (await desk.send(), await desk.send("R-2", **SHOULDER)):
        await desk.accept(referral)
        plan = {"goals": [GOAL], "activities": [EXERCISE], "referral_id": referral["id"]}
        made = await care(desk, "/plans", patient_id=referral["patient_id"], **plan)
        await care(desk, f"/plans/{made['plan_id']}/activate", patient_agreement=True)
        plans.append(made["plan_id"])
    await care(desk, f"/plans/{plans[0]}/discharge", reason="DIED")
    assert desk.last("patient_deceased").fact["source"] == "discharge"
    assert desk.names().count("patient_deceased") == 1
    ended = [fact for fact in desk.clinic.facts("care_plan") if fact.name == "patient_discharged"]
    assert {(fact.fact["plan_id"], fact.fact["reason"]) for fact in ended} == {
        (each, "DIED") for each in plans
    }
    assert len(ended) == 2
    assert not desk.items() & SUPPRESSED


async def care(desk: Desk, path: str, **body: Any) -> Any:
    return await desk.clinic.ask("POST", "care_plan", path, PHYSICIAN, json=body)
