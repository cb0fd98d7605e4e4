"""Two hard days: a Monday after a long weekend with a clock change, and a day of suspicions. What a good clinic expects
stands in the assertions; each day ends with nothing parked."""

from typing import Any

import msgspec
import pytest

from tests.support.front_desk import SHOULDER
from tests.support.hard_days import (
    CORA,
    EDITH,
    FAY,
    INES,
    LEAVING,
    MAYA,
    MINA,
    NURSE,
    OMAR,
    PAUL,
    PRIYA,
    HardDay,
)
from tests.support.submissions import SPINE_CENTRE, a_patient, a_submission, flags

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
    assert "coordination JOINT_DAY_BROKEN urgent 03-16 17:00 physiotherapy" in day.work("Jon")
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


async def test_a_day_of_suspicions() -> None:
    day = HardDay("2027-02-01 08:00")
    for name, said in (("Bea", {}), ("Ben", {}), ("Bea 2", SHOULDER)):
        await day.refers(name, **said)
        await day.triages(name)
    first = await day.books("Bea", "2027-02-08 09:00")
    second = await day.books("Bea 2", "2027-02-09 10:30", login=MAYA)
    await day.at("2027-02-08 08:50")
    await day.sees(first)
    await day.at("2027-02-09 09:00")
    await day.called()

    # Item 9 in an answer of a patient with two referrals: it is the person's (OUT-01)
    assert (await day.answers("Bea", phq9=[0] * 8 + [1]))["crisis"]["call_now"]
    assert await day.called() == [PRIYA]
    assert await day.claims("SAFETY_ALERT", PRIYA) == 200
    assert "psychology SAFETY_ALERT stat 02-09 17:00 suicide_risk" in day.work("Bea")

    # and she does not come to the visit of the other one: exempt, called the same day (ATT-08, SCH-06)
    await day.at("2027-02-09 10:50")
    await day.does("scheduling", f"/appointments/{second}/did-not-attend", INES)
    missed = day.last("patient_did_not_attend").fact
    assert (missed["counts"], missed["exemptions"], missed["dna_count"]) == (
        False,
        ["mental_health_crisis"],
        0,
    )
    assert "nursing SAFETY_ALERT stat 02-09 17:00 dna_high_risk" in day.work("Bea 2")
    assert await day.called() == [NURSE]
    assert await day.claims("SAFETY_ALERT", NURSE, detail="dna_high_risk") == 200
    case = f"/attendance-cases/{day.last('attendance_review_requested').fact['case_id']}/review"
    assert await day.refused("scheduling", case, PAUL, decision="discharge") == "open-safety-alert"
    plan = (await day.plans("Bea 2"))["plan_id"]
    assert day.last("plan_activated").fact["high_risk"]
    await day.does("care_plan", f"/plans/{plan}/review", PAUL, result="discharge", checklist=LEAVING)
    leave = {"reason": "MOVED", "checklist": LEAVING}
    assert await day.refused("care_plan", f"/plans/{plan}/discharge", PAUL, **leave) == "open-safety-alert"
    welfare = day.last("safety_alert_raised").subject
    reached = {"result": "no_imminent_risk", "tool": "CLINICAL", "note": "missed the bus"}
    await day.does("care_plan", f"/safety-alerts/{welfare}/assess", NURSE, **reached)
    await day.does("care_plan", f"/safety-alerts/{welfare}/close", NURSE)

    # A text of somebody who gives up is a nurse's at once (notifications.md, replies)
    await day.at("2027-02-09 11:00")
    await day.texts("Ben", "I can't go on")
    assert await day.called() == [NURSE]
    assert [day.named(row) for row in day.rows("CRISIS_CALL")] == ["Ben"] and not day.rows("REPLY_READ")
    message = day.rows("CRISIS_CALL")[0]["subject_id"]
    shown = await day.reads("notifications", f"/messages/{message}/replies", NURSE)
    assert shown["replies"][0]["text"] == "I can't go on"
    await day.does("notifications", f"/messages/{message}/contact", NURSE, result="left_message")
    assert day.rows("CRISIS_CALL"), "a message on a machine is not a conversation"
    await day.does("notifications", f"/messages/{message}/contact", NURSE, result="reached")
    assert not day.rows("CRISIS_CALL")

    # Over Kafka: a flag, a referral without its screen, one with an unclear answer (REF-02, REF-03)
    for name, said in (
        ("Cy", {"red_flag_screen": flags(malignancy="yes")}),
        ("Ed", {"without": ("red_flag_screen",)}),
        ("Gi", {"red_flag_screen": flags(cauda_equina_neuro="unknown")}),
    ):
        await day.sends_over_kafka(name, **said)
    assert "medical RED_FLAG asap 02-10 17:00 malignancy" in day.work("Cy")
    assert await day.called() == [MAYA]
    assert "nursing REF_CALL_REFERRER urgent 02-10 17:00" in day.work("Ed"), "no screen is not a good one"
    assert "nursing REF_CALL_REFERRER urgent 02-10 17:00 cauda_equina_neuro" in day.work("Gi")

    # The nurse calls and hears of numbness: an emergency, and triage stops
    await day.at("2027-02-09 13:00")
    gi = f"/referrals/{day.referral['Gi']}"
    await day.does("referral", f"{gi}/red-flags", NURSE, flag="cauda_equina_neuro", source="call")
    assert await day.called() == [MAYA, PAUL]
    assert await day.refused_triage("Gi") == "red-flag-open"
    assert await day.claims("RED_FLAG", MAYA, "Gi") == 200
    flag = day.last("red_flag_raised").fact["flag_id"]
    await day.does(
        "referral", f"{gi}/red-flags/{flag}/resolution", MAYA, result="emergency_care", note="sent"
    )
    assert not [row for row in day.rows("REF_CALL_REFERRER") if day.named(row) == "Gi"]

    # The same number under another name: nobody's record changes, the flag is heard, a person decides
    await day.at("2027-02-09 14:00")
    stranger = a_patient("Ben") | {"family_name": "Other", "birth_date": "1980-01-01"}
    sent = a_submission("B-9", patient=stranger, red_flag_screen=flags(suicide_mental_health="yes"))
    sent["referrer"]["organisation_id"] = SPINE_CENTRE
    made = await day.ask("POST", "referral", "/referrals", "spine centre", json=sent)
    day.keep("Ben 2", made["id"], day.patient["Ben"])
    assert {"psychology RED_FLAG stat 02-09 17:00 suicide_mental_health"} <= set(day.work("Ben 2"))
    assert [day.named(row) for row in day.rows("REF_DUPLICATE_CHECK")] == ["Ben 2"]
    known = await day.reads("referral", f"/patients/{day.patient['Ben']}/contact", CORA)
    assert known["identity"]["family_name"] == "Ben"
    assert await day.called() == [PRIYA]
    other = {"other_referral_id": day.referral["Ben"]}
    while day.rows("REF_DUPLICATE_CHECK"):
        await day.does("referral", f"/referrals/{made['id']}/duplicate-dismissal", CORA, **other)

    # Who took up the first alert goes home without an assessment: at the end of the day others are called
    await day.at("2027-02-09 16:59")
    assert EDITH in await day.called(), "the flag under the other name was answered by nobody"
    await day.at("2027-02-09 17:00")
    assert {PAUL, MINA} <= set(await day.called())
    await day.answer_page(PAUL)
    assert msgspec.to_builtins(day.last("escalation_acknowledged").fact["via"]) == "page"
    await day.ends()
