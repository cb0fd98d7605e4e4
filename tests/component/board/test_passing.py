"""What the front door passes on, and what nothing talks it into."""

import asyncio
import json

import httpx
import pytest
from fastapi import Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from backbone.http.problems import MEDIA_TYPE, Problem
from board import passing
from board.passed import NOT_FOR_PEOPLE, check_passed, passed_of, read_passed
from schemas.services import NAMES
from tests.contract.services import committed
from tests.support.front_door import FrontDoor

QUEUES = "/api/worklist/queues"
ALL = read_passed(NAMES)
CLAIM = "/api/worklist/items/0190/claim"


@pytest.fixture
async def signed_in(door: FrontDoor) -> FrontDoor:
    await door.sign_in()
    return door


def test_the_list_is_what_the_services_of_this_version_offer_people():
    """Their committed documents, which `tests/contract` holds against the code."""
    of_this_version = {name: set(passed_of(document)) for name, document in committed().items()}
    assert {name: set(passed) for name, passed in read_passed(NAMES).items()} == of_this_version


def test_nothing_of_machines_and_operators_is_on_the_list():
    paths = {f"{name}{each.path.pattern}" for name, passed in read_passed(NAMES).items() for each in passed}
    told = ("dead", "undeliverable", "verification", "metrics", "readyz", "livez", "development", "session$")
    assert [path for path in paths if any(word in path for word in told)] == []
    assert {"operations", "development", "probes"} <= NOT_FOR_PEOPLE


async def test_what_is_asked_and_answered_passes_with_a_short_list_of_headers(signed_in: FrontDoor):
    sent = {
        "if-match": '"6"',
        "idempotency-key": "key-1",
        "traceparent": f"00-{'1' * 32}-{'2' * 16}-01",
        "x-purpose": "care",
        "x-forwarded-for": "10.0.0.1",
        "x-forwarded-host": "evil.example",
        "forwarded": "host=evil.example",
        "authorization": "Bearer mine",
        "te": "trailers",
        "x-anything": "else",
    }
    answer = await signed_in.http.post(CLAIM, json={"note": "n"}, headers=sent | await signed_in.proof())
    assert answer.json() == {"path": "/items/0190/claim", "query": "", "method": "POST"}
    [asked] = signed_in.behind.asked
    passed = {name for name in asked.headers if name in sent}
    assert passed == {"if-match", "idempotency-key", "traceparent", "x-purpose", "authorization"}
    assert asked.headers["authorization"] != "Bearer mine"
    assert "x-huddle-csrf" not in asked.headers
    assert await asked.body() == b'{"note":"n"}'
    assert answer.headers["etag"] == '"7"'
    assert answer.headers["location"] == "/api/worklist/items/1"
    assert not {"set-cookie", "x-powered-by"} & set(answer.headers)
    assert asked.headers["x-correlation-id"] == answer.headers["x-correlation-id"]


async def test_a_query_passes_as_it_was_sent(signed_in: FrontDoor):
    answer = await signed_in.http.get("/api/worklist/queues/nursing?at=2027-01-04T13%3A00Z&a=%2F..&a=b")
    assert answer.json()["query"] == "at=2027-01-04T13%3A00Z&a=%2F..&a=b"


async def test_who_is_not_signed_in_is_told_so_and_the_service_is_not_asked(door: FrontDoor):
    answer = await door.http.get(QUEUES)
    assert (answer.status_code, answer.json()["type"]) == (401, "urn:huddle:problem:signed-out")
    assert door.behind.asked == []


@pytest.mark.parametrize("shown", [{}, {"x-huddle-csrf": ""}, {"x-huddle-csrf": "guessed"}])
@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
async def test_a_change_needs_the_proof_of_the_session(
    signed_in: FrontDoor, method: str, shown: dict[str, str]
):
    paths = {"POST": CLAIM, "PATCH": "/api/referral/patients/1", "DELETE": "/api/care_plan/drafts/1"}
    answer = await signed_in.http.request(method, paths[method], headers=shown)
    assert answer.status_code in (403, 404, 405)
    assert signed_in.behind.asked == []


async def test_a_change_from_another_site_is_refused_even_with_the_proof(signed_in: FrontDoor):
    headers = await signed_in.proof() | {"sec-fetch-site": "cross-site"}
    answer = await signed_in.http.post(CLAIM, json={}, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:huddle:problem:not-proven")


TRICKS = {
    "dots": "/api/worklist/../referral/queues",
    "dots at the end": "/api/worklist/queues/..",
    "escaped dots": "/api/worklist/%2e%2e/queues",
    "an escaped slash": "/api/worklist/queues%2Fnursing",
    "an escaped backslash": "/api/worklist/queues%5Cnursing",
    "a backslash": "/api/worklist\\queues",
    "an escaped letter": "/api/worklist/%71ueues",
    "a doubled slash": "/api/worklist//queues",
    "a slash at the end": "/api/worklist/queues/",
    "a doubled slash first": "//api/worklist/queues",
    "an address": "/api/http://evil.example/queues",
    "an address as a path": "/api/worklist/http://evil.example",
    "a host": "/api/evil.example/queues",
    "an at sign": "/api/worklist@evil.example/queues",
    "a semicolon": "/api/worklist/queues;x=1",
    "a null": "/api/worklist/queues%00",
    "a service that is none": "/api/postgres/queues",
    "no service": "/api//queues",
    "an operator's path": "/api/worklist/dead-letters",
    "a probe": "/api/worklist/metrics",
    "the simulated clock": "/api/worklist/development/clock",
    "another service's path": "/api/worklist/referrals/1",
    "the services' own session": "/api/worklist/session",
}


@pytest.mark.parametrize("trick", TRICKS)
def test_a_path_that_would_lead_elsewhere_is_not_on_the_list(trick: str):
    service, _, path = TRICKS[trick].removeprefix("/api/").partition("/")
    with pytest.raises(Problem) as refused:
        check_passed(ALL, service, "GET", f"/{path}")
    assert refused.value.status == 404


async def test_no_path_leads_elsewhere(signed_in: FrontDoor):
    said = {
        trick: (await signed_in.raw(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1"))[0]
        for trick, path in TRICKS.items()
    }
    assert {trick: status for trick, status in said.items() if status not in (400, 404)} == {}
    assert signed_in.behind.asked == []


async def test_an_absolute_address_in_the_request_line_leads_nowhere_else(signed_in: FrontDoor):
    status, _ = await signed_in.raw("GET http://evil.example/queues HTTP/1.1\r\nHost: evil.example")
    assert status == 404
    assert signed_in.behind.asked == []


@pytest.mark.parametrize(
    "headers", ["Host: evil.example", "Host: 127.0.0.1\r\nX-Forwarded-Host: evil.example"]
)
async def test_no_host_changes_where_it_goes(signed_in: FrontDoor, headers: str):
    status, said = await signed_in.raw(f"GET {QUEUES} HTTP/1.1\r\n{headers}")
    assert status == 200
    [asked] = signed_in.behind.asked
    assert asked.headers["host"] == signed_in.app.state.passing.services["worklist"].removeprefix("http://")
    assert b"evil" not in said
    _, begun = await signed_in.raw(f"GET /board/medical HTTP/1.1\r\n{headers}")
    assert b"evil" not in begun


async def test_no_other_method_passes(signed_in: FrontDoor):
    proof = (await signed_in.proof())["x-huddle-csrf"]
    tail = f"Host: 127.0.0.1\r\nX-Huddle-CSRF: {proof}\r\nX-HTTP-Method-Override: GET"
    methods = ("PUT", "POST", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT", "PROPFIND")
    said = {each: (await signed_in.raw(f"{each} {QUEUES} HTTP/1.1\r\n{tail}"))[0] for each in methods}
    assert {method: status for method, status in said.items() if status not in (400, 405)} == {}
    assert signed_in.behind.asked == []


async def test_a_service_that_is_away_is_named_and_the_others_work_on(signed_in: FrontDoor):
    away = await signed_in.http.get("/api/referral/rules")
    assert (away.status_code, away.json()["service"]) == (503, "referral")
    assert away.headers["retry-after"]
    assert (await signed_in.http.get(QUEUES)).status_code == 200


async def test_a_service_that_takes_too_long_is_named(signed_in: FrontDoor, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(passing, "ANSWER_SECONDS", 0.05)
    never = asyncio.Event()

    async def slow(request: Request) -> Response:
        await asyncio.wait([asyncio.ensure_future(never.wait())], timeout=5)
        return JSONResponse({})

    signed_in.behind.says = slow
    answer = await signed_in.http.get(QUEUES)
    never.set()
    assert (answer.status_code, answer.json()["service"]) == (504, "worklist")


NONSENSE = {
    "a page": HTMLResponse("<script>alert(1)</script>"),
    "an error that is no problem": JSONResponse({"oops": 1}, 500),
    "broken JSON": Response(b'{"a": ', media_type="application/json"),
    "a way elsewhere": RedirectResponse("https://evil.example/", 302),
    "nothing of a kind": Response(b"x"),
}


@pytest.mark.parametrize("said", NONSENSE.values(), ids=NONSENSE.keys())
async def test_an_answer_that_no_service_gives_does_not_reach_the_browser(
    signed_in: FrontDoor, said: Response
):
    async def nonsense(request: Request) -> Response:
        return said

    signed_in.behind.says = nonsense
    answer = await signed_in.http.get(QUEUES)
    assert (answer.status_code, answer.json()["service"]) == (502, "worklist")
    assert answer.headers["content-type"] == MEDIA_TYPE


async def test_what_does_not_even_speak_http_is_nonsense(signed_in: FrontDoor):
    async def garbage(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"SSH-2.0-OpenSSH_9.9\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(garbage, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        services = signed_in.app.state.passing.services
        services |= {"worklist": f"http://127.0.0.1:{port}"}
        assert (await signed_in.http.get(QUEUES)).status_code == 502


async def test_the_services_refusal_passes_as_it_is(signed_in: FrontDoor):
    problem = {
        "type": "urn:huddle:problem:stale",
        "title": "Somebody was faster",
        "status": 412,
        "detail": "d",
    }

    async def refused(request: Request) -> Response:
        return Response(json.dumps(problem).encode(), 412, media_type=MEDIA_TYPE)

    signed_in.behind.says = refused
    answer = await signed_in.http.post(CLAIM, json={}, headers=await signed_in.proof())
    assert (answer.status_code, answer.json()) == (412, problem)


async def test_a_stream_passes_as_it_comes_and_ends_when_the_browser_goes(signed_in: FrontDoor):
    async with signed_in.http.stream("GET", "/api/worklist/queues/nursing/stream") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        pieces = answer.aiter_raw()
        assert [await anext(pieces) for _ in range(2)] == [b"event: beat\nid: 1\ndata: {}\n\n"] * 2
        assert not signed_in.behind.left.is_set()
    async with asyncio.timeout(5):
        await signed_in.behind.left.wait()


async def test_a_stream_ends_with_the_token_that_it_was_opened_with(door: FrontDoor):
    await door.sign_in()
    session = door.app.state.signing_in.sessions.of(dict(door.http.cookies))
    door.later = session.tokens.expires - door.app.state.signing_in.sessions.now() - 21
    path = "/api/worklist/queues/nursing/stream"
    async with asyncio.timeout(30), door.http.stream("GET", path) as answer:
        left = passing.stream_seconds(session, door.app.state.signing_in.sessions)
        assert answer.is_success
        assert left <= 21


async def test_a_body_that_is_too_large_is_not_passed(signed_in: FrontDoor):
    large = b"x" * (1024 * 1024 + 1)
    answer = await signed_in.http.post(CLAIM, content=large, headers=await signed_in.proof())
    assert answer.status_code == 413
    assert signed_in.behind.asked == []


async def test_a_query_that_is_too_long_is_not_passed(signed_in: FrontDoor):
    answer = await signed_in.http.get(f"{QUEUES}?q={'x' * 9000}")
    assert answer.status_code == 414
    assert isinstance(answer, httpx.Response)


async def test_a_stream_ends_with_signing_out(signed_in: FrontDoor):
    async with signed_in.http.stream("GET", "/api/worklist/queues/nursing/stream") as view:
        pieces = view.aiter_raw()
        await anext(pieces)
        out = await signed_in.http.post("/board/sign-out", headers=await signed_in.proof())
        assert out.status_code == 303
        async with asyncio.timeout(5):
            async for _ in pieces:
                pass
    async with asyncio.timeout(5):
        await signed_in.behind.left.wait()
