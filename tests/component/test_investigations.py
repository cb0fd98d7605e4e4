"""Investigations and plans that are handed over are somebody's work, and a result that comes late is read by name."""

import pytest

from schemas.fact import Fact
from schemas.referral.v1.ends import ENDS
from services.worklist.service import SERVICE as WORKLIST
from tests.support.examples import example_fact
from tests.support.ward import HERS, LEAVING, PHYSICIAN, Ward


def rows(ward: Ward, item: str) -> list[str]:
    return [row for row in ward.clinic.open() if item in row]


async def test_a_scan_that_was_cancelled_elsewhere_is_work_until_it_has_another_day() -> None:
    ward = await Ward(beside=(WORKLIST,)).open()
    made = await ward.asks("/investigations", **HERS, kind="mri", due_on="2027-03-05")
    path = f"/investigations/{made['investigation_id']}"
    await ward.asks(f"{path}/not-done", "cora.lind", reason="cancelled_elsewhere")
    assert rows(ward, "INVESTIGATION_LATE")
    await ward.asks(f"{path}/again", "cora.lind", due_on="2027-03-10")
    assert not rows(ward, "INVESTIGATION_LATE")
    await ward.clinic.at("2027-03-11 09:00")
    assert rows(ward, "INVESTIGATION_LATE"), "and nobody heard of that day either"


@pytest.mark.parametrize("end", ENDS, ids=lambda each: each.__name__)
async def test_a_test_that_nobody_heard_of_outlives_its_referral_until_a_clinician_says_by_name_that_it_is_not_wanted(
    end: type[Fact],
) -> None:
    ward = await Ward(beside=(WORKLIST,)).open()
    made = await ward.asks("/investigations", **HERS, kind="mri", due_on="2027-03-05")
    path = f"/investigations/{made['investigation_id']}"
    await ward.clinic.at("2027-03-08 09:00")
    await ward.feed.tell(example_fact(end))
    await ward.clinic.at("2028-03-08 09:00")
    assert rows(ward, "INVESTIGATION_LATE"), "a year later, too"
    answer = await ward.tries(f"{path}/cancel", "cora.lind", reason="not_needed")
    assert answer.status_code == 403 and rows(ward, "INVESTIGATION_LATE")
    await ward.asks(f"{path}/cancel", PHYSICIAN, reason="not_needed")
    assert not rows(ward, "INVESTIGATION_LATE")
    assert ward.last("investigation_settled").fact["decided_by"] == ward.clinic.staff(PHYSICIAN)


async def test_a_result_that_comes_after_the_discharge_is_read_by_whoever_ordered_it() -> None:
    ward = await Ward(beside=(WORKLIST,)).open()
    plan = (await ward.plan())["plan_id"]
    made = await ward.asks("/investigations", "nora.quinn", **HERS, kind="mri")
    path = f"/investigations/{made['investigation_id']}"
    discharge = await ward.comes_to_discharge(plan)
    await ward.asks(discharge, **LEAVING)
    await ward.asks(f"{path}/report", "cora.lind")
    assert rows(ward, "INVESTIGATION_READ")
    told = ward.last("investigation_reported").fact
    assert told["responsible_id"] == ward.clinic.staff("nora.quinn")
    answer = await ward.tries(f"{path}/read", "fay.dunn", result="no_finding")
    assert answer.status_code == 403
    await ward.asks(f"{path}/read", "nora.quinn", result="no_finding")
    assert not rows(ward, "INVESTIGATION_READ")


async def test_a_plan_that_somebody_leaves_behind_is_managements_until_it_is_accepted() -> None:
    ward = await Ward(beside=(WORKLIST,)).open()
    plan = f"/plans/{(await ward.plan())['plan_id']}"
    receiver = "maya.stein"
    await ward.asks(f"{plan}/handover", PHYSICIAN, to_id=ward.clinic.staff(receiver), reason="leaving")
    await ward.asks(f"{plan}/handover/withdraw", PHYSICIAN)
    assert not rows(ward, "PLAN_HANDOVER"), "who offered it keeps it"
    await ward.asks(f"{plan}/handover", PHYSICIAN, to_id=ward.clinic.staff(receiver), reason="leaving")
    [row] = rows(ward, "PLAN_HANDOVER")
    assert "management" in row
    await ward.asks(f"{plan}/handover/decline", receiver)
    assert rows(ward, "PLAN_HANDOVER"), "what is declined still waits for somebody"
    await ward.asks(f"{plan}/handover/accept", receiver)
    assert not rows(ward, "PLAN_HANDOVER")
    assert ward.last("plan_handover_ended").fact["lead_id"] == ward.clinic.staff(receiver)
