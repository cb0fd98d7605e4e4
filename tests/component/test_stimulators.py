"""PRC-07 over HTTP: a stimulator waits until a trial brought enough, and both until somebody evaluated the patient."""

from typing import Any

import pytest

from services.scheduling.gate.states import gate_id
from tests.support.planned_block import Clinic, ordered
from tests.support.procedure_dates import CORA, NURSE
from tests.support.treating import Rooms
from tests.support.ward import PHYSICIAN

PSYCHOLOGIST, EVALUATION = "priya.nair", "psychological_evaluation"
LEAD: dict[str, Any] = {
    "region": "thoracic",
    "side": "midline",
    "levels": ["T9"],
    "place": "office",
    "circumstances": [],
}


@pytest.mark.parametrize("brought", [{"relief_pct": 50}, {"relief_pct": 20, "analgesics_pct": 50}])
async def test_a_stimulator_asks_a_physician_until_its_trial_brought_enough(brought: dict[str, Any]) -> None:
    rooms = await Rooms().begin()
    trial = await rooms.order(LEAD, family="scs_trial")
    await rooms.order(LEAD, family="scs")
    assert rooms.asked() == ["PRC-07"] and rooms.has("OVERRIDE") == 1
    await rooms.done(trial, "2027-03-10 10:00", "one")
    assert rooms.has("OVERRIDE") == 1, "nobody knows what it brought"
    await rooms.asks(f"/procedures/{trial}/outcome", relief_pct=49, analgesics_pct=49)
    assert rooms.has("OVERRIDE") == 1
    await rooms.asks(f"/procedures/{trial}/outcome", **brought)
    assert rooms.has("OVERRIDE") == 0
    told = [
        each.fact["qualifies"] for each in rooms.clinic.facts() if each.name == "procedure_outcome_recorded"
    ]
    assert told == [False, True]


async def gates(clinic: Clinic) -> dict[str, str]:
    found = await clinic.ask("GET", "scheduling", f"/procedures/{clinic.procedure}/gates", NURSE)
    return {each["kind"]: each["status"] for each in found["gates"]}


@pytest.mark.parametrize("family", ["scs_trial", "scs"])
async def test_the_date_is_held_until_a_psychological_evaluation_is_shown_or_a_physician_goes_on(
    family: str,
) -> None:
    clinic = await ordered()
    [plan] = [each.subject for each in clinic.facts() if each.name == "plan_drafted"]
    order = LEAD | {"family": family}
    made = await clinic.ask("POST", "care_plan", f"/plans/{plan}/procedures", PHYSICIAN, json=order)
    clinic.procedure = made["procedure_id"]
    await clinic.at("2027-04-05 11:00")
    await clinic.book()
    assert EVALUATION in clinic.last("appointment_held").fact["open_gates"]
    gate = f"/gates/{gate_id(clinic.procedure, EVALUATION)}"
    for who in (NURSE, CORA):
        assert await clinic.refused(f"{gate}/evidence", who, met=True) == "not-permitted"
    await clinic.show(EVALUATION, PSYCHOLOGIST, clinic.procedure, met=False)
    assert (await gates(clinic))[EVALUATION] == "failed"
    assert await clinic.refused(f"{gate}/waive", PSYCHOLOGIST, reason="clinical_need") == "not-permitted"
    await clinic.show(EVALUATION, PSYCHOLOGIST, clinic.procedure)
    assert (await gates(clinic))[EVALUATION] == "satisfied"
