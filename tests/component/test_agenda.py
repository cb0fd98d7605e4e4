"""What a meeting of the team looks at: cases that rules and people put forward, and what earlier meetings asked for."""

from typing import Any

from tests.support.ward import COORDINATOR, HERS, PHYSIOTHERAPIST, Ward

LATE = "2027-03-01"


async def test_an_action_of_an_earlier_meeting_stays_on_the_agenda_until_it_is_done() -> None:
    ward = await Ward().open()
    team = await ward.in_session()
    action = {"owner_queue": "medical", "due_on": LATE, "text": "Ask her surgeon."}
    there = [ward.clinic.staff(who) for who in ("paul.okafor", "fay.dunn", "priya.nair", "cora.lind")]
    said: dict[str, Any] = {"decision": "programme", "summary": "A programme.", "meeting_id": team["meeting"]}
    await ward.asks(f"/mdt/cases/{team['case']}/decide", **said, attendees=there, actions=[action])
    await ward.clinic.at("2027-02-25 14:00")
    await ward.asks(f"/mdt/meetings/{team['meeting']}/close")
    assert ward.last("mdt_meeting_closed").fact["quorum_met"] is True

    question = "Is surgery still open to her?"
    asked = await ward.asks("/mdt/cases", PHYSIOTHERAPIST, **HERS, question=question)
    assert asked == {"case_id": team["case"]}
    told = ward.last("mdt_case_requested").fact
    assert told["reason"] == "clinical_question"
    assert told["requested_by"] == ward.clinic.staff(PHYSIOTHERAPIST)
    made = await ward.asks("/mdt/meetings", COORDINATOR, start="2027-03-04T18:00:00Z")
    listing = {"meeting_id": made["meeting_id"], "prep_queues": ["medical"]}
    await ward.asks(f"/mdt/cases/{team['case']}/list", COORDINATOR, **listing)
    await ward.clinic.at("2027-03-04 12:00")

    agenda = (await ward.reads(f"/mdt/meetings/{made['meeting_id']}/agenda")).json()
    [case], [left] = agenda["cases"], agenda["actions"]
    assert (case["reasons"], case["open_actions"]) == (["clinical_question"], 1)
    assert [each["ref"] for each in case["questions"]] == [told["question_ref"]]
    assert (left["due_on"], left["overdue"], left["patient_id"]) == (LATE, True, HERS["patient_id"])
    await ward.asks(f"/mdt/actions/{left['action_id']}/complete")
    agenda = (await ward.reads(f"/mdt/meetings/{made['meeting_id']}/agenda")).json()
    assert (agenda["actions"], agenda["cases"][0]["open_actions"]) == ([], 0)


async def test_a_meeting_that_nobody_opened_is_refused_its_end() -> None:
    ward = await Ward().open()
    made = await ward.asks("/mdt/meetings", COORDINATOR, start="2027-02-25T18:30:00Z")
    await ward.clinic.at("2027-02-25 14:00")
    assert await ward.refuses(f"/mdt/meetings/{made['meeting_id']}/close") == "refused"


async def test_worse_pain_than_at_the_baseline_goes_before_the_team() -> None:
    ward = await Ward().open()
    for occasion, answers in (("baseline", [5, 5, 5]), ("review", [6, 6, 6])):
        asked: dict[str, Any] = {"occasion": occasion, "instruments": ["peg"], "due_on": "2027-03-10"}
        request = (await ward.asks("/measure-requests", **asked, **HERS))["request_id"]
        await ward.asks(f"/measure-requests/{request}/answers", answers={"peg": answers})
        await ward.clinic.at("2027-02-26 09:00")
    case = ward.last("mdt_case_requested")
    assert case.fact["reason"] == "OUT-04" and "OUT-04@1" in case.rules
