"""What probes and operations staff are told, on a real database."""

from collections.abc import AsyncIterator
from typing import NamedTuple

import asyncpg
import httpx
import pytest

from backbone.clock import monotonic
from backbone.engine.generic import kinds_of
from backbone.http.application import Hosting, build
from backbone.http.identity import Principal
from backbone.http.readiness import ANSWER_SECONDS
from backbone.store.postgres import PostgresStore, open_pool
from backbone.telemetry import Metrics
from tests.support.deciding import START
from tests.support.memory_system import MemorySystem
from tests.support.referral_http import TrustingIdentity, by
from tests.support.sample import SAMPLE

OPERATOR = Principal("user", "22222222-2222-4222-8222-222222222222", ("operations",))
CLERK = Principal("user", "22222222-2222-4222-8222-222222222222", ("intake_clerk",))
EFFECT = "33333333-3333-4333-8333-333333333333"
ROWS = f"""
INSERT INTO undeliverable (id, shard, place, topic, key, value, headers, recorded_at, reason)
VALUES (7, 0, 'x.events/k/1', 'x.events', 'k/1', 'secret', '{{"ce_id":"{EFFECT}"}}', now(), 'too_large'),
       (9, 0, 'x.events/k/1', 'x.events', 'k/1', 'secret', '{{}}', now(), 'behind');
INSERT INTO effect (id, aggregate_kind, aggregate_id, name, kind, reads, body, attempt, stopped, stopped_at)
VALUES ('{EFFECT}', 'box', '{EFFECT}', 'announce', 'announcement', '{{}}', 'secret', 3, 'KeyError', now())"""


class Served(NamedTuple):
    http: httpx.AsyncClient
    connection: asyncpg.Connection


@pytest.fixture
async def served(sample_database: str) -> AsyncIterator[Served]:
    pool, connection = await open_pool(sample_database), await asyncpg.connect(sample_database)
    worker = MemorySystem(START, {SAMPLE: {}}, {"sample": PostgresStore(pool, kinds_of(SAMPLE))}).workers[
        "sample"
    ]
    hosting = Hosting(lambda: True)
    app = build(worker.runtime, TrustingIdentity(), worker.parking, Metrics(), hosting)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://sample") as http:
        yield Served(http, connection)
    await connection.close()
    await pool.close()


async def test_a_probe_does_not_wait_for_a_slow_database(served: Served) -> None:
    assert (await served.http.get("/readyz")).status_code == 200
    async with served.connection.transaction():
        await served.connection.execute("LOCK TABLE outbox IN ACCESS EXCLUSIVE MODE")
        began = monotonic()
        answer = await served.http.get("/readyz")
        assert monotonic() - began < 5 * ANSWER_SECONDS
    assert (answer.status_code, answer.json()["problems"]) == (503, ["database: TimeoutError"])


async def test_what_can_not_get_out_is_listed_and_sent_again_or_dropped_by_place(served: Served) -> None:
    http, headers = served.http, by(OPERATOR)
    await served.connection.execute(ROWS)
    answer = await http.get("/undeliverable", headers=headers)
    assert [(row["place"], row["rows"], row["reason"]) for row in answer.json()] == [
        ("x.events/k/1", 2, "too_large"),
        (f"effect/announcement/{EFFECT}", 1, "KeyError"),
    ]
    shown = await http.get("/undeliverable/x.events/k/1", headers=headers)
    assert [row["reason"] for row in shown.json()] == ["too_large", "behind"] and "secret" not in shown.text
    assert (await http.post("/undeliverable/x.events/k/1/skip", headers=headers)).json() == {
        "skipped": EFFECT
    }
    for place in ("x.events/k/1", f"effect/announcement/{EFFECT}"):
        assert (await http.post(f"/undeliverable/{place}/retry", headers=headers)).json() == {"again": 1}
        assert (await http.get(f"/undeliverable/{place}", headers=headers)).status_code == 404
    assert await served.connection.fetchval("SELECT id FROM outbox WHERE key = 'k/1'") == 9
    effect = await served.connection.fetchrow("SELECT * FROM effect")
    assert (effect["attempt"], effect["stopped"]) == (1, None)


async def test_a_call_that_stopped_is_dropped_by_name(served: Served) -> None:
    http, headers, place = served.http, by(OPERATOR), f"/undeliverable/effect/announcement/{EFFECT}"
    await served.connection.execute(ROWS)
    assert (await http.post(f"{place}/skip", headers=headers)).json() == {"skipped": EFFECT}
    assert (await http.post(f"{place}/skip", headers=headers)).status_code == 404
    assert await served.connection.fetchval("SELECT count(*) FROM effect") == 0


@pytest.mark.parametrize("path", ["", "/x", "/x/retry", "/x/skip"])
async def test_what_can_not_get_out_is_for_operators(served: Served, path: str) -> None:
    method = "POST" if path.count("/") > 1 else "GET"
    assert (await served.http.request(method, f"/undeliverable{path}")).status_code == 401
    answer = await served.http.request(method, f"/undeliverable{path}", headers=by(CLERK))
    assert answer.status_code == 403
