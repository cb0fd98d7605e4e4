"""PRC-07: a stimulator for good follows a trial that brought enough, and both a psychological evaluation."""

from typing import Any

import pytest
from msgspec.structs import replace

from schemas.care_plan.v1.procedure import ProcedureOrdered, ProcedureOutcomeRecorded
from services.care_plan.procedure.commands import RecordOutcome
from services.care_plan.procedure.facts import LimitReached
from services.care_plan.procedure.states import Performed
from services.care_plan.procedure_record.states import Known
from tests.support.deciding import TARGET
from tests.unit.care_plan.procedures import VISIT, a_visit, an_order, beside, known, ordered, situation
from tests.unit.care_plan.situations import PHYSICIAN

BACK: dict[str, Any] = {"region": "thoracic", "side": "midline", "levels": ("T9",)}


def trial(relief: int | None = None, less: int | None = None, **more: Any) -> Known:
    return known("scs_trial", "2026-12-01", relief, **BACK | {"analgesics_pct": less} | more)


def order(*earlier: Known, family: str = "scs", payer: str | None = "medicare") -> tuple[Any, list[str]]:
    made = (
        situation(others=beside(*earlier, payer=payer)).when(PHYSICIAN, an_order(family, **BACK)).only_facts
    )
    told, *asked = made
    assert isinstance(told, ProcedureOrdered)
    return told, [each.rule for each in asked if isinstance(each, LimitReached)]


@pytest.mark.parametrize(
    ("earlier", "expected"),
    [
        ((), ["PRC-07"]),
        ((trial(49),), ["PRC-07"]),
        ((trial(49, 49),), ["PRC-07"]),
        ((trial(50),), []),
        ((trial(10, 50),), []),
        ((trial(None),), ["PRC-07"]),
        ((trial(80, counts=False),), ["PRC-07"]),
        ((trial(80, done=False),), ["PRC-07"]),
        ((trial(80, levels=("T11",), side="left"),), []),
        ((trial(80, region="lumbar", levels=("L1",)),), ["PRC-07"]),
        ((known("mbb_ct", "2026-12-01", 90),), ["PRC-07"]),
    ],
)
def test_a_stimulator_follows_a_trial_that_took_half_of_the_pain_or_of_the_analgesics(
    earlier: tuple[Known, ...], expected: list[str]
) -> None:
    told, asked = order(*earlier)
    assert asked == expected
    assert ("override" in told.gates) == bool(expected)
    assert (told.coverage_risk == "criteria") == bool(expected)


@pytest.mark.parametrize("payer", ["bcbs_nd", "evicore", "phc_medi_cal"])
def test_whichever_payer_says_nothing_else_is_as_the_default_one(payer: str) -> None:
    assert order(payer=payer)[1] == ["PRC-07"]
    assert order(trial(50), payer=payer)[1] == []


def test_a_trial_follows_nothing_and_the_stimulator_waits_for_what_it_brought() -> None:
    told, asked = order(family="scs_trial")
    assert asked == [] and "previous_outcome" not in told.gates
    waits, _ = order(trial(None))
    assert "previous_outcome" in waits.gates and waits.met == ()
    assert order(trial(60))[0].met == ("previous_outcome",)


@pytest.mark.parametrize("family", ["scs_trial", "scs"])
def test_both_follow_a_psychological_evaluation_and_the_payers_word(family: str) -> None:
    gates = order(trial(60), family=family)[0].gates
    assert {"psychological_evaluation", "authorisation", "procedure_consent"} <= set(gates)


@pytest.mark.parametrize(("relief", "less", "enough"), [(50, None, True), (49, 49, False), (0, 50, True)])
def test_what_the_trial_brought_says_whether_it_was_enough(
    relief: int, less: int | None, enough: bool
) -> None:
    mine = trial(procedure_id=TARGET)
    state = situation(ordered("scs_trial", **BACK)).world.state
    done = Performed(
        order=state.order,
        patient_id=state.patient_id,
        referral_id=state.referral_id,
        appointment_id=VISIT,
        ended_at=a_visit().start,
    )
    judged = RecordOutcome(relief_pct=relief, analgesics_pct=less)
    others = beside(replace(mine, on=a_visit().start.date()))
    made = situation(done, others=others).when(PHYSICIAN, judged).only_facts
    assert [each.qualifies for each in made if isinstance(each, ProcedureOutcomeRecorded)] == [enough]
