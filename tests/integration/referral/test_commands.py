"""Referrals over HTTP on PostgreSQL: intake, versions, repeated requests, decisions."""

import httpx

from backbone.engine.verify import differences
from tests.support.memory_system import MemoryWorker
from tests.support.referral_http import (
    A_COORDINATOR,
    A_MANAGER,
    A_NURSE,
    A_PHYSICIAN,
    A_REFERRER,
    by,
    post,
    submit,
)
from tests.support.submissions import a_patient, a_referrer, a_submission, flags
from tests.unit.referral.situations import NURSE


async def test_a_new_referral_is_created_and_sent_again_it_is_known(http: httpx.AsyncClient) -> None:
    first = await submit(http)
    again = await submit(http)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.headers["location"] == f"/referrals/{first.json()['id']}"
    assert first.json()["status"] == "received"
    assert first.json() == again.json()


async def test_changed_content_is_an_amendment(http: httpx.AsyncClient) -> None:
    first = await submit(http)
    amended = await submit(http, mechanism="a fall")
    assert amended.status_code == 200
    assert amended.json()["id"] == first.json()["id"]
    assert amended.json()["version"] > first.json()["version"]


async def test_every_invalid_field_is_named_at_once_without_its_value(http: httpx.AsyncClient) -> None:
    broken = a_submission(red_flag_screen=flags(infection="perhaps"), onset={"months_ago": -1})
    del broken["patient"]["identifier"]
    answer = await http.post("/referrals", json=broken, headers=by(A_REFERRER))
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert {error["pointer"] for error in answer.json()["errors"]} == {
        "/patient/identifier",
        "/answers/red_flag_screen/infection",
        "/answers/onset/months_ago",
    }
    assert "perhaps" not in answer.text
    found = await http.get("/referrals", headers=by(A_NURSE))
    assert found.json()["referrals"] == []


async def test_journey_1_up_to_acceptance(http: httpx.AsyncClient) -> None:
    referral = (await submit(http, without=("function", "psychological"))).json()
    assert referral["missing"] == ["function", "psychological"]
    asked = (await post(http, referral, "information-requests", A_COORDINATOR)).json()
    assert asked["information_request"]["reminder_on"] == "2027-01-18"
    answers = {"answers": {"function": "walks 500 m", "psychological": "low mood"}}
    supplied = (await post(http, asked, "information", A_REFERRER, answers)).json()
    assert (supplied["status"], supplied["missing"]) == ("received", [])
    decision = {"category": "cat_2", "comment": "as proposed", "accept": True}
    accepted = await post(http, supplied, "triage", A_NURSE, decision)
    assert accepted.status_code == 200, accepted.text
    assert accepted.json()["status"] == "accepted"
    assert accepted.json()["target_date"] == "2027-04-04"
    assert accepted.json()["decision"] == {"disposition": "accepted", "decided_by": NURSE.id}


async def test_triage_needs_the_version_that_was_seen(http: httpx.AsyncClient) -> None:
    referral = (await submit(http)).json()
    decision = {"category": "cat_2", "comment": "as proposed"}
    address = f"/referrals/{referral['id']}/triage"
    assert (await http.post(address, json=decision, headers=by(A_NURSE))).status_code == 428
    await submit(http, mechanism="a fall")
    stale = await post(http, referral, "triage", A_NURSE, decision)
    assert (stale.status_code, stale.json()["type"]) == (412, "urn:huddle:problem:stale")
    seen = (await http.get(f"/referrals/{referral['id']}", headers=by(A_NURSE))).json()
    assert (await post(http, seen, "triage", A_NURSE, decision)).status_code == 200


async def test_triage_and_acceptance_in_one_act_succeed_or_fail_together(http: httpx.AsyncClient) -> None:
    referral = (await submit(http, without=("function",))).json()
    decision = {"category": "cat_2", "comment": "urgent enough", "accept": True}
    refused = await post(http, referral, "triage", A_NURSE, decision)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:huddle:problem:incomplete")
    assert "RequestInformation" in refused.json()["instead"]
    seen = (await http.get(f"/referrals/{referral['id']}", headers=by(A_NURSE))).json()
    assert seen["urgency"] is None


async def test_who_may_not_decide_is_told_so(http: httpx.AsyncClient) -> None:
    referral = (await submit(http)).json()
    decision = {"category": "cat_2", "comment": "as proposed"}
    for who in (A_MANAGER, A_COORDINATOR, A_REFERRER):
        assert (await post(http, referral, "triage", who, decision)).status_code == 403


async def test_the_same_idempotency_key_gets_the_same_answer(http: httpx.AsyncClient) -> None:
    headers = by(A_REFERRER, None, **{"idempotency-key": "k-1"})
    first = await http.post("/referrals", json=a_submission(), headers=headers)
    again = await http.post("/referrals", json=a_submission(), headers=headers)
    other = await http.post("/referrals", json=a_submission(mechanism="a fall"), headers=headers)
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert first.content == again.content


async def test_a_red_flag_is_resolved_under_its_id(http: httpx.AsyncClient) -> None:
    referral = (await submit(http, red_flag_screen=flags(vascular="yes"))).json()
    seen = (await http.get(f"/referrals/{referral['id']}", headers=by(A_NURSE))).json()
    [flag] = seen["red_flags"]
    stopped = await post(http, seen, "triage", A_NURSE, {"category": "cat_1", "comment": "now"})
    assert stopped.json()["type"] == "urn:huddle:problem:red-flag-open"
    path = f"red-flags/{flag['flag_id']}/resolution"
    resolved = await post(
        http, seen, path, A_PHYSICIAN, {"result": "emergency_care", "note": "sent to the ED"}
    )
    assert resolved.json()["open_red_flags"] == 0
    [shown] = (await http.get(f"/referrals/{referral['id']}", headers=by(A_NURSE))).json()["red_flags"]
    assert shown == {**flag, "result": "emergency_care"}


async def test_decline_redirect_and_their_codes(http: httpx.AsyncClient) -> None:
    text = {"text": "cared for elsewhere", "advice": "please stay with them"}
    first = (await submit(http, source_id="R-1")).json()
    wrong = await post(http, first, "reject", A_NURSE, {"code": "NO_SUCH_CODE", **text})
    assert [each["pointer"] for each in wrong.json()["errors"]] == ["/code"]
    not_for_this = await post(http, first, "reject", A_NURSE, {"code": "OUT_OF_CATCHMENT", **text})
    assert not_for_this.json()["type"] == "urn:huddle:problem:unknown-code"
    no_text = await post(http, first, "reject", A_NURSE, {"code": "UNDER_OTHER_PAIN_SERVICE", "text": " "})
    assert no_text.status_code == 422
    rejected = await post(http, first, "reject", A_NURSE, {"code": "UNDER_OTHER_PAIN_SERVICE", **text})
    assert rejected.json()["decision"]["disposition"] == "rejected"
    second = (await submit(http, source_id="R-2")).json()
    body = {"code": "OUT_OF_CATCHMENT", "to_service": "north_clinic", **text}
    assert (await post(http, second, "redirect", A_NURSE, body)).json()["status"] == "rejected"
    gone = await post(http, second, "redirect", A_NURSE, body)
    assert gone.status_code == 412


async def test_a_missing_contact_is_supplied_with_the_person(http: httpx.AsyncClient) -> None:
    about = {"identifier": a_patient()["identifier"], "family_name": "Example"}
    referral = (await submit(http, patient=about, referrer={**a_referrer(), "return_channel": None})).json()
    assert referral["missing"] == ["identity", "referrer"]
    asked = (await post(http, referral, "information-requests", A_COORDINATOR)).json()
    body = {
        "patient": {"birth_date": "1975-05-17", "language": "en", "contact": {"phone": "+1 212 555-0142"}},
        "return_channel": {"kind": "fax", "address": "+1 212 555-0143"},
    }
    supplied = await post(http, asked, "information", A_REFERRER, body)
    assert supplied.json()["missing"] == []


async def test_the_journal_folds_to_the_states(http: httpx.AsyncClient, worker: MemoryWorker) -> None:
    referral = (await submit(http, without=("function",))).json()
    asked = (await post(http, referral, "information-requests", A_COORDINATOR)).json()
    await post(http, asked, "information", A_REFERRER, {"answers": {"function": "walks 500 m"}})
    await submit(http, mechanism="a fall")
    *problems, counts = [found async for found in differences(worker.runtime)]
    assert not problems
    assert counts["compared"] == 4, "the patient, who looks like them, the referral, its sender"
