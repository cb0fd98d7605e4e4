"""The account of a screen that everybody passes: it sees the queues by numbers of items, and can do nothing."""

import json
from typing import Any

import pytest

from backbone.http.identity import Principal
from backbone.ids import ROOT, derive
from config.access import Right
from schemas.topics import QUEUES, queue_topic
from services.worklist.queue.documents import hidden_from
from services.worklist.queue.live import drawing
from services.worklist.service import SERVICE
from tests.component.access.test_worklist import closed_feed
from tests.support.access import SilentStore
from tests.support.desk import shipped_rules
from tests.support.feed import PATIENT, Feed
from tests.support.memory_clinic import MemoryClinic
from tests.support.referral_facts import triage_suggested

WALL = "wall.display"
NURSE = "nora.quinn"
OF_THE_PATIENT = {"patient_id", "referral_id", "category", "detail", "unverified"}


@pytest.fixture
async def clinic() -> MemoryClinic:
    clinic = MemoryClinic("2027-01-11 10:00", (SERVICE,), {}, {"worklist": SilentStore()})
    clinic.apps["worklist"].state.feed = closed_feed()
    await Feed(clinic.system).tell(triage_suggested(), rules=("drug.table@1",))
    return clinic


async def test_it_sees_all_queues_and_can_do_nothing_in_any(clinic: MemoryClinic) -> None:
    told = await clinic.ask("GET", "worklist", "/queues", WALL)
    said = {each["queue"]: (each["yours"], each["can"]) for each in told["queues"]}
    assert said == dict.fromkeys(QUEUES, (False, []))
    for path in ("/queues/nursing", "/queues/nursing/stream", f"/stream?queues={','.join(QUEUES)}"):
        assert (await clinic.request("GET", "worklist", path, WALL)).status_code == 200


async def test_it_opens_no_item_no_report_and_no_timeline_and_moves_nothing(clinic: MemoryClinic) -> None:
    [item_id] = clinic.table(queue_topic("nursing"))
    for path in (f"/items/{item_id}", f"/items/{item_id}/history", "/queues/nursing/waits"):
        assert (await clinic.request("GET", "worklist", path, WALL)).status_code == 403
    assert (await clinic.request("GET", "worklist", f"/patients/{PATIENT}/timeline", WALL)).status_code == 403
    for step in ("claim", "resume", "escalate", "undo"):
        answer = await clinic.request(
            "POST", "worklist", f"/items/{item_id}/{step}", WALL, headers={"if-match": '"2"'}
        )
        assert answer.status_code in (403, 409), step
        assert clinic.table(queue_topic("nursing"))[item_id]["version"] == 2


def drawn(who: tuple[str, ...], clinic: MemoryClinic) -> Any:
    runtime = clinic.system.workers["worklist"].runtime
    [row] = clinic.table(queue_topic("nursing")).values()
    hidden = hidden_from(Principal("user", derive(ROOT, "somebody"), who), runtime.rules)
    return json.loads(drawing(runtime, hidden)(json.dumps(row).encode()).data)


async def test_its_rows_name_no_patient_and_no_code_of_one(clinic: MemoryClinic) -> None:
    shown = drawn(("display",), clinic)
    assert (shown["number"] == 1 and shown["group"] == "today") or shown["group"] == "later"
    assert OF_THE_PATIENT.isdisjoint(shown)
    assert PATIENT not in json.dumps(shown)
    assert drawn(("triage_nurse",), clinic).keys() >= OF_THE_PATIENT


async def test_a_person_who_may_also_use_a_display_sees_what_their_other_roles_show(
    clinic: MemoryClinic,
) -> None:
    assert drawn(("display", "triage_nurse"), clinic).keys() >= OF_THE_PATIENT


def test_where_the_clinic_shows_a_display_labels_its_rows_say_whose_they_are() -> None:
    rules = shipped_rules()
    label = rules.access.kinds["label"]
    granted = Right(**label.model_dump() | {"may": {**label.may, "operations": ("display",)}})
    access = rules.access.model_copy(update={"kinds": {**rules.access.kinds, "label": granted}})
    wall = Principal("user", derive(ROOT, "a wall"), ("display",))
    assert "patient_id" in hidden_from(wall, rules)
    assert "patient_id" not in hidden_from(wall, rules.model_copy(update={"access": access}))
