"""Who sees what of referrals over HTTP: lists, documents, actions, labels, packages."""

from typing import Any

import httpx

from backbone.http.identity import Principal
from tests.support.referral_http import (
    A_COORDINATOR,
    A_NURSE,
    A_REFERRER,
    A_STRANGER,
    NOBODY,
    by,
    post,
    submit,
)


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
    allowed = [each["action"] for each in seen.json()["actions"] if each["allowed"]]
    assert allowed == ["receive_referral", "request_cancellation"]


async def test_a_sender_finds_its_referrals_by_its_own_names(http: httpx.AsyncClient) -> None:
    sent = [(await submit(http, source_id=f"R-{n}")).json()["id"] for n in range(2)]
    ours = {"source_system": "ehr-main-street"}
    for asked, found in ((ours, sent), (ours | {"source_id": "R-1"}, sent[1:]), ({"source_system": "x"}, [])):
        page = (await http.get("/referrals", params=asked, headers=by(A_REFERRER))).json()
        assert {each["id"] for each in page["referrals"]} == set(found)


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


async def test_what_changes_between_two_pages_leaves_them_whole(http: httpx.AsyncClient) -> None:
    """Not even the one after which the second page goes on has the status any more that was asked for."""
    for number in range(4):
        await submit(http, source_id=f"R-{number}")
    asked: dict[str, Any] = {"status": "received"}
    whole = (await http.get("/referrals", params=asked, headers=by(A_NURSE))).json()["referrals"]
    first = (await http.get("/referrals", params=asked | {"limit": 2}, headers=by(A_NURSE))).json()
    for each in (whole[1], whole[2]):
        asked_for = await post(http, each, "information-requests", A_COORDINATOR, {"fields": ["function"]})
        assert asked_for.json()["status"] == "information_requested", asked_for.text
    rest = (
        await http.get("/referrals", params=asked | {"cursor": first["next"]}, headers=by(A_NURSE))
    ).json()
    assert [each["id"] for each in rest["referrals"]] == [whole[3]["id"]]
    assert "next" not in rest


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


async def test_what_does_not_exist_is_not_found(http: httpx.AsyncClient) -> None:
    for answer in (
        await http.get(f"/referrals/{NOBODY}", headers=by(A_NURSE)),
        await http.get("/referrals/not-an-id", headers=by(A_NURSE)),
        await http.post(f"/referrals/{NOBODY}/accept", headers=by(A_NURSE)),
    ):
        assert answer.status_code == 404


async def test_openapi_describes_every_route(http: httpx.AsyncClient) -> None:
    paths = (await http.get("/openapi.json")).json()["paths"]
    assert {"/referrals", "/referrals/{referral_id}/triage", "/patients/{patient_id}/label"} <= set(paths)
