"""The development issuer as a provider: it answers its own client only, and once."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from cli import provider
from cli.issuer import ISSUER, Issuer
from cli.people import members
from cli.provider import Registered, build, challenge_of

BACK = "http://127.0.0.1:8100/board/sign-in/callback"
VERIFIER = "v" * 43
ASKED = {
    "client_id": provider.CLIENT,
    "redirect_uri": BACK,
    "response_type": "code",
    "state": "s",
    "nonce": "n",
    "code_challenge": challenge_of(VERIFIER),
    "code_challenge_method": "S256",
}


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    app = build(
        Issuer(tmp_path), Registered("http://public", BACK, "http://127.0.0.1:8100/board/sign-out"), members()
    )
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://issuer:8080", trust_env=False
    ) as client:
        yield client


async def code(http: httpx.AsyncClient) -> str:
    chosen = await http.post("/authorize", params=ASKED, data={"staff": members()[0].id})
    return httpx.URL(chosen.headers["location"]).params["code"]


async def redeemed(http: httpx.AsyncClient, given: str, **changed: str) -> httpx.Response:
    form = {
        "grant_type": "authorization_code",
        "code": given,
        "code_verifier": VERIFIER,
        "redirect_uri": BACK,
    }
    return await http.post("/token", data=form | changed)


async def test_browsers_and_processes_may_reach_it_by_different_addresses(http: httpx.AsyncClient):
    told = (await http.get("/.well-known/openid-configuration")).json()
    assert told["issuer"] == ISSUER
    assert told["authorization_endpoint"] == "http://public/authorize"
    assert told["token_endpoint"] == "http://issuer:8080/token"


async def test_the_page_shows_everybody_with_role_and_discipline(http: httpx.AsyncClient):
    page = (await http.get("/authorize", params=ASKED)).text
    assert all(member.name in page for member in members())
    assert "triage nurse, nurse · nursing" in " ".join(page.split())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("client_id", "other"),
        ("redirect_uri", "http://evil.example/"),
        ("response_type", "token"),
        ("code_challenge", ""),
        ("code_challenge_method", "plain"),
    ],
)
async def test_it_answers_nobody_but_its_client(http: httpx.AsyncClient, name: str, value: str):
    for method in ("GET", "POST"):
        answer = await http.request(method, "/authorize", params=ASKED | {name: value})
        assert (answer.status_code, "location" in answer.headers) == (400, False)


async def test_a_code_needs_its_verifier_and_counts_once(http: httpx.AsyncClient):
    assert (await redeemed(http, await code(http), code_verifier="w" * 43)).status_code == 400
    given = await code(http)
    assert (await redeemed(http, given)).json()["token_type"] == "Bearer"
    assert (await redeemed(http, given)).json() == {"error": "invalid_grant"}


async def test_a_refresh_token_counts_once_and_is_no_code(http: httpx.AsyncClient):
    refresh = (await redeemed(http, await code(http))).json()["refresh_token"]
    assert (await redeemed(http, refresh)).status_code == 400
    form = {"grant_type": "refresh_token", "refresh_token": refresh}
    assert (await http.post("/token", data=form)).status_code == 200
    assert (await http.post("/token", data=form)).status_code == 400


def test_production_refuses_it(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setenv("HUDDLE_ENVIRONMENT", "production")
    assert provider.main() == 78
    assert "refused in production" in capsys.readouterr().err
