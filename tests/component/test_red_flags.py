"""Each sign of the screen, from what its sender says to whose work it is, by when, and who is called: whatever becomes
of the referral, a named clinician assesses it, and nobody else takes it back."""

from datetime import datetime
from typing import Any

import pytest

from tests.support.desk import shipped_rules
from tests.support.front_desk import COORDINATOR, NURSE, OTHER, PHYSICIAN, REGISTRAR, Desk
from tests.support.hard_days import HardDay
from tests.support.submissions import NO_FLAGS, OXYCODONE, flags

TRIAGE = {"category": "cat_2", "comment": "as proposed"}
LITTLE = {**OXYCODONE, "dose": "5"}
REJECTED = {
    "code": "UNDER_OTHER_PAIN_SERVICE",
    "text": "Cared for elsewhere.",
    "advice": "Please stay with them.",
}


@pytest.fixture
def desk() -> Desk:
    return Desk()


def work(desk: Desk, *types: str) -> list[str]:
    """Open work of these types, as `queue TYPE due`."""
    return [row for row in sorted(desk.clinic.open()) if row.split()[1] in types]


NOW, TODAY = "stat emergency 01-11 10:00 ack 09:15", "stat same_day 01-11 17:00 ack 09:30"
SOON = "asap urgent 01-12 17:00 ack 13:00"
EXPECTED = {
    "cauda_equina_neuro": f"medical {NOW}",
    "vascular": f"medical {NOW}",
    "acute_no_diagnosis": f"medical {TODAY}",
    "suicide_mental_health": f"psychology {TODAY}",
    "opioid_overdose": f"medical {TODAY}",
    "malignancy": f"medical {SOON}",
    "infection": f"medical {SOON}",
    "fracture": f"medical {SOON}",
    "inflammatory": f"medical {SOON}",
}
"""At 09:00 on a Monday: the queue and priority, the severity with which somebody is called, when it is due and must be
acknowledged."""


def local(instant: str) -> str:
    return f"{shipped_rules().calendar.local(datetime.fromisoformat(instant)):%m-%d %H:%M}"


def seen(desk: Desk) -> dict[str, str]:
    """Each flag as its queue and whoever is called see it."""
    called = {
        fact.fact["subject_id"]: fact.fact
        for fact in desk.clinic.facts("notifications")
        if fact.name == "escalation_raised"
    }
    found = {}
    for row in desk.rows():
        if row["item_type"] == "RED_FLAG":
            call, acknowledged = called[row["subject_id"]], local(row["ack_due_at"])
            assert local(call["ack_due_at"]) == acknowledged and call["level"] == 1
            what = f"{row['queue']} {row['priority']} {call['severity']} {local(row['due_at'])}"
            found[row["detail"]] = f"{what} ack {acknowledged.split()[1]}"
    return found


async def test_each_of_many_signs_at_once_is_somebody_s_work_in_its_time_and_calls_them(desk: Desk) -> None:
    """What is missing delays none of them."""
    await desk.send(red_flag_screen=dict.fromkeys(NO_FLAGS, "yes"), without=("function",))
    assert seen(desk) == EXPECTED
    assert work(desk, "REF_COMPLETE")


@pytest.mark.parametrize("flag", EXPECTED)
async def test_each_sign_of_an_amendment_is_raised_whatever_became_of_the_referral(
    desk: Desk, flag: str
) -> None:
    sent = await desk.send()
    await desk.do(f"/referrals/{sent['id']}/reject", NURSE, **REJECTED)
    await desk.send(red_flag_screen=flags(**{flag: "yes"}))
    assert seen(desk) == {flag: EXPECTED[flag]}
    await desk.send()
    assert seen(desk) == {flag: EXPECTED[flag]}, "no sender takes it back"
    await desk.do(f"/referrals/{sent['id']}/red-flags", NURSE, flag=flag)
    assert len(work(desk, "RED_FLAG")) == 1
    raised = desk.last("red_flag_raised").fact["flag_id"]
    path = f"/referrals/{sent['id']}/red-flags/{raised}/resolution"
    assert await desk.refuses(path, COORDINATOR, result="not_present") == "not-permitted"
    await desk.do(path, PHYSICIAN, result="assessed_continue")
    assert not work(desk, "RED_FLAG") and desk.last("escalation_resolved").fact["subject_id"] == raised


async def link(desk: Desk, duplicate: Any, kept: Any) -> None:
    await desk.do(f"/referrals/{duplicate['id']}/duplicate-link", COORDINATOR, kept_id=kept["id"])


async def unclear(desk: Desk, referral: Any) -> list[str]:
    shown = await desk.read(f"/referrals/{referral['id']}", NURSE)
    return [each["flag"] for each in shown["unclear_flags"]]


async def test_what_nobody_could_answer_about_a_duplicate_is_asked_of_the_one_that_is_kept(
    desk: Desk,
) -> None:
    kept = await desk.send(red_flag_screen=flags(infection="unknown"))
    duplicate = await desk.send("R-2", referrer=OTHER, red_flag_screen=flags(vascular="unknown"))
    await link(desk, duplicate, kept)
    assert await unclear(desk, kept) == ["infection", "vascular"]
    assert work(desk, "REF_CALL_REFERRER") == ["nursing REF_CALL_REFERRER 01-12 17:00"]
    for each in (await desk.read(f"/referrals/{kept['id']}", NURSE))["unclear_flags"]:
        assert work(desk, "REF_CALL_REFERRER"), "until nothing is unclear"
        path = f"/referrals/{kept['id']}/red-flags/{each['flag_id']}/resolution"
        await desk.do(path, NURSE, result="not_present")
    assert not work(desk, "REF_CALL_REFERRER")


async def test_what_is_known_of_the_one_that_is_kept_is_not_asked_once_more(desk: Desk) -> None:
    kept = await desk.send(red_flag_screen=flags(infection="yes"))
    duplicate = await desk.send("R-2", red_flag_screen=flags(infection="unknown"))
    await link(desk, duplicate, kept)
    assert not await unclear(desk, kept) and not work(desk, "REF_CALL_REFERRER")
    assert work(desk, "RED_FLAG") == ["medical RED_FLAG 01-12 17:00"], "it is there"


async def test_what_nobody_could_answer_is_asked_of_the_referral_that_goes_on_too(desk: Desk) -> None:
    """Also what its own sender denies, and a duplicate left open."""
    before = await desk.send()
    await link(desk, await desk.send("R-2", red_flag_screen=flags(vascular="unknown")), before)
    await desk.clinic.at("2027-01-12 09:00")
    await desk.do(f"/referrals/{before['id']}/entered-in-error", REGISTRAR, reason="test_data")
    assert not work(desk, "REF_CALL_REFERRER")
    path = f"/referrals/{before['id']}/reopening"
    after = await desk.do(path, COORDINATOR, reason="It was another one that was meant.")
    assert await unclear(desk, after) == ["vascular"]
    assert work(desk, "REF_CALL_REFERRER") == ["nursing REF_CALL_REFERRER 01-13 17:00"]


async def test_an_open_emergency_of_the_referral_before_stops_the_triage_of_what_goes_on(desk: Desk) -> None:
    before = await desk.send()
    path = f"/referrals/{before['id']}"
    await desk.do(f"{path}/red-flags", NURSE, flag="vascular")
    flag = desk.last("red_flag_raised").fact["flag_id"]
    await desk.do(f"{path}/cancellation-requests", COORDINATOR, reason="moved_away", by="patient")
    await desk.do(f"{path}/cancellation", COORDINATOR)
    after = await desk.do(f"{path}/reopening", COORDINATOR, reason="She did not want it to end.")
    triage = f"/referrals/{after['id']}/triage"
    seen = {"if-match": f'"{after["version"]}"'}
    refused = await desk.clinic.request("POST", "referral", triage, NURSE, json=TRIAGE, headers=seen)
    assert refused.json()["type"] == "urn:huddle:problem:red-flag-open"
    await desk.do(f"{path}/red-flags/{flag}/resolution", PHYSICIAN, result="emergency_care")
    await desk.clinic.ask("POST", "referral", triage, NURSE, json=TRIAGE, headers=seen)


@pytest.mark.parametrize("result", ["assessed_continue", "not_present"])
async def test_whoever_takes_an_opioid_and_had_an_overdose_is_offered_naloxone(
    desk: Desk, result: str
) -> None:
    """OPI-04, however low the dose; unless a clinician found that there was none."""
    screen = flags(opioid_overdose="yes")
    sent = await desk.send(red_flag_screen=screen, overdose_is_past=True, medications=[LITTLE])
    flag = desk.last("red_flag_raised").fact["flag_id"]
    await desk.do(f"/referrals/{sent['id']}/red-flags/{flag}/resolution", PHYSICIAN, result=result)
    await desk.accept(sent)
    offered = [row for row in desk.rows() if row["item_type"] == "OPI_CHECK"]
    assert [row["detail"] for row in offered] == (["naloxone_offer"] if result != "not_present" else [])


@pytest.mark.parametrize(("flag", "called"), [("suicide_mental_health", True), ("infection", False)])
async def test_who_was_thought_to_be_in_danger_and_misses_a_visit_is_called_that_day(
    flag: str, called: bool
) -> None:
    """ATT-07 and ATT-08, also where nobody has asked PHQ-9 yet."""
    day = HardDay("2027-02-01 09:00")
    await day.refers("Ana", red_flag_screen=flags(**{flag: "yes"}))
    path = (
        f"/referrals/{day.referral['Ana']}/red-flags/{day.last('red_flag_raised').fact['flag_id']}/resolution"
    )
    await day.does("referral", path, PHYSICIAN, result="assessed_continue")
    await day.triages("Ana")
    visit = await day.books("Ana", "2027-02-16 09:00")
    await day.at("2027-02-16 09:20")
    await day.does("scheduling", f"/appointments/{visit}/did-not-attend", COORDINATOR, reason="UNKNOWN")
    exempt = day.last("patient_did_not_attend").fact["exemptions"]
    assert ("mental_health_crisis" in exempt, "SAFETY_ALERT" in " ".join(day.work("Ana"))) == (called, called)
