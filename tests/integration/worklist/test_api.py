"""The queues over HTTP on PostgreSQL: order, pages, claims, history, rights, and views that miss nothing."""

from datetime import date
from typing import Any

import httpx
import msgspec
import pytest

from backbone.engine.verify import differences
from backbone.http.identity import Principal
from backbone.ids import ROOT, derive
from schemas.scheduling.v1.unavailability import UnavailabilityRecorded
from services.worklist.service import SERVICE
from services.worklist.timeline.documents import Timeline
from tests.support import referral_facts as facts
from tests.support.desk import LEAD, NURSE, OTHER_NURSE, PATIENT, REFERRAL, Desk

A_NURSE = Principal("user", str(NURSE.id), ("triage_nurse",), ("nursing",))
ANOTHER = Principal("user", str(OTHER_NURSE.id), ("nurse",), ("nursing",))
A_LEAD = Principal("user", str(LEAD.id), ("clinical_lead",), ("medical",))
A_PATIENT = Principal("patient", derive(ROOT, "patient 1"))


def by(who: Principal, version: int | None = None, **headers: str) -> dict[str, str]:
    match = {"if-match": f'"{version}"'} if version is not None else {}
    return {"authorization": f"Bearer {msgspec.json.encode(who).hex()}"} | match | headers


async def queue(http: httpx.AsyncClient, name: str = "nursing", **params: Any) -> Any:
    answer = await http.get(f"/queues/{name}", params=params, headers=by(A_NURSE))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def triage_item(desk: Desk, http: httpx.AsyncClient) -> tuple[str, int]:
    await desk.tell(facts.triage_suggested())
    [row] = (await queue(http))["items"]
    return row["item_id"], row["version"]


async def test_a_queue_says_how_long_is_waited_with_whoever_still_waits(
    desk: Desk, http: httpx.AsyncClient
) -> None:
    others = derive(ROOT, "another referral")
    for referral in (REFERRAL, others):
        await desk.tell(facts.triage_suggested(), referral=referral)
    for day in (12, 13):
        period = UnavailabilityRecorded(
            period_id=derive(ROOT, f"absence {day}"),
            kind="medical",
            start=date(2027, 1, day),
            end=date(2027, 1, 14),
        )
        await desk.tell(period, referral=others, aggregate=period.period_id)
    await desk.wait("2027-01-13 10:00")
    await desk.tell(facts.triaged())
    await desk.wait("2027-01-15 10:00")
    answer = await http.get("/queues/nursing/waits", headers=by(A_LEAD))
    assert answer.status_code == 200, answer.text
    said, one_day = answer.json(), 24 * 3600
    assert (said["waiting"]["count"], said["waiting"]["longest_s"]) == (1, 2 * one_day)
    assert (said["completed"]["count"], said["completed"]["median_s"]) == (1, 2 * one_day)
    assert (said["combined"]["count"], said["combined"]["small_sample"], said["cancelled"]) == (2, True, 0)
    assert (said["urgencies"], said["since"]) == (["cat_1", "cat_2", "cat_3"], "2026-12-19")
    urgent = (await http.get("/queues/nursing/waits?urgency=cat_2&days=1", headers=by(A_LEAD))).json()
    assert (urgent["waiting"]["count"], urgent["completed"]["count"], urgent["since"]) == (1, 0, "2027-01-15")
    other = (await http.get("/queues/nursing/waits?urgency=cat_1", headers=by(A_LEAD))).json()
    assert (other["combined"]["count"], other["cancelled"]) == (0, 0)
    for wrong in ("urgency=cat_9", "days=0", "days=367"):
        assert (await http.get(f"/queues/nursing/waits?{wrong}", headers=by(A_LEAD))).status_code == 422
    empty = (await http.get("/queues/pharmacy/waits", headers=by(A_LEAD))).json()
    assert (empty["combined"]["count"], empty["combined"]["median_s"]) == (0, None)
    nobody = await http.get("/queues/nursing/waits", headers=by(A_NURSE))
    assert nobody.status_code == 403
    long = {"since": "2020-01-01", "until": "2027-01-01"}
    assert (await http.get("/queues/nursing/waits", params=long, headers=by(A_LEAD))).status_code == 422


async def test_a_queue_is_in_order_and_comes_in_pages(desk: Desk, http: httpx.AsyncClient) -> None:
    for number, category in enumerate(("cat_3", "cat_1", "cat_2", "cat_2")):
        await desk.tell(facts.triage_suggested(category), referral=derive(ROOT, f"referral {number}"))
    whole = await queue(http)
    assert [row["category"] for row in whole["items"]] == ["cat_1", "cat_2", "cat_2", "cat_3"]
    assert [row["order"] for row in whole["items"]] == sorted(row["order"] for row in whole["items"])
    first = await queue(http, limit=3)
    second = await queue(http, limit=3, cursor=first["next"])
    assert first["items"] + second["items"] == whole["items"]
    assert "next" not in second or second["next"] is None


async def test_what_changes_between_two_pages_takes_nothing_along_that_does_not_change(
    desk: Desk, http: httpx.AsyncClient
) -> None:
    """Equals stand in order of id. The last of the first page is claimed, one of the second is done."""
    assert (await queue(http))["items"] == []
    for number in range(6):
        await desk.tell(facts.triage_suggested("cat_2"), referral=derive(ROOT, f"referral {number}"))
    whole = (await queue(http))["items"]
    first = await queue(http, limit=3)
    assert first["items"] == whole[:3]
    claim = f"/items/{whole[2]['item_id']}/claim"
    claimed = await http.post(claim, headers=by(A_NURSE, whole[2]["version"]))
    assert claimed.status_code == 200, claimed.text
    await desk.tell(facts.triaged(), referral=whole[4]["subject_id"])
    second = await queue(http, limit=9, cursor=first["next"])
    assert [row["item_id"] for row in second["items"]] == [whole[at]["item_id"] for at in (3, 5, 2)]


async def test_a_page_that_the_caller_has_is_not_sent_again(desk: Desk, http: httpx.AsyncClient) -> None:
    await desk.tell(facts.triage_suggested())
    etag = (await http.get("/queues/nursing", headers=by(A_NURSE))).headers["etag"]
    again = await http.get("/queues/nursing", headers=by(A_NURSE, None, **{"if-none-match": etag}))
    assert (again.status_code, again.content) == (304, b"")
    await desk.tell(facts.triage_suggested("cat_1"))
    changed = await http.get("/queues/nursing", headers=by(A_NURSE, None, **{"if-none-match": etag}))
    assert changed.status_code == 200


async def test_all_queues_are_listed_with_what_is_open(desk: Desk, http: httpx.AsyncClient) -> None:
    item_id, version = await triage_item(desk, http)
    await http.post(f"/items/{item_id}/claim", headers=by(A_NURSE, version))
    await desk.tell(facts.red_flag_raised(), facts.accepted())
    found = (await http.get("/queues", headers=by(A_NURSE))).json()["queues"]
    by_name = {each["queue"]: each for each in found}
    open_now = {"waiting": 0, "claimed": 1, "on_hold": 0, "overdue": 0, "safety": 0}
    since = {"waiting_since": "2027-01-11T15:00:00Z"}
    can = ["claim", "claim_safety", "keep", "release", "hold", "transfer", "undo", "resume"]
    assert by_name["nursing"] == {"queue": "nursing", "yours": True, "can": can, **open_now, **since}
    psychology, pharmacy = by_name["psychology"], by_name["pharmacy"]
    assert [psychology[name] for name in ("waiting", "safety", "yours", "can")] == [1, 1, False, []]
    assert (pharmacy["waiting_since"], pharmacy["waiting"]) == (None, 0)
    assert len(found) == 9


async def test_a_claim_answers_with_the_item_and_its_new_version(desk: Desk, http: httpx.AsyncClient) -> None:
    item_id, version = await triage_item(desk, http)
    answer = await http.post(f"/items/{item_id}/claim", headers=by(A_NURSE, version))
    assert answer.status_code == 200, answer.text
    item = answer.json()
    assert (item["status"], item["claimed_by"], item["version"]) == ("claimed", NURSE.id, version + 1)
    assert answer.headers["etag"] == f'"{version + 1}"'


async def test_of_two_claims_one_wins_and_the_other_sees_the_winner(
    desk: Desk, http: httpx.AsyncClient
) -> None:
    item_id, version = await triage_item(desk, http)
    await http.post(f"/items/{item_id}/claim", headers=by(A_NURSE, version))
    stale = await http.post(f"/items/{item_id}/claim", headers=by(ANOTHER, version))
    assert (stale.status_code, stale.json()["item"]["claimed_by"]) == (412, NURSE.id)
    late = await http.post(f"/items/{item_id}/claim", headers=by(ANOTHER, version + 1))
    assert (late.status_code, late.json()["item"]["claimed_by"]) == (409, NURSE.id)
    assert late.json()["type"] == "urn:huddle:problem:claimed-by-another"


async def test_a_command_says_which_version_it_saw(desk: Desk, http: httpx.AsyncClient) -> None:
    item_id, _ = await triage_item(desk, http)
    answer = await http.post(f"/items/{item_id}/claim", headers=by(A_NURSE))
    assert answer.status_code == 428


async def test_the_same_request_with_its_key_again_gets_the_same_answer(
    desk: Desk, http: httpx.AsyncClient
) -> None:
    item_id, version = await triage_item(desk, http)
    headers = by(A_NURSE, version, **{"idempotency-key": "a claim"})
    first = await http.post(f"/items/{item_id}/claim", headers=headers)
    second = await http.post(f"/items/{item_id}/claim", headers=headers)
    assert (first.status_code, first.content) == (second.status_code, second.content) == (200, first.content)


async def test_nobody_claims_in_a_queue_that_is_not_theirs(desk: Desk, http: httpx.AsyncClient) -> None:
    item_id, version = await triage_item(desk, http)
    answer = await http.post(f"/items/{item_id}/claim", headers=by(A_LEAD, version))
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:huddle:problem:not-permitted")


async def test_release_transfer_and_undo(desk: Desk, http: httpx.AsyncClient) -> None:
    item_id, version = await triage_item(desk, http)
    for path, body, queue_after, status in (
        ("claim", None, "nursing", "claimed"),
        ("transfer", {"queue": "medical", "reason": "other_expertise"}, "medical", "waiting"),
        ("undo", None, "nursing", "claimed"),
        ("release", {"reason": "end_of_shift"}, "nursing", "waiting"),
    ):
        answer = await http.post(f"/items/{item_id}/{path}", json=body, headers=by(A_NURSE, version))
        assert answer.status_code == 200, answer.text
        item = answer.json()
        assert (item["queue"], item["status"]) == (queue_after, status)
        version = item["version"]
        assert [row["item_id"] for row in (await queue(http, queue_after))["items"]] == [item_id]


async def test_what_is_not_valid_is_named(desk: Desk, http: httpx.AsyncClient) -> None:
    item_id, version = await triage_item(desk, http)
    body = {"queue": "radiology", "reason": "because", "note": "private"}
    answer = await http.post(f"/items/{item_id}/transfer", json=body, headers=by(A_NURSE, version))
    assert answer.status_code == 422
    assert {each["pointer"] for each in answer.json()["errors"]} == {"/queue", "/reason", "/note"}


async def test_history_tells_everything_with_who_and_why(desk: Desk, http: httpx.AsyncClient) -> None:
    item_id, version = await triage_item(desk, http)
    await http.post(f"/items/{item_id}/claim", headers=by(A_NURSE, version))
    await desk.tell(facts.triaged(), actor=NURSE)
    answer = (await http.get(f"/items/{item_id}/history", headers=by(A_NURSE))).json()
    changes = answer["changes"]
    assert [change["type"].split(".")[1] for change in changes] == [
        "item_opened",
        "opening_noted",
        "item_claimed",
        "item_completed",
    ]
    assert [change["version"] for change in changes] == [1, 2, 3, 4]
    assert changes[2]["actor_id"] == NURSE.id
    assert changes[3]["data"]["completed_by"] == NURSE.id
    assert changes[3]["data"]["closed_by_event"] == changes[3]["causation_id"]


async def test_an_ended_item_can_be_read_but_nothing_can_be_done_with_it(
    desk: Desk, http: httpx.AsyncClient
) -> None:
    item_id, _ = await triage_item(desk, http)
    await desk.tell(facts.rejected())
    item = (await http.get(f"/items/{item_id}", headers=by(A_NURSE))).json()
    assert item["status"] == "completed"
    actions = (await http.get(f"/items/{item_id}/actions", headers=by(A_NURSE))).json()
    assert actions["actions"] == []
    answer = await http.post(f"/items/{item_id}/claim", headers=by(A_NURSE, item["version"]))
    assert answer.status_code == 409


async def test_a_timeline_comes_in_order_of_arrival_in_pages(desk: Desk, http: httpx.AsyncClient) -> None:
    await desk.tell(facts.found_incomplete(), facts.information_requested(), actor=NURSE)
    await desk.tell(facts.triage_suggested(), rules=("drug.table@1",))
    found: list[Any] = []
    place: str | None = ""
    while place is not None:
        path = f"/patients/{PATIENT}/timeline?limit=2{place}"
        page = Timeline.model_validate((await http.get(path, headers=by(A_NURSE))).json())
        found += page.facts
        place = f"&cursor={page.next}" if page.next else None
    assert [each.type for each in found] == [
        "referral.found_incomplete.v1",
        "referral.information_requested.v1",
        "referral.triage_suggested.v1",
    ]
    assert (found[0].actor_kind, found[0].actor_id, found[0].referral_id) == ("user", NURSE.id, REFERRAL)
    assert (found[0].data["missing"], found[2].actor_id) == (["function"], None)
    assert [[mark.rule for mark in each.unverified] for each in found] == [[], [], ["drug.table@1"]]
    assert "unverified" not in (await http.get(path, headers=by(A_PATIENT))).text, "marks are for staff"
    none = (await http.get(f"/patients/{REFERRAL}/timeline", headers=by(A_NURSE))).json()
    assert none == {"patient_id": REFERRAL, "facts": []}


async def test_actions_say_what_and_by_whom(desk: Desk, http: httpx.AsyncClient) -> None:
    item_id, _ = await triage_item(desk, http)
    actions = (await http.get(f"/items/{item_id}/actions", headers=by(A_NURSE))).json()["actions"]
    allowed = {each["action"]: each["allowed"] for each in actions}
    of_others = ("transfer_item", "undo_transition", "hold_item", "escalate_by_lead", "reprioritise_by_lead")
    assert allowed == {"claim_item": True, **dict.fromkeys(of_others, False)}
    [transfer] = [each for each in actions if each["action"] == "transfer_item"]
    assert transfer["queues"] == ["medical"]


async def test_only_staff_see_queues(desk: Desk, http: httpx.AsyncClient) -> None:
    assert (await http.get("/queues/nursing", headers=by(A_PATIENT))).status_code == 403
    assert (await http.get("/queues/nursing")).status_code == 401


@pytest.mark.parametrize("item_id", ["7", derive(ROOT, "no item")])
async def test_what_is_not_there_is_not_found(http: httpx.AsyncClient, item_id: str) -> None:
    for path in ("", "/history", "/actions"):
        assert (await http.get(f"/items/{item_id}{path}", headers=by(A_NURSE))).status_code == 404
    assert (await http.post(f"/items/{item_id}/claim", headers=by(A_NURSE, 1))).status_code == 404


async def test_journals_and_states_agree(desk: Desk, http: httpx.AsyncClient) -> None:
    item_id, version = await triage_item(desk, http)
    await http.post(f"/items/{item_id}/claim", headers=by(A_NURSE, version))
    await desk.tell(facts.red_flag_raised(), facts.accepted(), facts.rejected())
    found = [line async for line in differences(desk.system.workers["worklist"].runtime)]
    assert [line["different"] for line in found] == [0]
    assert found[0]["compared"] >= 3


async def test_every_route_is_described(http: httpx.AsyncClient) -> None:
    document = (await http.get("/openapi.json")).json()
    for route in SERVICE.routes:
        assert document["paths"][route.path][route.method.lower()]["operationId"] == route.handler.__name__
    claim = document["paths"]["/items/{item_id}/claim"]["post"]
    assert {parameter["name"] for parameter in claim["parameters"]} >= {
        "if-match",
        "idempotency-key",
        "item_id",
    }
    assert {"200", "403", "404", "409", "412"} <= claim["responses"].keys()
