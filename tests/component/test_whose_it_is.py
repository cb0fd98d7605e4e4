"""Whose a fact is: what is found about a patient says so on the fact, on the row, in the answer and on the timeline."""

from collections.abc import Mapping
from typing import Any

import pytest

from backbone.engine.generic import kinds_of
from backbone.http.identity import Principal
from backbone.ids import ROOT, derive
from backbone.model import Service
from schemas.topics import queue_topic
from services.care_plan.service import SERVICE as CARE_PLAN
from services.worklist.service import SERVICE as WORKLIST
from tests.support.feed import Feed
from tests.support.memory_clinic import MemoryClinic
from tests.support.services import ALL
from tests.support.stories import Story
from tests.support.ward import RECEIVED

pytestmark = pytest.mark.wide

PATIENT, REFERRAL = derive(ROOT, "a patient"), derive(ROOT, "a referral")
BELONGS = {"patient_id": PATIENT, "referral_id": REFERRAL}


@pytest.fixture
async def clinic() -> MemoryClinic:
    """The referral is known."""
    alex = Principal("patient", PATIENT, (), (), "Alex")
    clinic = MemoryClinic("2027-02-25 13:00", (CARE_PLAN, WORKLIST), {"alex": alex})
    await Feed(clinic.system).tell(RECEIVED, patient=PATIENT, referral=REFERRAL)
    return clinic


def headers(clinic: MemoryClinic, wire_type: str) -> Mapping[str, str]:
    """Of the last such fact."""
    told = [message.headers for log in clinic.system.log.values() for message in log]
    return [each for each in told if each.get("ce_type") == wire_type][-1]


def whose(clinic: MemoryClinic, wire_type: str) -> dict[str, Any]:
    found = headers(clinic, wire_type)
    return {"patient_id": found.get("ce_patientid"), "referral_id": found.get("ce_referralid")}


async def test_an_alert_says_whose_it_is_wherever_it_is_seen(clinic: MemoryClinic) -> None:
    asked = {"occasion": "baseline", "instruments": ["phq9"], "due_on": "2027-03-01", **BELONGS}
    made = await clinic.ask("POST", "care_plan", "/measure-requests", "paul.okafor", json=asked)
    path = f"/measure-requests/{made['request_id']}/answers"
    await clinic.ask("POST", "care_plan", path, "alex", json={"answers": {"phq9": [1] * 8 + [2]}})
    assert whose(clinic, "care_plan.safety_alert_raised.v1") == BELONGS
    [row] = [
        each
        for each in clinic.table(queue_topic("psychology")).values()
        if each["item_type"] == "SAFETY_ALERT"
    ]
    assert {name: row[name] for name in BELONGS} == BELONGS
    alert = f"/safety-alerts/{row['subject_id']}/acknowledge"
    answer = await clinic.ask("POST", "care_plan", alert, "paul.okafor")
    assert {name: answer[name] for name in BELONGS} == BELONGS
    told = clinic.system.workers["worklist"].store.tables.timeline
    assert [each.lane_key for each in told if each.type == "care_plan.safety_alert_raised.v1"] == [PATIENT]


async def test_what_a_pharmacist_finds_says_whose_it_is_though_no_list_of_medicines_is_known(
    clinic: MemoryClinic,
) -> None:
    goal = {"text": "Walk", "baseline_level": -1, "domain": "walking", "target_on": "2027-06-24"}
    review = {"discipline": "pharmacy", "kind": "medication_review", "sessions": 2}
    plan = {"goals": [goal], "activities": [review], **BELONGS}
    made = await clinic.ask("POST", "care_plan", "/plans", "paul.okafor", json=plan)
    await clinic.ask(
        "POST",
        "care_plan",
        f"/plans/{made['plan_id']}/activate",
        "paul.okafor",
        json={"patient_agreement": True},
    )
    activity = f"/activities/{made['activity_ids'][0]}"
    for path, body in (("accept", None), ("start", None), ("sessions", {})):
        await clinic.ask("POST", "care_plan", f"{activity}/{path}", "rosa.vidal", json=body)
    assert whose(clinic, "care_plan.opioid_exposure_assessed.v1") == BELONGS


KINDS = {(service.name, kind.kind): kind for service in ALL for kind in kinds_of(service).values()}


@pytest.mark.parametrize("service", ALL, ids=lambda service: service.name)
async def test_facts_that_may_be_nobodys_are_taken_as_such(service: Service) -> None:
    """A meeting has no patient, a consent no referral, a parked key sometimes neither."""
    for wire_type, fact in service.consumed.items():
        kind = KINDS[wire_type.partition(".")[0], fact.aggregate]
        await Story(service, 1).tell(wire_type, lane=kind.has_lane is True, pathway=kind.has_pathway is True)
