"""Whatever key a record had: what is parked under it can be shown, tried again and skipped at its address."""

from urllib.parse import quote

import httpx
import pytest

from backbone.http.application import Hosting, build
from backbone.http.identity import Principal
from backbone.telemetry import Metrics
from tests.support.effects_suite import SampleSystem, sample_system
from tests.support.parking_suite import OPERATOR, made, sample, take
from tests.support.referral_http import TrustingIdentity, by

OPERATIONS = by(Principal("user", OPERATOR.id or "", ("operations",), (), "Operations"))
KEYS = (
    b"a/retry",
    b"retry",
    b"?#%00",
    "\u00e9 \u00df".encode(),
    b"//",
    b"..",
    b"a/../b",
    b"\0",
    b"k" * 5_000,
    None,
)


def http_of(system: SampleSystem) -> httpx.AsyncClient:
    """The service as an operator asks it."""
    worker = sample(system)
    hosting = Hosting(lambda: True)
    app = build(worker.runtime, TrustingIdentity(), worker.parking, Metrics(), hosting)  # type: ignore[arg-type]
    transport = httpx.ASGITransport(app)
    return httpx.AsyncClient(transport=transport, base_url="http://sample", headers=OPERATIONS)


@pytest.mark.parametrize("key", KEYS, ids=lambda key: repr(key)[:12])
async def test_a_key_can_be_shown_tried_again_and_skipped(key: bytes | None) -> None:
    system = sample_system(None)
    await take(system, made(system, "open")._replace(key=key, value=b"{"))
    async with http_of(system) as http:
        [parked] = (await http.get("/dead-letters")).json()
        address = f"/dead-letters/{quote(parked['key'], safe='')}"
        [shown] = (await http.get(address)).json()
        assert (shown["reason"], shown["error"]) == ("unparsable", "Unparsable")
        assert (await http.post(f"{address}/retry")).json()["waiting"] == 1
        assert (await http.post(f"{address}/skip")).json() == {"skipped": shown["record_id"]}
        assert (await http.get("/dead-letters")).json() == []
        assert (await http.post(f"{address}/retry")).json() == {"handled": 0, "waiting": 0, "error": None}


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/dead-letters/%00"), ("POST", "/dead-letters/a%00b/retry"), ("GET", "/dead-letters?after=%00")],
)
async def test_what_no_table_takes_is_no_address(method: str, path: str) -> None:
    """PostgreSQL refuses the character: a mistake of ours, before."""
    async with http_of(sample_system(None)) as http:
        answer = await http.request(method, path)
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:huddle:problem:nul-in-address")
