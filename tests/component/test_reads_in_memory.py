"""What is read of a person is read on every store, without SQL of its own."""

from tests.support.feed import PATIENT
from tests.support.ward import Ward


async def test_the_running_plan_of_a_patient_is_shown_by_a_clinic_in_memory_too() -> None:
    ward = await Ward().open()
    assert (await ward.reads(f"/patients/{PATIENT}/plan")).status_code == 404
    ended = (await ward.plan())["plan_id"]
    await ward.asks(f"/plans/{ended}/revoke", reason="entered_in_error")
    assert (await ward.reads(f"/patients/{PATIENT}/plan")).json()["id"] == ended
    running = (await ward.plan())["plan_id"]
    assert (await ward.reads(f"/patients/{PATIENT}/plan")).json()["id"] == running


async def test_a_purpose_that_nobody_knows_is_refused_before_anything_is_written() -> None:
    ward = await Ward().open()
    plan = (await ward.plan())["plan_id"]
    tables = ward.clinic.system.workers["care_plan"].tables
    before = len(await tables.rows("idempotency"))
    answer = await ward.clinic.request(
        *("POST", "care_plan", f"/plans/{plan}/resume", "paul.okafor"),
        json={},
        headers={"x-purpose": "curiosity", "idempotency-key": "once"},
    )
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:huddle:problem:unknown-purpose")
    assert len(await tables.rows("idempotency")) == before
