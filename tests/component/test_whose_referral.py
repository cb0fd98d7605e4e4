"""Every route that takes a referral refuses another patient's and nobody's. The routes are found, not listed."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pytest

from backbone.ids import ROOT, derive
from schemas.referral.v1.referral import ReferralAccepted
from services.scheduling.service import SERVICE as SCHEDULING
from tests.support.feed import PATIENT, REFERRAL
from tests.support.hard_days import PAUL
from tests.support.promised import published
from tests.support.ward import EXERCISE, GOAL, OTHER_PATIENT, OTHER_REFERRAL, Ward

NOBODYS = derive(ROOT, "nobody's referral")
TIMES = ("2027-03-25T13:00:00Z", "2027-03-25T14:30:00Z")
ROWS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "draft_plan": ("care_plan", {"goals": [GOAL], "activities": [EXERCISE]}),
    "request_measures": (
        "care_plan",
        {"occasion": "review", "instruments": ["peg"], "due_on": "2027-03-01"},
    ),
    "record_contact": ("care_plan", {"kind": "welfare", "result": "reached"}),
    "ask_team": ("care_plan", {"question": "Is surgery still open?"}),
    "order_investigation": ("care_plan", {"kind": "mri"}),
    "record_unavailability": ("scheduling", {"kind": "patient_advised", "start": "2027-03-10"}),
    "plan_joint_day": ("scheduling", {"mode": "phone"}),
}
"""An example of a body for each, without the ids of patient and referral."""
CLINICIANS_ONLY = {"order_investigation"}


def taking_a_referral(document: Any) -> Iterator[tuple[str, str, bool]]:
    """Operation, path, and whether the patient stands in the body."""
    for path, operations in document["paths"].items():
        for operation in operations.values():
            named = fields(document, operation)
            if "referral_id" in named:
                yield operation["operationId"], path, "patient_id" in named


def fields(document: Any, operation: Any) -> Mapping[str, Any]:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
    return dict(document["components"]["schemas"].get(name, {}).get("properties", {}))


@pytest.fixture(scope="module")
def found() -> Mapping[str, tuple[str, bool]]:
    return {
        operation: (path, in_body)
        for document in published().values()
        for operation, path, in_body in taking_a_referral(document)
    }


def test_every_such_route_has_a_row(found: Mapping[str, tuple[str, bool]]) -> None:
    assert set(found) == set(ROWS)


@pytest.fixture
async def ward() -> Ward:
    """Both referrals are known to both services."""
    ward = await Ward(beside=(SCHEDULING,)).open()
    for patient, referral in ((PATIENT, REFERRAL), (OTHER_PATIENT, OTHER_REFERRAL)):
        accepted = ReferralAccepted(
            category="cat_2", target_date=date(2027, 5, 4), decided_by=ward.clinic.staff("nora.quinn")
        )
        await ward.feed.tell(accepted, patient=patient, referral=referral)
    return ward


@pytest.mark.parametrize("referral", [OTHER_REFERRAL, NOBODYS], ids=["another's", "nobody's"])
@pytest.mark.parametrize("operation", ROWS)
async def test_a_route_refuses_a_referral_that_is_not_the_patients(
    ward: Ward, found: Mapping[str, tuple[str, bool]], operation: str, referral: str
) -> None:
    service, body = ROWS[operation]
    path, in_body = found[operation]
    whose = {"patient_id": PATIENT} if in_body else {}
    said = {**body, **whose, "referral_id": referral}
    if operation == "plan_joint_day":
        said["legs"] = [leg(ward, no, start) for no, start in enumerate(TIMES)]
    before = len(ward.clinic.facts())
    who = PAUL if operation in CLINICIANS_ONLY else "cora.lind"
    answer = await ward.clinic.request("POST", service, path.format(patient_id=PATIENT), who, json=said)
    assert answer.status_code in (404, 409), answer.text
    assert len(ward.clinic.facts()) == before


def leg(ward: Ward, no: int, start: str) -> dict[str, Any]:
    slot = {"clinician_id": ward.clinic.staff("fay.dunn"), "start": start}
    return {"booking_request_id": derive(ROOT, f"request {no}"), "slot": slot}
