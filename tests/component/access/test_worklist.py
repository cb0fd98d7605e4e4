"""Who may do what with queues, items and timelines: every route, every kind of caller; a refusal leaves nothing."""

from contextlib import asynccontextmanager
from typing import Any

import pytest

from backbone.http import views
from backbone.ids import ROOT, derive
from config.staff import CLINICIANS
from schemas.care_plan.v1.consultation import ConsultationCompleted
from schemas.care_plan.v1.measure import MeasureScored
from schemas.care_plan.v1.safety import SafetyAlertRaised
from schemas.fact import Fact
from schemas.referral.v1.medication import MedicationsListed
from schemas.referral.v1.referral import TriageSuggested
from schemas.topics import queue_topic
from services.worklist.service import SERVICE
from services.worklist.timeline.queries import TIMELINE
from tests.support.access import READERS, STAFF, Nothing, Row, SilentStore, at, differences
from tests.support.examples import example_fact
from tests.support.feed import PATIENT, REFERRAL, Feed
from tests.support.memory_clinic import MemoryClinic
from tests.support.referral_facts import triage_suggested

WORK_IN_NURSING = frozenset({"triage_nurse", "nurse"})
NURSE = "nora.quinn"
LEAD_NURSING = frozenset({"service_manager", "clinical_lead"})
TO_MEDICAL = {"queue": "medical", "reason": "other_expertise"}


def closed_feed() -> views.Feed:
    """A view ends after its first frame."""
    feed = views.Feed(NoPool(), "")
    feed.closed = True
    return feed


class NoPool:
    """Connections on which every query finds nothing."""

    @asynccontextmanager
    async def acquire(self) -> Any:
        yield self

    @asynccontextmanager
    async def transaction(self, **_: Any) -> Any:
        yield

    async def fetch(self, *_: Any) -> list[Any]:
        return []

    async def fetchval(self, *_: Any) -> int:
        return 1


HEARD = (ConsultationCompleted, MeasureScored, MedicationsListed, SafetyAlertRaised, TriageSuggested)


class HeardStore(SilentStore):
    """In which a timeline has one of each fact that says what was found; every other query finds nothing."""

    @asynccontextmanager
    async def connection(self) -> Any:
        yield Heard()


class Heard(Nothing):
    async def fetch(self, query: str, *_: Any) -> Any:
        return [row(example_fact(each)) for each in HEARD] if query == TIMELINE else []


def row(fact: Fact) -> dict[str, Any]:
    ids = {"id": 1, "type": fact.wire_type, "occurred_at": "2027-01-11T15:00:00Z", "aggregate_id": REFERRAL}
    return {**ids, "rules": None, "data": fact.model_dump_json(exclude={"type"})}


async def test_every_route_answers_each_kind_of_caller_as_the_table_says() -> None:
    clinic = MemoryClinic("2027-01-11 10:00", (SERVICE,), {}, {"worklist": HeardStore()})
    clinic.apps["worklist"].state.feed = closed_feed()
    await Feed(clinic.system).tell(triage_suggested())
    await Feed(clinic.system).tell(triage_suggested(), referral=derive(ROOT, "another referral"))
    await Feed(clinic.system).tell(triage_suggested(), referral=derive(ROOT, "a third referral"))
    waiting, claimed, held = sorted(clinic.table(queue_topic("nursing")))
    seen = {"if-match": '"2"'}
    taken = await clinic.ask("POST", "worklist", f"/items/{claimed}/claim", NURSE, headers=seen)
    path, until = f"/items/{held}/hold", {"reason": "waits_for_date", "resume_on": "2027-02-01"}
    await clinic.ask("POST", "worklist", path, "mina.cho", json=until, headers=seen)
    rows = {
        name: row._replace(
            path={
                "item_id": claimed if name in OF_A_CLAIMED_ITEM else waiting,
                "queue": "nursing",
                "patient_id": PATIENT,
            },
            headers={"if-match": f'"{taken["version"]}"'} if name in OF_A_CLAIMED_ITEM else seen,
        )
        for name, row in ROWS.items()
    }
    rows["resume_item"] = at(rows["resume_item"], item_id=held)._replace(headers={"if-match": '"3"'})
    found = await differences(clinic, SERVICE, rows, PATIENT)
    assert not found, "\n".join(found)


OF_A_CLAIMED_ITEM = frozenset({"keep_item", "release_item", "undo_transition"})
"""Claimed by somebody else; the other routes are asked about one that waits."""

WORK = READERS | {"service_manager", "privacy_officer"}
BOARD = WORK | {"display"}
ROWS = {
    "list_queues": Row(STAFF),
    "get_queue": Row(BOARD),
    "follow_queue": Row(BOARD),
    "follow_queues": Row(BOARD, query="?queues=nursing,medical"),
    "get_waits": Row(frozenset({"service_manager", "clinical_lead", "medical_director"})),
    "get_next_step": Row(WORK),
    "get_item": Row(WORK),
    "get_item_history": Row(WORK),
    "get_item_actions": Row(WORK),
    "claim_item": Row(WORK_IN_NURSING),
    "keep_item": Row(frozenset()),
    "release_item": Row(LEAD_NURSING),
    "transfer_item": Row(LEAD_NURSING, body=TO_MEDICAL),
    "hold_item": Row(LEAD_NURSING, body={"reason": "waits_for_date", "resume_on": "2027-02-01"}),
    "resume_item": Row(WORK_IN_NURSING),
    "escalate_item": Row(LEAD_NURSING),
    "reprioritise_item": Row(LEAD_NURSING, body={"priority": "stat"}),
    "undo_transition": Row(LEAD_NURSING),
    "get_timeline": Row(
        CLINICIANS | {"care_coordinator", "the patient"},
        hidden_from=frozenset({"another patient"}),
    ),
}


async def test_what_was_never_opened_is_not_there() -> None:
    clinic = MemoryClinic("2027-01-11 10:00", (SERVICE,), {}, {"worklist": SilentStore()})
    for item_id in (derive(ROOT, "no item"), REFERRAL, "7"):
        for path in ("", "/history", "/actions"):
            answer = await clinic.request("GET", "worklist", f"/items/{item_id}{path}", NURSE)
            assert answer.status_code == 404


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"/patients/{PATIENT}/timeline?cursor={2**63}", 422),
        (f"/patients/{PATIENT}/timeline?cursor=-1", 422),
        ("/patients/%00/timeline", 400),
        ("/items/%00", 400),
        ("/queues/nursing?cursor=WyIyMDI3LTAxLTA0VDE0OjAwOjAwWiIsWyJ4Il1d", 400),
        ("/queues/nursing?limit=501", 422),
        ("/queues/nursing?lmit=5", 400),
        ("/queues/radiology", 422),
        ("/queues/nursing?at=2027-01-11T15:00:00Z", 200),
        ("/queues/nursing?at=2027-01-10T15:00:00", 422),
        ("/queues/nursing?at=2027-01-11T15:00:01Z", 422),
        ("/queues/nursing?at=2026-12-11T14:59:59Z", 422),
        ("/queues/nursing?order=any", 422),
        (f"/queues/nursing/stream?after={2**64}-1", 200),
        (f"/stream?queues=nursing&after=x.{2**64}-1", 200),
        ("/stream?queues=nursing,medical,nursing", 200),
        ("/stream?queues=nursing,", 422),
        ("/stream?queues=radiology", 422),
        ("/stream", 422),
        ("/stream?queues=" + ",".join(["nursing"] * 10), 422),
    ],
)
async def test_what_is_out_of_range_is_told_so(path: str, status: int) -> None:
    clinic = MemoryClinic("2027-01-11 10:00", (SERVICE,), {}, {"worklist": SilentStore()})
    clinic.apps["worklist"].state.feed = closed_feed()
    assert (await clinic.request("GET", "worklist", path, NURSE)).status_code == status
