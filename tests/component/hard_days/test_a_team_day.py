"""A hard day of the team: quorum lost, dissent, decisions that become work, work declined, a plan that two change at
once, people who left, reviews overdue, a discharge that must wait, a referral within the year."""

from typing import Any

import pytest

from tests.support.hard_days import (
    CORA,
    FAY,
    LEAVING,
    LETTER,
    MAYA,
    PAUL,
    PRIYA,
    HardDay,
)

pytestmark = pytest.mark.wide
EXERCISE: dict[str, Any] = {"discipline": "physiotherapy", "kind": "graded_exercise", "sessions": 2}
CBT: dict[str, Any] = {"discipline": "psychology", "kind": "cbt_cp", "sessions": 2}


async def test_a_team_day() -> None:
    day = HardDay("2027-02-01 08:00")
    plans, cases = {}, {}
    for name, when in (("Abe", "02 09:00"), ("Bob", "02 10:30"), ("Cle", "03 09:00"), ("Dot", "03 10:30")):
        await day.refers(name)
        await day.triages(name)
        visit = await day.books(name, f"2027-02-{when}")
        await day.at(f"2027-02-{when}")
        await day.sees(visit)
        cases[name] = f"/mdt/cases/{day.last('mdt_case_requested').subject}"
        if name != "Dot":
            plans[name] = await day.plans(name, EXERCISE, CBT, active=name != "Abe")
    await day.at("2027-02-04 09:00")
    made = await day.does("care_plan", "/mdt/meetings", CORA, start="2027-02-08T18:00:00Z")
    meeting = f"/mdt/meetings/{made['meeting_id']}"
    prepare = {**made, "prep_queues": ["medical", "physiotherapy", "psychology"]}
    for case in cases.values():
        await day.does(
            "care_plan",
            f"{case}/list",
            CORA,
            meeting_id=made["meeting_id"],
            prep_queues=prepare["prep_queues"],
        )
    assert len(day.rows("MDT_PREP")) == 12 and not day.rows("MDT_LIST")

    # A therapist declines: the plan's lead decides anew, and the work is nobody's twice
    declined = plans["Bob"]["activity_ids"][0]
    await day.does("care_plan", f"/activities/{declined}/decline", FAY, reason="no_capacity")
    assert "medical ACT_DECLINED urgent 02-08 17:00 no_capacity" in day.work("Bob")
    assert await day.refused("care_plan", f"/activities/{declined}/accept", FAY) == "refused"
    bob = f"/plans/{plans['Bob']['plan_id']}"
    instead = [{**EXERCISE, "kind": "home_programme", "replaces": declined}]
    await day.changes(bob, PAUL, activities_add=instead, reason="at home instead")
    assert not day.rows("ACT_DECLINED")

    # Two disciplines change a plan that both have read: the second is told what the first did
    cle = f"/plans/{plans['Cle']['plan_id']}"
    version = (await day.reads("care_plan", cle, PAUL))["version"]
    pacing: dict[str, Any] = {
        "reason": "pacing",
        "activities_add": [{"discipline": "occupational_therapy", "kind": "pacing"}],
    }
    home: dict[str, Any] = {
        "reason": "home",
        "activities_add": [{"discipline": "physiotherapy", "kind": "home_programme"}],
    }
    await day.changes(cle, PAUL, version, **pacing)
    stale = await day.tries_to_change(cle, FAY, version, **home)
    assert stale.status_code == 412 and "occupational_therapy" in str(stale.json()["difference"])
    await day.changes(cle, FAY, **home)
    assert len((await day.reads("care_plan", f"{cle}/activities", PAUL))["activities"]) == 4

    # The psychologist leaves the meeting: no decision but by the chair's word; dissent is kept; orders follow
    await day.at("2027-02-08 13:00")
    await day.does("care_plan", f"{meeting}/open", PAUL)
    everybody, few = (
        [day.staff(each) for each in (PAUL, FAY, PRIYA, CORA)],
        [day.staff(PAUL), day.staff(CORA)],
    )
    activate = {"owner_queue": "medical", "due_on": "2027-02-09", "text": "activate", "kind": "activate_plan"}
    leo = {
        "owner_queue": "psychology",
        "due_on": "2027-02-10",
        "text": "assess",
        "owner_id": day.staff("leo.marsh"),
    }
    decision = {
        "meeting_id": made["meeting_id"],
        "decision": "programme",
        "summary": "go",
        "actions": [activate, leo],
    }
    decided = dict(decision, attendees=everybody, dissent="would wait")
    assert (
        await day.refused("care_plan", f"{cases['Abe']}/decide", PAUL, **decision, attendees=few)
        == "no-quorum"
    )
    nobodys = dict(decided, actions=[])
    assert await day.refused("care_plan", f"{cases['Abe']}/decide", PAUL, **nobodys) == "no-action", "MDT-02"
    await day.does("care_plan", f"{cases['Abe']}/decide", PAUL, **decided)
    told = day.last("mdt_decision_recorded").fact
    assert (told["quorum_met"], told["dissent"], len(told["actions"])) == (True, True, 2)
    assert day.told("Abe")[-1] == "02-08 13:00 MDT_OUTCOME_PT sent"
    waived = dict(decision, attendees=few, quorum_waived_by=day.staff(PAUL))
    await day.does("care_plan", f"{cases['Cle']}/decide", PAUL, **waived)
    assert day.last("mdt_decision_recorded").fact["quorum_met"] is False
    await day.does("care_plan", f"/plans/{plans['Abe']['plan_id']}/activate", PAUL, patient_agreement=True)
    assert [line.split()[1] for line in day.work("Abe") if "MDT_A" in line] == ["MDT_ACTION"], "Leo's is left"
    assert {line.split()[0] for line in day.work("Abe") if "ACT_ACCEPT" in line} == {
        "physiotherapy",
        "psychology",
    }

    # Leo has left: his action goes to a colleague, who does it. What was not decided is listed again
    action = f"/mdt/actions/{told['actions'][1]['action_id']}"
    await day.does("care_plan", f"{action}/reassign", PAUL, owner_id=day.staff(PRIYA))
    await day.does("care_plan", f"{action}/complete", PRIYA)
    await day.does("care_plan", f"{meeting}/close", PAUL)
    assert sorted(day.named(row) for row in day.rows("MDT_LIST")) == ["Bob", "Dot"] and not day.rows(
        "MDT_PREP"
    )

    # Nobody drafts Dot's plan: somebody is called (CON-01). Nobody reviews Cle's: the team hears of it (MDT-01)
    await day.called()
    await day.at("2027-02-18 09:00")
    assert "PLAN_OVERDUE" in " ".join(day.work("Dot")) and CORA in await day.called()
    await day.at("2027-05-10 09:00")
    assert "coordination MDT_LIST routine 05-11 17:00 MDT-01" in day.work("Cle")
    assert [row["level"] for row in day.rows("PLAN_REVIEW") if day.named(row) == "Cle"] == [2]

    # Who led the plan has left: any physician goes on. Discharge waits for an open alert; a referral within the year is
    # looked at, never turned away
    await day.answers("Cle", phq9=[1] * 9)
    await day.does("care_plan", f"{cle}/review", MAYA, result="discharge")
    await day.does("care_plan", f"{cle}/discharge/letter/sign", MAYA, **LETTER)
    leave = {"reason": "COMPLETED_GOALS", "to": "referrer", **LEAVING}
    assert await day.refused("care_plan", f"{cle}/discharge", MAYA, **leave) == "open-safety-alert"
    alert = f"/safety-alerts/{day.last('safety_alert_raised').subject}"
    await day.does(
        "care_plan", f"{alert}/assess", PRIYA, result="no_imminent_risk", note="spoken", tool="C-SSRS"
    )
    await day.does("care_plan", f"{alert}/close", PRIYA)
    await day.does("care_plan", f"{cle}/discharge", MAYA, **leave)
    assert [line.split()[1] for line in day.work("Cle")] == ["LETTER_SIGN"]
    await day.refers("Cle 2")
    assert day.last("duplicate_suspected").fact["basis"][0] == "seen_recently"
    again = f"/referrals/{day.referral['Cle 2']}/duplicate-dismissal"
    await day.does("referral", again, MAYA, other_referral_id=day.referral["Cle"])
    await day.triages("Cle 2")
    assert await day.status("Cle 2") == "waitlisted"
    await day.ends()
