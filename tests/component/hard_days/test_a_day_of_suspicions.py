"""A hard day of suspicions: item 9 of a patient with two referrals, a visit that she misses, a text of somebody who
gives up, flags over Kafka, a screen that is missing, an emergency at triage, another name, an owner who goes home."""

import msgspec
import pytest

from tests.support.front_desk import SHOULDER
from tests.support.hard_days import (
    CORA,
    EDITH,
    INES,
    LEAVING,
    MAYA,
    MINA,
    NURSE,
    PAUL,
    PRIYA,
    HardDay,
)
from tests.support.submissions import SPINE_CENTRE, a_patient, a_submission, flags

pytestmark = pytest.mark.wide


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
    await day.does("care_plan", f"/plans/{plan}/review", PAUL, result="discharge")
    leave = {"reason": "MOVED", **LEAVING}
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
