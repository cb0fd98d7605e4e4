"""Whoever has an active plan is called once a month, where the clinic does that (G3002)."""

from pathlib import Path
from typing import Any

import pytest

from config.loading import SHIPPED
from services.worklist.service import SERVICE as WORKLIST
from tests.support.configuring import change, copied
from tests.support.ward import HERS, Ward

NURSE = "nora.quinn"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Settings of a clinic that bills it."""
    change(copied(tmp_path) / "care_plan.toml", "on = false\nday_of_month", "on = true\nday_of_month")
    return tmp_path


async def with_a_plan(folder: Path) -> tuple[Ward, str]:
    ward = await Ward(beside=(WORKLIST,), folder=folder).open()
    return ward, (await ward.plan())["plan_id"]


def due(ward: Ward) -> list[Any]:
    return [fact for fact in ward.clinic.facts("care_plan") if fact.name == "contact_fell_due"]


def work(ward: Ward) -> list[str]:
    return [row for row in ward.clinic.open() if "MONTHLY_CONTACT" in row]


async def test_without_the_setting_nobody_is_called() -> None:
    ward, _ = await with_a_plan(SHIPPED)
    await ward.clinic.at("2027-05-03 12:00")
    assert not due(ward)


async def test_each_month_has_its_call_and_its_record_closes_it(folder: Path) -> None:
    ward, _ = await with_a_plan(folder)
    await ward.clinic.at("2027-03-02 12:00")
    [first] = due(ward)
    assert (first.fact["kind"], first.fact["due_on"]) == ("monthly", "2027-03-01")
    [row] = work(ward)
    assert row.startswith("nursing")
    said: dict[str, Any] = {**HERS, "kind": "monthly", "result": "reached", "about": first.subject}
    other = await ward.tries("/contacts", NURSE, **{**said, "kind": "welfare"})
    assert other.json()["type"].endswith("other-kind")
    await ward.asks("/contacts", NURSE, **said)
    assert not work(ward)
    await ward.asks("/contacts", NURSE, **said)
    await ward.clinic.at("2027-04-02 12:00")
    assert [each.fact["due_on"] for each in due(ward)] == ["2027-03-01", "2027-04-01"]
    await ward.asks("/contacts", NURSE, **HERS, kind="monthly", result="reached")
    assert not work(ward)


async def test_while_the_plan_is_on_hold_nobody_is_called_and_afterwards_once(folder: Path) -> None:
    ward, plan = await with_a_plan(folder)
    await ward.asks(f"/plans/{plan}/hold", reason="operation", review_on="2027-05-17")
    await ward.clinic.at("2027-05-10 12:00")
    assert not due(ward)
    await ward.asks(f"/plans/{plan}/resume")
    await ward.clinic.at("2027-05-11 12:00")
    assert [each.fact["due_on"] for each in due(ward)] == ["2027-05-01"]


async def test_with_the_plan_the_call_ends(folder: Path) -> None:
    ward, plan = await with_a_plan(folder)
    await ward.clinic.at("2027-03-02 12:00")
    assert len(work(ward)) == 1
    await ward.asks(f"/plans/{plan}/pifu")
    assert not work(ward)
    await ward.clinic.at("2027-04-05 12:00")
    assert len(due(ward)) == 1
