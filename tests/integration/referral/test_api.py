"""Referrals over HTTP on PostgreSQL: intake, rights, versions, repeated requests, decisions, labels."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import msgspec
import pytest

from backbone.http.application import Hosting, build
from backbone.http.identity import Principal
from backbone.parking import Parking
from backbone.store.postgres import PostgresStore, open_pool
from backbone.telemetry import Metrics
from backbone.verify import differences
from services.referral.service import SERVICE
from tests.support.databases import Databases
from tests.support.memory_system import MemorySystem, MemoryWorker
from tests.support.submissions import PRACTICE, SPINE_CENTRE, a_patient, a_referrer, a_submission, flags
from tests.unit.referral.situations import COORDINATOR, MANAGER, NURSE, PHYSICIAN, at, rules

A_REFERRER = Principal("referrer", PRACTICE)
A_STRANGER = Principal("referrer", SPINE_CENTRE)
A_NURSE = Principal("user", str(NURSE.id), ("triage_nurse",), ("nursing",))
A_PHYSICIAN = Principal("user", str(PHYSICIAN.id), ("physician",), ("medical",))
A_COORDINATOR = Principal("user", str(COORDINATOR.id), ("care_coordinator",), ("coordination",))
A_MANAGER = Principal("user", str(MANAGER.id), ("service_manager",), ("management",))
NOBODY = "00000000-0000-4000-8000-000000000000"


class TrustingIdentity:
    """The token says who it is."""

    async def verify(self, token: str) -> Principal:
        return msgspec.json.decode(bytes.fromhex(token), type=Principal)


async def idle() -> bool:
    return True


async def nothing() -> None:
    return None


@pytest.fixture
async def worker(databases: Databases) -> AsyncIterator[MemoryWorker]:
    assert SERVICE.migrations is not None
    pool = await open_pool(await databases.new("referral", folders=[SERVICE.migrations]))
    stores = {"referral": PostgresStore(pool, SERVICE)}
    yield MemorySystem(at("2027-01-04T14:00Z"), {SERVICE: rules()}, stores).workers["referral"]
    await pool.close()


@pytest.fixture
async def http(worker: MemoryWorker) -> AsyncIterator[httpx.AsyncClient]:
    hosting = Hosting(lambda: True, idle, nothing)
    app = build(worker.runtime, TrustingIdentity(), Parking(worker.consumer), Metrics(), hosting)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://referral") as client:
        yield client


def by(who: Principal, version: int | None = None, **headers: str) -> dict[str, str]:
    match = {"if-match": f'"{version}"'} if version is not None else {}
    return {"authorization": f"Bearer {msgspec.json.encode(who).hex()}"} | match | headers


async def submit(http: httpx.AsyncClient, who: Principal = A_REFERRER, **changes: Any) -> httpx.Response:
    return await http.post("/referrals", json=a_submission(**changes), headers=by(who))


async def post(
    http: httpx.AsyncClient,
    referral: dict[str, Any],
    path: str,
    who: Principal,
    body: dict[str, Any] | None = None,
) -> httpx.Response:
    """With the version of the document that is at hand."""
    address = f"/referrals/{referral['id']}/{path}"
    return await http.post(address, json=body or {}, headers=by(who, referral["version"]))


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


async def test_a_referrer_submits_and_sees_their_own_only(http: httpx.AsyncClient) -> None:
    refused = await submit(http, A_STRANGER)
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:huddle:problem:not-permitted")
    referral = (await submit(http)).json()
    address = f"/referrals/{referral['id']}"
    assert (await http.get(address, headers=by(A_REFERRER))).status_code == 200
    assert (await http.get(address, headers=by(A_STRANGER))).status_code == 404
    assert (await http.get("/referrals", headers=by(A_STRANGER))).json()["referrals"] == []
    assert (await post(http, referral, "information", A_STRANGER)).status_code == 404


async def test_a_referrer_sees_status_and_dates_staff_see_the_rest(http: httpx.AsyncClient) -> None:
    referral = (await submit(http)).json()
    assert "suggestion" not in referral
    assert "red_flags" not in referral
    address = f"/referrals/{referral['id']}"
    seen = (await http.get(address, headers=by(A_NURSE))).json()
    assert seen["suggestion"]["category"] == "cat_2"
    patient = Principal("patient", seen["patient_id"])
    assert (await http.get(address, headers=by(patient))).json()["status"] == "received"
    assert (await http.get(address, headers=by(Principal("patient", NOBODY)))).status_code == 404


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
    headers = by(A_REFERRER, **{"idempotency-key": "k-1"})
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
    assert resolved.json()["red_flags"] == [{**flag, "result": "emergency_care"}]


async def test_what_may_be_done_now_and_by_whom(http: httpx.AsyncClient) -> None:
    referral = (await submit(http)).json()
    answer = await http.get(f"/referrals/{referral['id']}/actions", headers=by(A_NURSE))
    offered = {each["action"]: each for each in answer.json()["actions"]}
    assert answer.headers["etag"] == f'"{referral["version"]}"'
    assert offered["triage"]["allowed"]
    assert not offered["accept"]["allowed"]
    assert "has not been decided" in offered["accept"]["reason"]
    assert "supply_information" not in offered
    assert "triage_nurse" in offered["triage"]["roles"]
    seen = await http.get(f"/referrals/{referral['id']}/actions", headers=by(A_REFERRER))
    assert [each["action"] for each in seen.json()["actions"] if each["allowed"]] == ["receive_referral"]


async def test_decline_redirect_and_their_codes(http: httpx.AsyncClient) -> None:
    text = {"text": "cared for elsewhere", "advice": "please stay with them"}
    first = (await submit(http, source_id="R-1")).json()
    wrong = await post(http, first, "reject", A_NURSE, {"code": "NO_SUCH_CODE", **text})
    assert wrong.json()["type"] == "urn:huddle:problem:unknown-code"
    no_text = await post(http, first, "reject", A_NURSE, {"code": "UNDER_OTHER_PAIN_SERVICE", "text": " "})
    assert no_text.status_code == 422
    rejected = await post(http, first, "reject", A_NURSE, {"code": "UNDER_OTHER_PAIN_SERVICE", **text})
    assert rejected.json()["decision"]["disposition"] == "rejected"
    second = (await submit(http, source_id="R-2")).json()
    body = {"code": "OUT_OF_CATCHMENT", "to_service": "north_clinic", **text}
    assert (await post(http, second, "redirect", A_NURSE, body)).json()["status"] == "rejected"
    gone = await post(http, second, "redirect", A_NURSE, body)
    assert gone.status_code == 412


async def test_pages_hold_every_referral_once(http: httpx.AsyncClient) -> None:
    ids = {(await submit(http, source_id=f"R-{n}")).json()["id"] for n in range(5)}
    found, cursor = [], None
    while True:
        params = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await http.get("/referrals", params=params, headers=by(A_NURSE))).json()
        found += [referral["id"] for referral in page["referrals"]]
        cursor = page.get("next")
        if not cursor:
            break
    assert (len(found), set(found)) == (5, ids)
    accepted = await http.get("/referrals", params={"status": "accepted"}, headers=by(A_NURSE))
    assert accepted.json()["referrals"] == []


async def test_the_label_is_for_staff(http: httpx.AsyncClient) -> None:
    referral = (await submit(http)).json()
    seen = (await http.get(f"/referrals/{referral['id']}", headers=by(A_NURSE))).json()
    address = f"/patients/{seen['patient_id']}/label"
    assert (await http.get(address, headers=by(A_NURSE))).json()["label"].startswith("AE ")
    assert (await http.get(address, headers=by(A_REFERRER))).status_code == 403
    assert (await http.get(f"/patients/{NOBODY}/label", headers=by(A_NURSE))).status_code == 404


async def test_the_package_is_for_clinicians_and_names_nobody(http: httpx.AsyncClient) -> None:
    referral = (await submit(http)).json()
    address = f"/referrals/{referral['id']}/package"
    package = await http.get(address, headers=by(A_NURSE))
    assert package.json()["answers"]["mechanism"] == "no injury, slowly worse"
    assert "Example" not in package.text
    assert (await http.get(address, headers=by(A_COORDINATOR))).status_code == 403


async def test_a_missing_contact_is_supplied_with_the_person(http: httpx.AsyncClient) -> None:
    about = {"identifier": a_patient()["identifier"], "family_name": "Example"}
    referral = (await submit(http, patient=about, referrer={**a_referrer(), "return_channel": None})).json()
    assert referral["missing"] == ["identity", "referrer"]
    asked = (await post(http, referral, "information-requests", A_COORDINATOR)).json()
    body = {
        "patient": {"birth_date": "1975-05-17", "language": "en", "contact": {"phone": "+1 555-0142"}},
        "return_channel": {"kind": "fax", "address": "+1 555-0143"},
    }
    supplied = await post(http, asked, "information", A_REFERRER, body)
    assert supplied.json()["missing"] == []


async def test_what_does_not_exist_is_not_found(http: httpx.AsyncClient) -> None:
    for answer in (
        await http.get(f"/referrals/{NOBODY}", headers=by(A_NURSE)),
        await http.get("/referrals/not-an-id", headers=by(A_NURSE)),
        await http.post(f"/referrals/{NOBODY}/accept", headers=by(A_NURSE)),
    ):
        assert answer.status_code == 404


async def test_the_journal_folds_to_the_states(http: httpx.AsyncClient, worker: MemoryWorker) -> None:
    referral = (await submit(http, without=("function",))).json()
    asked = (await post(http, referral, "information-requests", A_COORDINATOR)).json()
    await post(http, asked, "information", A_REFERRER, {"answers": {"function": "walks 500 m"}})
    await submit(http, mechanism="a fall")
    *problems, counts = [found async for found in differences(worker.runtime)]
    assert not problems
    assert counts["compared"] == 3


async def test_openapi_describes_every_route(http: httpx.AsyncClient) -> None:
    paths = (await http.get("/openapi.json")).json()["paths"]
    assert {"/referrals", "/referrals/{referral_id}/triage", "/patients/{patient_id}/label"} <= set(paths)
