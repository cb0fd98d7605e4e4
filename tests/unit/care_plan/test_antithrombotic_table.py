"""The table of holds, row by row, and what nobody has verified in it."""

from decimal import Decimal
from typing import Any

import pytest

from config.antithrombotics import Hold, Risk
from schemas.care_plan.v1.antithrombotic import AntithromboticPlanRequested
from services.care_plan.antithrombotic_plan.commands import FollowProcedure
from tests.unit.care_plan.holds import (
    DATE,
    LUMBAR,
    STIMULATOR,
    at,
    draft,
    only_signed,
    ordered,
    sign,
    situation,
    takes,
)
from tests.unit.care_plan.situations import PROCEDURALIST, rules

TABLE = {
    "aspirin.primary_prevention": ("6 d", "shared", "no", (24, 24, 24)),
    "aspirin.secondary_prevention": ("shared", "shared", "no", (24, 24, 24)),
    "diclofenac": ("1 d", "no", "no", (24, 24, 24)),
    "ketorolac": ("1 d", "no", "no", (24, 24, 24)),
    "ibuprofen": ("1 d", "no", "no", (24, 24, 24)),
    "etodolac": ("2 d", "no", "no", (24, 24, 24)),
    "indomethacin": ("2 d", "no", "no", (24, 24, 24)),
    "naproxen": ("4 d", "no", "no", (24, 24, 24)),
    "meloxicam": ("4 d", "no", "no", (24, 24, 24)),
    "nabumetone": ("6 d", "no", "no", (24, 24, 24)),
    "oxaprozin": ("10 d", "no", "no", (24, 24, 24)),
    "piroxicam": ("10 d", "no", "no", (24, 24, 24)),
    "cilostazol": ("2 d", "no", "no", (24, 24, 24)),
    "dipyridamole": ("2 d", "no", "no", (24, 24, 24)),
    "warfarin": ("5 d", "5 d", "shared", (6, 6, 6)),
    "acenocoumarol": ("3 d", "3 d", "shared", (24, 24, 24)),
    "heparin.intravenous": ("6 h", "6 h", "6 h", (2, 2, 2)),
    "heparin.subcutaneous": ("24 h", "6 h", "6 h", (6, 2, 2)),
    "enoxaparin.prophylactic": ("12 h", "12 h", "12 h", (24, 24, 4)),
    "enoxaparin.therapeutic": ("24 h", "24 h", "24 h", (24, 24, 4)),
    "dalteparin": ("24 h", "24 h", "24 h", (24, 24, 4)),
    "clopidogrel.daily_75_mg": ("7 d", "7 d", "shared", (12, 12, 12)),
    "clopidogrel.loading_dose": ("7 d", "7 d", "shared", (24, 24, 24)),
    "prasugrel": ("10 d", "10 d", "shared", (24, 24, 24)),
    "ticagrelor": ("5 d", "5 d", "shared", (24, 24, 24)),
    "dabigatran.normal_renal_function": ("4 d", "4 d", "shared", (24, 24, 24)),
    "dabigatran.renal_impairment": ("6 d", "6 d", "shared", (24, 24, 24)),
    "rivaroxaban": ("3 d", "3 d", "shared", (24, 24, 24)),
    "apixaban": ("3 d", "3 d", "shared", (24, 24, 24)),
    "edoxaban": ("3 d", "3 d", "shared", (24, 24, 24)),
    "fondaparinux": ("4 d", "4 d", "shared", (24, 24, 24)),
}
"""At high, intermediate and low risk, and after how many hours it may begin again."""
UNVERIFIED = {"clopidogrel", "prasugrel", "ticagrelor", "dabigatran", "rivaroxaban", "apixaban", "edoxaban"}
CONSIDERED = {
    *("diclofenac", "ketorolac", "ibuprofen", "etodolac", "indomethacin"),
    *("naproxen", "meloxicam", "nabumetone", "oxaprozin", "piroxicam"),
}
"""At an epidural injection of the neck a clinician says whether it is held."""
RISKS: tuple[Risk, ...] = ("high", "intermediate", "low")


def test_every_row_is_looked_at_here() -> None:
    assert {row.code for row in rules().antithrombotic.table.values.rows} == TABLE.keys()


@pytest.mark.parametrize("code", TABLE)
def test_the_table_is_that_of_the_guideline(code: str) -> None:
    [row] = [each for each in rules().antithrombotic.table.values.rows if each.code == code]
    restarts = tuple(map(row.restart, RISKS))
    assert (*map(said, (row.high, row.intermediate, row.low)), restarts) == TABLE[code]
    assert (row.verified == "U") == (row.drug in UNVERIFIED | {"fondaparinux"})
    assert row.needs_inr == (row.drug in ("warfarin", "acenocoumarol"))


@pytest.mark.parametrize("code", TABLE)
def test_at_an_epidural_injection_of_the_neck_some_are_considered(code: str) -> None:
    [row] = [each for each in rules().antithrombotic.table.values.rows if each.code == code]
    there = [said(row.at(risk, neck=True)) for risk in RISKS]
    high, intermediate, low, _ = TABLE[code]
    expected = [high, "consider", "consider"] if row.drug in CONSIDERED else [high, intermediate, low]
    assert there == expected


@pytest.mark.parametrize(
    ("family", "region", "is_asked"),
    [
        ("esi_il_ct", "cervical", True),
        ("esi_tf_ct", "cervical", True),
        ("esi_il_ct", "thoracic", False),
        ("mbb_ct", "cervical", False),
        ("esi_il_lc", "lumbar", False),
    ],
)
def test_what_is_to_be_considered_is_somebodys_work_and_holds_up_nothing(
    family: str, region: str, is_asked: bool
) -> None:
    found = situation(lists=takes("naproxen")).when(ordered(family, region, "intermediate"))
    asked = [each.blocking for each in found.only_facts if isinstance(each, AntithromboticPlanRequested)]
    assert asked == ([False] if is_asked else [])


@pytest.mark.parametrize("drug", ["warfarin", "acenocoumarol"])
@pytest.mark.parametrize(("procedure", "measured"), [(STIMULATOR, True), (ordered(), True), (LUMBAR, False)])
def test_what_goes_on_at_a_higher_risk_is_measured_all_the_same(
    drug: str, procedure: FollowProcedure, measured: bool
) -> None:
    """ANT-05 knows no exception for who decides that it is not held."""
    goes_on = draft(**{drug: {"goes_on": True}})
    begun = situation(procedure, DATE, PROCEDURALIST, goes_on, lists=takes(drug))
    [fact] = only_signed(begun.when(sign()))
    assert (fact.last_dose_at, fact.prescriber_agreed) == (None, True)
    assert (fact.inr_from, fact.inr_max) == (
        (at("2027-04-21 10:00"), Decimal("1.2")) if measured else (None, None)
    )


BY_CODE = {
    "24605": "etodolac",
    "5781": "indomethacin",
    "35827": "ketorolac",
    "41493": "meloxicam",
    "31448": "nabumetone",
    "32613": "oxaprozin",
    "8356": "piroxicam",
}


@pytest.mark.parametrize("code", BY_CODE)
def test_a_drug_that_is_held_is_known_by_its_code_and_sedates_nobody(code: str) -> None:
    table = rules().drugs.table.values
    found = table.known(table.systems["rxnorm"], code)
    assert found is not None and (found.name, found.classes) == (BY_CODE[code], ())
    assert found.name in rules().antithrombotic.table.values.by_drug


def said(answer: Any) -> str:
    if isinstance(answer, Hold):
        return f"{answer.days} d" if answer.days else f"{answer.hours} h"
    return str(answer)
