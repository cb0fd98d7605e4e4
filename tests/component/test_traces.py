"""A trace goes from a request through tables and topics to the queue and the message, and says what was committed."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from backbone.errors import Retryable, UnusableSettings
from backbone.http.identity import Principal
from backbone.ids import derive, random_id
from backbone.store.memory import MemoryStore, MemoryTransaction
from backbone.store.transact import transact
from backbone.tracing import Exported, NoSpans, Span, begun, exporting, kept, within
from services.notifications.service import SERVICE as NOTIFICATIONS
from services.referral.service import SERVICE as REFERRAL
from services.worklist.service import SERVICE as WORKLIST
from tests.support.memory_clinic import MemoryClinic
from tests.support.submissions import PRACTICE, a_patient, a_submission
from tests.support.traced import traced, tree

CALLER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
ARCHITECTURE = Path(__file__).parents[2] / "docs" / "architecture.md"
PHYSICIAN = "paul.okafor"


@pytest.fixture
def clinic() -> MemoryClinic:
    people = {"practice": Principal("referrer", PRACTICE)}
    return MemoryClinic("2027-01-04 10:00", (REFERRAL, NOTIFICATIONS, WORKLIST), people)


async def refer(clinic: MemoryClinic) -> Any:
    contact = {"phone": "(212) 555-0142", "consents": [{"channel": "sms", "purpose": "care"}]}
    body = a_submission(patient=a_patient() | {"contact": contact})
    headers = {"traceparent": CALLER}
    return await clinic.ask("POST", "referral", "/referrals", "practice", json=body, headers=headers)


async def triage(clinic: MemoryClinic, referral: Any, version: str) -> Any:
    body = {"category": "cat_3", "comment": "as referred", "accept": True}
    headers = {"if-match": version, "traceparent": CALLER}
    path = f"/referrals/{referral['id']}/triage"
    return await clinic.request("POST", "referral", path, PHYSICIAN, json=body, headers=headers)


def of_the_caller(exporter: InMemorySpanExporter) -> list[str]:
    return tree(exporter.get_finished_spans(), int(CALLER[3:35], 16))


async def test_a_referrals_trace_is_the_one_that_the_architecture_shows(clinic: MemoryClinic) -> None:
    exporter = traced(clinic.system)
    await refer(clinic)
    [shown] = re.findall(r"```text\n(referral: POST /referrals\n.*?)```", ARCHITECTURE.read_text(), re.DOTALL)
    assert of_the_caller(exporter) == shown.splitlines()


async def test_an_acceptance_goes_on_to_the_call_that_texts_the_patient(clinic: MemoryClinic) -> None:
    referral = await refer(clinic)
    exporter = traced(clinic.system)
    await triage(clinic, referral, '"1"')
    names = [line.strip() for line in of_the_caller(exporter)]
    assert names == ["referral: POST /referrals/{referral_id}/triage"]  # refused: nothing was decided
    exporter.clear()
    found = await clinic.request("GET", "referral", f"/referrals/{referral['id']}", PHYSICIAN)
    await triage(clinic, referral, found.headers["etag"])
    lines = of_the_caller(exporter)
    depth = {line.strip(): len(line) - len(line.lstrip()) for line in lines}
    way = ["referral: decide referral.accept", "notifications: handle referral.accepted.v1"]
    way += ["notifications: decide message.try_send", "notifications: call sms"]
    assert [depth[step] for step in way] == [2, 4, 10, 12]
    said = {span.name: span.attributes for span in exporter.get_finished_spans()}["decide referral.accept"]
    assert said is not None and said["huddle.facts"] == ("referral.accepted.v1",)


async def test_what_a_timer_brings_about_is_a_trace_of_its_own(clinic: MemoryClinic) -> None:
    await refer(clinic)
    exporter = traced(clinic.system)
    await clinic.at("2027-02-15 10:00")
    spans = exporter.get_finished_spans()
    timers = [span for span in spans if span.name.startswith("timer ")]
    assert timers and all(span.parent is None for span in timers)
    grown = [tree(spans, span.context.trace_id) for span in timers]
    assert any("worklist: decide item.escalate" in line for lines in grown for line in lines)


async def test_of_the_traces_that_begin_here_the_share_of_the_setting_is_kept_and_whole(
    clinic: MemoryClinic,
) -> None:
    exporter = traced(clinic.system, ratio=0.5)
    for number in range(40):
        await clinic.ask("POST", "referral", "/referrals", "practice", json=a_submission(f"R-{number}"))
    spans = exporter.get_finished_spans()
    asked = {span.context.trace_id for span in spans if span.name == "POST /referrals"}
    assert 5 <= len(asked) <= 35
    told = {span.context.trace_id for span in spans if span.name == "handle referral.received.v1"}
    assert told == asked


async def test_a_callers_trace_is_kept_as_the_caller_says(clinic: MemoryClinic) -> None:
    exporter = traced(clinic.system, ratio=0.0)
    await refer(clinic)
    assert len(of_the_caller(exporter)) > 20
    exporter = traced(clinic.system, ratio=1.0)
    headers = {"traceparent": CALLER[:-2] + "00"}
    await clinic.ask("POST", "referral", "/referrals", "practice", json=a_submission("R-2"), headers=headers)
    assert of_the_caller(exporter) == []


def test_ids_of_every_kind_are_kept_by_their_share() -> None:
    """Version and variant stand at fixed places of an id; a sampler reads the second half of a trace's number."""
    keeps = Exported(Broken(), "referral", 0.05).keeps
    kept_ones = [number for number in range(4_000) if kept(begun(derive(random_id(), str(number)), keeps))]
    assert 100 <= len(kept_ones) <= 320
    assert kept(begun(random_id())) and not kept(begun(random_id(), NoSpans().keeps))


class Uncommitted(MemoryStore):
    """Goes away while it commits."""

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[MemoryTransaction]:
        async with super().transaction() as tx:
            yield tx
            raise Retryable("the database is away")


async def test_nothing_is_told_of_what_is_not_committed() -> None:
    told = list[str]()

    async def work(tx: Any) -> None:
        tx.committed.append(lambda: told.append("told"))

    with pytest.raises(Retryable):
        await transact(Uncommitted(), work)
    assert told == []
    await transact(MemoryStore(), work)
    assert told == ["told"]


class Broken:
    """A span processor that fails."""

    def on_end(self, span: Any) -> None:
        raise KeyError(span.name)


async def test_a_mistake_in_telling_disturbs_no_work(clinic: MemoryClinic) -> None:
    for name, worker in clinic.system.workers.items():
        worker.engine.spans = Exported(Broken(), name)
    await refer(clinic)
    assert [item for item in clinic.open() if "REF_TRIAGE" in item]
    assert [await worker.store.parked_keys() for worker in clinic.system.workers.values()] == [[], [], []]


class Collector(BaseHTTPRequestHandler):
    """Takes what comes, as a collector would."""

    taken: ClassVar[list[tuple[str, bytes]]] = []

    def do_POST(self) -> None:
        self.taken.append((self.path, self.rfile.read(int(self.headers["content-length"]))))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *arguments: Any) -> None:
        """Says nothing."""


def test_spans_reach_a_collector() -> None:
    with HTTPServer(("127.0.0.1", 0), Collector) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        spans, processor = exporting(f"http://127.0.0.1:{server.server_port}/v1/traces", "referral")
        root = begun(random_id())
        spans.tell([Span("decide box.open", "internal", within(root, random_id()), root, 1, 2)])
        processor.shutdown()
        server.shutdown()
    [(path, body)] = Collector.taken
    assert path == "/v1/traces" and b"decide box.open" in body and bytes.fromhex(root[3:35]) in body


def test_who_wants_traces_without_the_libraries_is_told_where_they_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "opentelemetry.sdk.trace.export", None)
    with pytest.raises(UnusableSettings, match=r"requirements/traces\.txt"):
        exporting("http://127.0.0.1:4318/v1/traces", "referral")
