"""The table of holds, row by row, and what nobody has verified in it."""

from typing import Any

import pytest

from config.antithrombotics import Hold
from tests.unit.care_plan.situations import rules

TABLE = {
    "aspirin.primary_prevention": ("6 d", "shared", "no", 24, 24),
    "aspirin.secondary_prevention": ("shared", "shared", "no", 24, 24),
    "ibuprofen": ("1 d", "no", "no", 24, 24),
    "indomethacin": ("2 d", "no", "no", 24, 24),
    "naproxen": ("4 d", "no", "no", 24, 24),
    "nabumetone": ("6 d", "no", "no", 24, 24),
    "piroxicam": ("10 d", "no", "no", 24, 24),
    "dipyridamole": ("2 d", "no", "no", 24, 24),
    "warfarin": ("5 d", "5 d", "shared", 6, 6),
    "acenocoumarol": ("3 d", "3 d", "shared", 24, 24),
    "heparin.intravenous": ("6 h", "6 h", "6 h", 2, 2),
    "heparin.subcutaneous": ("24 h", "6 h", "6 h", 6, 2),
    "enoxaparin.prophylactic": ("12 h", "12 h", "12 h", 24, 4),
    "enoxaparin.therapeutic": ("24 h", "24 h", "24 h", 24, 4),
    "dalteparin": ("24 h", "24 h", "24 h", 24, 4),
    "clopidogrel.daily_75_mg": ("7 d", "7 d", "shared", 12, 12),
    "clopidogrel.loading_dose": ("7 d", "7 d", "shared", 24, 24),
    "prasugrel": ("10 d", "10 d", "shared", 24, 24),
    "ticagrelor": ("5 d", "5 d", "shared", 24, 24),
    "dabigatran.normal_renal_function": ("4 d", "4 d", "shared", 24, 24),
    "dabigatran.renal_impairment": ("6 d", "6 d", "shared", 24, 24),
    "rivaroxaban": ("3 d", "3 d", "shared", 24, 24),
    "edoxaban": ("3 d", "3 d", "shared", 24, 24),
    "fondaparinux": ("4 d", "4 d", "shared", 24, 24),
}
UNVERIFIED = {"clopidogrel", "prasugrel", "ticagrelor", "dabigatran", "rivaroxaban", "apixaban", "edoxaban"}


@pytest.mark.parametrize("code", TABLE)
def test_the_table_is_that_of_the_guideline(code: str) -> None:
    [row] = [each for each in rules().antithrombotic.table.values.rows if each.code == code]
    high, low = row.restart("high"), row.restart("low")
    assert (*map(said, (row.high, row.intermediate, row.low)), high, low) == TABLE[code]
    assert (row.verified == "U") == (row.drug in UNVERIFIED | {"fondaparinux"})
    assert row.needs_inr == (row.drug in ("warfarin", "acenocoumarol"))


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
