"""Every type of item before a procedure is opened, and done, by what a clinic really does: as many as opened. And no
type of the catalogue is left out of such scripts."""

from collections import Counter
from typing import Any

from services.worklist.catalogue.decide.antithrombotics import ANTITHROMBOTIC_ROWS
from services.worklist.catalogue.decide.care_plan import CARE_PLAN_ROWS
from services.worklist.catalogue.decide.gates import GATE_ROWS
from services.worklist.catalogue.decide.mdt import MDT_ROWS
from services.worklist.catalogue.decide.measures import MEASURE_ROWS
from services.worklist.catalogue.decide.notifications import NOTIFICATIONS_ROWS
from services.worklist.catalogue.decide.procedures import PROCEDURE_ROWS
from services.worklist.catalogue.decide.referral import REFERRAL_ROWS
from services.worklist.catalogue.decide.scheduling import SCHEDULING_ROWS
from services.worklist.catalogue.decide.system import system_rows
from services.worklist.catalogue.decide.table import CATALOGUE, Rows
from tests.support.planned_block import signed
from tests.support.procedure_dates import NURSE, ProcedureClinic, booked
from tests.support.ward import HERS

DATE = "2027-05-18 10:30"
MINE = {row.item for row in (*GATE_ROWS, *ANTITHROMBOTIC_ROWS)}
OTHERS: Rows = (
    *REFERRAL_ROWS,
    *SCHEDULING_ROWS,
    *CARE_PLAN_ROWS,
    *MEASURE_ROWS,
    *MDT_ROWS,
    *PROCEDURE_ROWS,
    *NOTIFICATIONS_ROWS,
    *system_rows(),
)
"""Those of the other scripts."""


async def is_moved() -> ProcedureClinic:
    """The patient is called, the plan is signed anew, the value of the day is too high at first."""
    clinic = await signed()
    await clinic.at("2027-04-16 09:30")
    await clinic.move(DATE)
    call = {"kind": "hold_call", "result": "spoken", **HERS, "procedure_id": clinic.procedure}
    await clinic.ask("POST", "care_plan", "/contacts", NURSE, json=call)
    await clinic.sign_plan(2)
    await clinic.at("2027-05-17 14:00")
    for value in ("1.4", "1.1"):
        said: dict[str, Any] = {
            "procedure": clinic.procedure,
            "value": value,
            "taken_at": "2027-05-17T17:30:00Z",
        }
        await clinic.show("inr", **said)
    await clinic.show("escort", procedure=clinic.procedure)
    return clinic


async def is_let_go() -> ProcedureClinic:
    """Nobody takes the patient home; then the procedure is off."""
    clinic = await booked()
    await clinic.at("2027-04-21 10:31")
    await clinic.post(f"/appointments/{clinic.visit}/release")
    return clinic


async def test_every_type_of_item_before_a_procedure_is_opened_and_done() -> None:
    opened, done = Counter[str](), Counter[str]()
    for script in (is_moved, is_let_go):
        for fact in (await script()).facts("worklist"):
            if fact.name in ("item_opened", "item_reopened"):
                opened[fact.fact["item_type"]] += 1
            done[fact.fact.get("item_type", "")] += fact.name == "item_completed"
    assert MINE - opened.keys() == set(), "no script opens these"
    left = {item: (opened[item], done[item]) for item in MINE if opened[item] != done[item]}
    assert not left, f"opened and done: {left}"


def test_no_type_of_the_catalogue_is_left_out_of_the_scripts() -> None:
    assert {row.item for row in CATALOGUE} - MINE - {row.item for row in OTHERS} == set()
