"""A hard day: a Monday after a weekend with a clock change, alerts at night that were answered and left, two clinicians
ill, their visits cancelled, a joint day that loses a discipline, a waiting list to fill."""

from typing import Any

import pytest

from tests.support.hard_days import (
    CORA,
    EDITH,
    FAY,
    MAYA,
    MINA,
    OMAR,
    PAUL,
    PRIYA,
    HardDay,
)
from tests.support.submissions import flags

pytestmark = pytest.mark.wide
DISCIPLINES = (
    ("physiotherapy", FAY, "09:00"),
    ("psychology", PRIYA, "10:30"),
    ("occupational_therapy", OMAR, "13:00"),
)
MONDAY = "2027-03-15"


async def a_joint_day(day: HardDay, name: str) -> list[dict[str, Any]]:
    visit = await day.books(name, "2027-03-03 09:00")
    await day.at("2027-03-03 08:50")
    await day.sees(visit)
    orders = [{"discipline": d, "kind": "assessment", "assessment": True} for d, _, _ in DISCIPLINES]
    plan = await day.plans(name, *orders)
    legs = []
    for activity, (_, who, when) in zip(plan["activity_ids"], DISCIPLINES, strict=True):
        await day.does("care_plan", f"/activities/{activity}/accept", who)
        asked = day.last("booking_requested").subject
        legs.append({"booking_request_id": asked, "slot": day.slot(who, f"{MONDAY} {when}")})
    whose = {"patient_id": day.patient[name], "referral_id": day.referral[name]}
    await day.does("scheduling", "/joint-days", CORA, mode="phone", hold=False, legs=legs, **whose)
    return list(day.last("joint_day_booked").fact["legs"])


async def test_a_monday_after_a_long_weekend() -> None:
    day = HardDay("2027-03-01 08:00")
    for name, category in (
        ("Ana", "cat_2"),
        ("Ben", "cat_1"),
        ("Dee", "cat_2"),
        ("Eve", "cat_3"),
        ("Jon", "cat_2"),
    ):
        await day.refers(name)
        await day.triages(name, category)
    visits = {
        name: await day.books(name, f"{MONDAY} {when}", login=login)
        for name, when, login in (
            ("Ana", "09:00", PAUL),
            ("Ben", "10:30", PAUL),
            ("Dee", "09:00", MAYA),
            ("Eve", "10:30", MAYA),
        )
    }
    legs = await a_joint_day(day, "Jon")

    # Saturday 22:00, item 9: the physician on call is paged and acknowledges, and then does nothing (OUT-01)
    await day.at("2027-03-13 22:00")
    await day.called()
    asked = next(f for f in day.facts_of("measure_requested") if day.owner(f.id) == day.patient["Ana"])
    path = f"/measure-requests/{asked.subject}/answers"
    told = await day.does("care_plan", path, "Ana", answers={"phq9": [1] * 9})
    assert told["crisis"]["call_now"]
    assert await day.called() == [EDITH]
    await day.answer_page(EDITH)
    await day.at("2027-03-14 00:00")
    assert await day.called() == [EDITH, MINA], "two hours without an assessment"
    await day.answer_page(EDITH)
    alert = day.last("safety_alert_raised").subject
    found = {"result": "safety_plan", "tool": "C-SSRS", "note": "called at night"}
    await day.does("care_plan", f"/safety-alerts/{alert}/assess", EDITH, **found)

    # Sunday 01:50, a cauda equina; fifteen minutes later the clock has jumped to 03:05
    await day.at("2027-03-14 01:50")
    await day.refers("Kit", red_flag_screen=flags(cauda_equina_neuro="yes"))
    assert await day.called() == [EDITH]
    await day.at("2027-03-14 03:04")
    assert await day.called() == []
    await day.at("2027-03-14 03:05")
    assert await day.called() == [PAUL]
    assert await day.claims("RED_FLAG", PAUL) == 200
    flag = day.last("red_flag_raised").fact["flag_id"]
    resolution = f"/referrals/{day.referral['Kit']}/red-flags/{flag}/resolution"
    await day.does(
        "referral", resolution, PAUL, result="emergency_care", note="sent to the emergency department"
    )

    # Sunday 10:00 by the new clock: everybody is reminded once, the joint day too (NOT-15)
    await day.at(f"{MONDAY} 07:59")
    for name in ("Ana", "Ben", "Dee", "Eve", "Jon"):
        assert day.told(name)[-1] == "03-14 10:00 APPT_D1 sent", name
    assert "REF_TRIAGE" in " ".join(day.work("Kit")) and not day.rows("RED_FLAG")
    assert [row["detail"] for row in day.rows("SAFETY_ALERT")] == ["suicide_risk"], "assessed is not closed"

    # Two clinicians are ill: the clinic cancels, which counts against nobody and moves no clock (ATT-10)
    await day.at(f"{MONDAY} 08:00")
    for name, visit in visits.items():
        await day.does(
            "scheduling", f"/appointments/{visit}/cancel", CORA, by="clinic", reason="staff_absent"
        )
        cancelled = day.last("appointment_cancelled").fact
        assert (cancelled["counts"], cancelled["cna_count"]) == (False, 0)
        assert day.told(name)[-1] == "03-15 08:00 APPT_CANCELLED sent", "a change of today is never capped"
        assert (await day.status(name)) == "waitlisted"
    assert not day.facts_of("target_changed")
    urgency = {day.named(row): row["priority"] for row in day.rows("BOOK_VISIT") if day.named(row) in visits}
    assert urgency == {"Ana": "routine", "Ben": "urgent", "Dee": "routine", "Eve": "routine"}

    # The joint day loses physiotherapy: one thing to mend, and the patient hears of that part
    lost = legs[0]["appointment_id"]
    await day.does("scheduling", f"/appointments/{lost}/cancel", CORA, by="clinic", reason="staff_absent")
    assert "coordination JOINT_DAY_BROKEN urgent 03-15 10:30 physiotherapy" in day.work("Jon")
    joint = day.last("joint_day_broken").fact["joint_day_id"]
    await day.does("scheduling", f"/joint-days/{joint}/keep", CORA)
    assert not day.rows("JOINT_DAY_BROKEN")

    # The waiting list is filled in the order of urgency, at short notice that each of them accepts
    for name, when in (("Ben", "09:00"), ("Ana", "10:30")):
        await day.books(name, f"2027-03-17 {when}", login=MAYA)
        assert (await day.status(name)) == "scheduled"
    await day.does("care_plan", f"/safety-alerts/{alert}/close", PRIYA)
    assert not day.rows("SAFETY_ALERT", "RED_FLAG", "ESCALATION_EXHAUSTED")
    await day.ends()
