"""Access by declaration: who asks before what is said, what may be seen before what it is, no query passed over."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import httpx
import pytest
from fastapi.responses import Response

from backbone.http.access import Mine, Running, Staff, StaffOf, Themselves
from backbone.http.calls import Calling, RequestBody
from backbone.http.identity import Caller
from backbone.http.resources import Resource, reading
from backbone.http.routes import get, post, router_of
from backbone.ids import derive
from backbone.model import Snapshot, one, together
from cli.issuer import Issuer
from tests.support.memory_system import MemorySystem
from tests.support.sample import BOX, SAMPLE, AddToBox, Closed, Open, OpenBox
from tests.unit.backbone.http.serving import NURSE, client_of

PATIENT, ANOTHER = derive(NURSE, "patient"), derive(NURSE, "another")
HERS = derive(PATIENT, "box")
BOXES = Resource(BOX)
Box = Annotated[Snapshot[Open | Closed], Mine(BOX, "box_id")]


class Adding(RequestBody):
    amount: int


async def get_box(caller: Caller, box: Box) -> Response:
    return BOXES.seen(box, caller)


async def get_box_actions(call: Calling, box: Annotated[Snapshot[Any], StaffOf(BOX, "box_id")]) -> Response:
    return BOXES.actions(call, box)


async def fill_box(call: Calling, box: Box, body: Adding) -> Response:
    return await BOXES.give(call, box, AddToBox(body.amount))


async def list_boxes(running: Running, caller: Staff, group: str | None = None) -> Response:
    return reading({"boxes": [], "group": group})


async def get_whose(person: Annotated[str, Themselves("person_id")]) -> Response:
    return reading({"person": person})


ROUTES = (
    get("/boxes", list_boxes),
    get("/boxes/{box_id}", get_box, BOX),
    get("/boxes/{box_id}/actions", get_box_actions),
    post("/boxes/{box_id}/fill", fill_box, BOX),
    get("/people/{person_id}", get_whose),
)


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    system, issuer = MemorySystem(datetime(2027, 1, 4, 14, tzinfo=UTC), {SAMPLE: {}}), Issuer(tmp_path)
    async with client_of(system, issuer, router_of(ROUTES)) as client:
        opening = together(BOX.send(OpenBox("g"), to=one(HERS)), about=one(PATIENT))
        await system.order("sample", opening)
        client.as_ = partial(token, issuer)  # type: ignore[attr-defined]
        yield client


def token(issuer: Issuer, kind: str, subject: str, *roles: str) -> dict[str, str]:
    return {"authorization": f"Bearer {issuer.token(subject, kind=kind, roles=roles)}"}


async def test_who_asks_is_known_before_the_body_is_read(http: httpx.AsyncClient) -> None:
    broken = await http.post(f"/boxes/{HERS}/fill", content=b"[" * 100_000)
    assert broken.status_code == 401


async def test_a_thing_is_shown_to_staff_and_to_whose_it_is(http: Any) -> None:
    for caller in (("user", NURSE), ("patient", PATIENT)):
        shown = await http.get(f"/boxes/{HERS}", headers=http.as_(*caller))
        assert (shown.status_code, shown.json()["patient_id"], shown.headers["etag"]) == (200, PATIENT, '"1"')


@pytest.mark.parametrize("caller", [("patient", ANOTHER), ("referrer", PATIENT), ("partner", NURSE)])
async def test_to_others_it_is_not_there_whatever_they_send(http: Any, caller: tuple[str, str]) -> None:
    headers = http.as_(*caller) | {"if-match": '"7"'}
    assert (await http.get(f"/boxes/{HERS}", headers=headers)).status_code == 404
    for body in ({"amount": 1}, {"amount": "many"}):
        refused = await http.post(f"/boxes/{HERS}/fill", json=body, headers=headers)
        assert refused.status_code == 404
        assert refused.json() == (await http.post(f"/boxes/{NURSE}/fill", json=body, headers=headers)).json()


async def test_what_is_for_staff_says_so_to_others_and_looks_nothing_up(http: Any) -> None:
    for box in (HERS, NURSE, "none"):
        refused = await http.get(f"/boxes/{box}/actions", headers=http.as_("patient", PATIENT))
        assert (refused.status_code, refused.json()["detail"]) == (403, "This is for staff only.")
    assert (await http.get("/boxes", headers=http.as_("patient", PATIENT))).status_code == 403


async def test_a_path_about_a_person_is_for_staff_and_themselves(http: Any) -> None:
    for caller, answer in ((("user", NURSE), 200), (("patient", PATIENT), 200), (("patient", ANOTHER), 404)):
        assert (await http.get(f"/people/{PATIENT}", headers=http.as_(*caller))).status_code == answer


async def test_a_query_that_nobody_knows_is_refused_not_passed_over(http: Any) -> None:
    asked = await http.get("/boxes?group=g&source_id=X", headers=http.as_("user", NURSE))
    assert (asked.status_code, asked.json()["type"]) == (400, "urn:huddle:problem:unknown-parameter")
    assert [field["pointer"] for field in asked.json()["errors"]] == ["/source_id"]
    assert (await http.get("/boxes?group=g", headers=http.as_("user", NURSE))).json()["group"] == "g"


@pytest.mark.parametrize("name", ["²", "x" * 5000, "%ff%fe", "..%2f..", "0"])
async def test_what_is_no_id_names_nothing(http: Any, name: str) -> None:
    assert (await http.get(f"/boxes/{name}", headers=http.as_("user", NURSE))).status_code == 404


@pytest.mark.parametrize("etag", ["³", '"³"', '"9223372036854775808"', '"' + "9" * 5000 + '"', '"-1"', "*"])
async def test_a_version_that_is_none_is_refused_with_the_header(http: Any, etag: str) -> None:
    headers = http.as_("user", NURSE) | {"if-match": etag.encode()}
    refused = await http.post(f"/boxes/{HERS}/fill", json={"amount": 1}, headers=headers)
    assert (refused.status_code, refused.json()["type"]) == (400, "urn:huddle:problem:if-match-malformed")


def test_two_handlers_of_one_name_are_a_mistake() -> None:
    with pytest.raises(TypeError, match="get_box"):
        router_of((*ROUTES, get("/others/{box_id}", get_box)))
