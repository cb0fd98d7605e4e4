"""Whatever key a record had: what is parked under it can be shown, tried again and skipped at its address."""

from urllib.parse import quote

import httpx
import pytest

from backbone.http.application import Hosting, build
from backbone.http.identity import Principal
from backbone.telemetry import Metrics
from tests.support.effects_suite import sample_system
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


@pytest.mark.parametrize("key", KEYS, ids=lambda key: repr(key)[:12])
async def test_a_key_can_be_shown_tried_again_and_skipped(key: bytes | None) -> None:
    system = sample_system(None)
    await take(system, made(system, "open")._replace(key=key, value=b"{"))
    worker = sample(system)
    hosting = Hosting(lambda: True)
    app = build(worker.runtime, TrustingIdentity(), worker.parking, Metrics(), hosting)  # type: ignore[arg-type]
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://sample", headers=OPERATIONS) as http:
        [parked] = (await http.get("/dead-letters")).json()
        address = f"/dead-letters/{quote(parked['key'], safe='')}"
        [shown] = (await http.get(address)).json()
        assert (shown["reason"], shown["error"]) == ("unparsable", "Unparsable")
        assert (await http.post(f"{address}/retry")).json()["waiting"] == 1
        assert (await http.post(f"{address}/skip")).json() == {"skipped": shown["record_id"]}
        assert (await http.get("/dead-letters")).json() == []
