"""What every service's application does alike: names, problems, rights, idempotency, versions, sessions."""

import asyncio
import json
import logging
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import httpx
import pytest
from fastapi import APIRouter
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel

from backbone.engine.runtime import Outcome
from backbone.engine.writes import MOST_RECORD_BYTES
from backbone.errors import Fatal
from backbone.http.calls import Calling, answer_with
from backbone.http.doors import listening, serve
from backbone.http.identity import COOKIE, Caller
from backbone.ids import derive, random_id
from backbone.model import one, together
from backbone.store.rows import Answer
from backbone.telemetry import SafeFormatter
from cli.issuer import Issuer
from tests.support.memory_system import MemorySystem
from tests.support.sample import BOX, SAMPLE, AddToBox, OpenBox
from tests.unit.backbone.http.serving import NURSE, client_of

BOX_1 = derive(NURSE, "box 1")


class Measured(BaseModel):
    score: int
    taken: datetime


async def broken() -> None:
    raise RuntimeError("Mrs Example said so")


async def away() -> None:
    raise asyncpg.ConnectionDoesNotExistError("gone")


async def measure(body: Measured) -> None:
    return None


async def whoami(caller: Caller) -> dict[str, str]:
    return {"id": caller.id}


def boxed(outcome: Outcome) -> Answer:
    return answer_with(outcome.one(BOX), {}, status=201)


async def open_box(call: Calling) -> Response:
    return await call.give(together(BOX.send(OpenBox("g"), to=one(BOX_1)), about=one(NURSE)), answer=boxed)


async def open_large_box(call: Calling) -> Response:
    opening = BOX.send(OpenBox("g" * MOST_RECORD_BYTES), to=one(BOX_1))
    return await call.give(together(opening, about=one(NURSE)), answer=boxed)


async def fill_box(call: Calling) -> Response:
    return await call.give(BOX.send(AddToBox(), to=one(BOX_1), expecting=call.seen()), answer=boxed)


async def endless() -> StreamingResponse:
    async def lines() -> AsyncIterator[bytes]:
        while True:
            yield b"line\n"
            await asyncio.sleep(0.05)

    return StreamingResponse(lines())


@pytest.fixture
def system() -> MemorySystem:
    return MemorySystem(datetime(2027, 1, 4, 14, tzinfo=UTC), {SAMPLE: {}})


@pytest.fixture
def issuer(tmp_path: Path) -> Issuer:
    return Issuer(tmp_path)


@pytest.fixture
async def http(system: MemorySystem, issuer: Issuer) -> AsyncIterator[httpx.AsyncClient]:
    routes = APIRouter()
    routes.add_api_route("/broken", broken)
    routes.add_api_route("/away", away)
    routes.add_api_route("/whoami", whoami)
    routes.add_api_route("/endless", endless)
    routes.add_api_route("/measures", measure, methods=["POST"])
    routes.add_api_route("/boxes", open_box, methods=["POST"])
    routes.add_api_route("/boxes/large", open_large_box, methods=["POST"])
    routes.add_api_route("/boxes/fill", fill_box, methods=["POST"])
    async with client_of(system, issuer, routes) as client:
        yield client


def by(issuer: Issuer, *roles: str, **headers: str) -> dict[str, str]:
    return {"authorization": f"Bearer {issuer.token(NURSE, roles=roles)}"} | headers


async def test_every_answer_carries_the_callers_correlation_id(http: httpx.AsyncClient) -> None:
    name = random_id()
    for path in ("/livez", "/nowhere", "/broken", "/whoami", "/away"):
        answer = await http.get(path, headers={"X-Correlation-ID": name.upper()})
        assert answer.headers["x-correlation-id"] == name


async def test_a_correlation_id_that_is_none_is_replaced(http: httpx.AsyncClient) -> None:
    answer = await http.get("/livez", headers={"X-Correlation-ID": "Mrs Example"})
    assert "Example" not in answer.headers["x-correlation-id"]


async def test_the_words_of_a_bug_reach_neither_caller_nor_log(
    http: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    formatter = logging.Formatter()
    answer = await http.get("/broken")
    assert (answer.status_code, answer.json()["type"]) == (500, "urn:huddle:problem:bug")
    assert answer.headers["content-type"] == "application/problem+json"
    [record] = caplog.records
    assert record.error == "RuntimeError"  # type: ignore[attr-defined]
    assert "Example" not in answer.text + formatter.format(record) + str(record.__dict__)


async def test_a_bug_is_found_by_the_id_that_its_caller_was_told(
    http: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    """As the line is written: what is not on its list is dropped."""
    answer = await http.get("/broken")
    [record] = caplog.records
    line = json.loads(SafeFormatter().format(record))
    assert line["correlation_id"] == answer.headers["x-correlation-id"]
    assert re.match(r"RuntimeError .*test_application.py:\d+ broken", f"{line['error']} {line['at']}")


async def test_a_fact_that_is_too_large_says_which_one_it_is(http: httpx.AsyncClient, issuer: Issuer) -> None:
    answer = await http.post("/boxes/large", headers=by(issuer))
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:huddle:problem:fact-too-large")
    assert answer.json()["detail"].startswith("Nothing was changed: sample.box_opened.v1 would have ")


async def test_a_database_that_is_away_says_when_to_come_back(http: httpx.AsyncClient) -> None:
    answer = await http.get("/away")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")


async def test_every_invalid_field_is_named_and_no_value_is_repeated(http: httpx.AsyncClient) -> None:
    answer = await http.post("/measures", json={"score": "Mrs Example", "taken": "on Example day"})
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:huddle:problem:invalid-request")
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/score", "/taken"]
    assert "Example" not in answer.text


async def test_operations_are_for_operators(http: httpx.AsyncClient, issuer: Issuer) -> None:
    assert (await http.get("/dead-letters")).status_code == 401
    assert (await http.get("/dead-letters", headers=by(issuer, "nurse"))).status_code == 403
    assert (await http.get("/dead-letters", headers=by(issuer, "operations"))).json() == []


async def test_probes_and_figures_need_no_token(http: httpx.AsyncClient) -> None:
    for path in ("/livez", "/readyz", "/metrics"):
        assert (await http.get(path)).status_code == 200


async def test_requests_are_counted_by_the_route_that_is_declared_and_nothing_else(
    http: httpx.AsyncClient,
) -> None:
    await http.get("/dead-letters/p-1")
    await http.get("/broken")
    await http.get(f"/patients/{NURSE}")
    await http.request("PATIENT", "/livez")
    lines = (await http.get("/metrics")).text.splitlines()
    assert [line for line in lines if line.startswith("huddle_http_requests_total")] == [
        'huddle_http_requests_total{method="GET",route="/dead-letters/{key:path}",status="4xx"} 1.0',
        'huddle_http_requests_total{method="GET",route="/broken",status="5xx"} 1.0',
        'huddle_http_requests_total{method="GET",route="other",status="4xx"} 1.0',
        'huddle_http_requests_total{method="other",route="/livez",status="4xx"} 1.0',
    ]
    assert 'huddle_http_request_seconds_count{method="GET",route="/broken"} 1.0' in lines
    assert any(line.startswith("process_cpu_seconds_total") for line in lines)


async def test_a_session_lets_the_browser_in_without_a_header(
    http: httpx.AsyncClient, issuer: Issuer
) -> None:
    assert (await http.post("/session")).status_code == 401
    begun = await http.post("/session", headers=by(issuer))
    assert begun.headers["set-cookie"].startswith(f"{COOKIE}=")
    assert {"HttpOnly", "SameSite=strict"} <= set(begun.headers["set-cookie"].split("; "))
    assert (await http.get("/whoami")).json() == {"id": NURSE}
    await http.delete("/session")
    assert (await http.get("/whoami")).status_code == 401


async def test_the_same_key_gets_the_same_answer_and_one_effect(
    http: httpx.AsyncClient, issuer: Issuer, system: MemorySystem
) -> None:
    headers = by(issuer, **{"idempotency-key": "k"})
    first, again = [await http.post("/boxes", headers=headers) for _ in range(2)]
    assert (first.status_code, first.headers["etag"]) == (again.status_code, again.headers["etag"])
    facts = await system.facts("sample")
    assert facts.count("sample.box_opened.v1") == 1
    other = await http.post("/boxes/fill", headers=headers | {"if-match": first.headers["etag"]})
    assert (other.status_code, other.json()["type"]) == (422, "urn:huddle:problem:idempotency-key-reused")


async def test_what_was_refused_under_a_key_is_decided_anew_under_it(
    http: httpx.AsyncClient, issuer: Issuer
) -> None:
    """Only what happened is kept: whoever reads again and asks again is not told for days what held a moment ago."""
    etag = (await http.post("/boxes", headers=by(issuer))).headers["etag"]
    key = {"idempotency-key": "k"}
    stale = await http.post("/boxes/fill", headers=by(issuer, **key, **{"if-match": '"999"'}))
    assert stale.status_code == 412
    assert (
        await http.post("/boxes/fill", headers=by(issuer, **key, **{"if-match": etag}))
    ).status_code == 201


async def test_a_change_needs_the_version_that_was_seen(http: httpx.AsyncClient, issuer: Issuer) -> None:
    etag = (await http.post("/boxes", headers=by(issuer))).headers["etag"]
    assert (await http.post("/boxes/fill", headers=by(issuer))).status_code == 428
    malformed = await http.post("/boxes/fill", headers=by(issuer, **{"if-match": "latest"}))
    assert malformed.status_code == 400
    assert (await http.post("/boxes/fill", headers=by(issuer, **{"if-match": etag}))).status_code == 201
    stale = await http.post("/boxes/fill", headers=by(issuer, **{"if-match": etag}))
    assert (stale.status_code, stale.json()["type"]) == (412, "urn:huddle:problem:stale")


async def test_the_callers_trace_goes_on_in_the_facts(
    http: httpx.AsyncClient, issuer: Issuer, system: MemorySystem
) -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    await http.post("/boxes", headers=by(issuer, traceparent=f"00-{trace}-00f067aa0ba902b7-01"))
    [row, *_] = await system.workers["sample"].tables.rows("journal")
    assert row["traceparent"].split("-")[1] == trace


async def test_the_page_tells_how_to_get_in_and_what_problems_look_like(http: httpx.AsyncClient) -> None:
    document = (await http.get("/openapi.json")).json()
    assert {"bearer", "session"} == document["components"]["securitySchemes"].keys()
    assert document["paths"]["/livez"]["get"]["security"] == []
    assert "security" not in document["paths"]["/dead-letters"]["get"]
    refused = document["paths"]["/dead-letters/{key}"]["get"]["responses"]["404"]
    assert refused == {"$ref": "#/components/responses/ProblemNotFound"}
    shown = document["components"]["responses"]["ProblemNotFound"]["content"]
    assert shown["application/problem+json"] == {"schema": {"$ref": "#/components/schemas/Problem"}}


async def test_an_address_that_is_taken_ends_the_process_with_a_sentence() -> None:
    with listening("127.0.0.1", 0) as taken, pytest.raises(Fatal, match="HUDDLE_HTTP_PORT"):
        listening("127.0.0.1", taken.getsockname()[1])


async def test_serving_ends_within_seconds_though_a_stream_is_open(http: httpx.AsyncClient) -> None:
    listener = listening("127.0.0.1", 0)
    app = http._transport.app  # type: ignore[attr-defined]
    serving = asyncio.ensure_future(serve(app, listener))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/endless"
    async with asyncio.timeout(10), httpx.AsyncClient() as client, client.stream("GET", url) as answer:
        assert await anext(answer.aiter_raw()) == b"line\n"
        serving.cancel()
        async with asyncio.timeout(3):
            await asyncio.wait([serving])
