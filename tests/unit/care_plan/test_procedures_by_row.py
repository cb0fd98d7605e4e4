"""Every family's risk of bleeding, and what payers pay for of blocks and ablations, row by row."""

from datetime import date
from typing import Any

import pytest

from services.care_plan.procedure.decide.limits import reached
from services.care_plan.procedure_record.states import Known
from tests.unit.care_plan.procedures import known
from tests.unit.care_plan.situations import rules

PROCEDURES = rules().procedures
RISKS = {
    "esi_il_ct": {"cervical": "intermediate", "thoracic": "intermediate"},
    "esi_il_lc": {"lumbar": "intermediate", "sacral": "intermediate"},
    "esi_tf_ct": {"cervical": "intermediate", "thoracic": "intermediate"},
    "esi_tf_ls": {"lumbar": "intermediate", "sacral": "intermediate"},
    "mbb_ct": {"cervical": "intermediate", "thoracic": "low"},
    "mbb_ls": {"lumbar": "low", "sacral": "low"},
    "rfa_ct": {"cervical": "intermediate", "thoracic": "low"},
    "rfa_ls": {"lumbar": "low", "sacral": "low"},
    "sij": {"sacral": "low"},
    "tpi": dict.fromkeys(("none", "cervical", "thoracic", "lumbar"), "low"),
    "joint": {"none": "low"},
    "pnb": {"none": "low"},
    "sympathetic_block": dict.fromkeys(("cervical", "thoracic", "lumbar", "sacral"), "intermediate"),
    "scs_trial": dict.fromkeys(("cervical", "thoracic", "lumbar"), "high"),
    "scs": dict.fromkeys(("cervical", "thoracic", "lumbar"), "high"),
    "tens": {"none": "none"},
}


def test_every_family_has_the_risk_of_the_guideline_in_each_region() -> None:
    assert {name: dict(each.regions) for name, each in PROCEDURES.families.values.families.items()} == RISKS


def payer_asks(wanted: Known, on: str, earlier: tuple[Known, ...], payer: str) -> set[str]:
    found = reached(wanted, date.fromisoformat(on), earlier, PROCEDURES.payer(payer)[0], PROCEDURES)
    return {each.risk for each in found if each.rule.id == "PRC-01"}


@pytest.mark.parametrize(
    ("family", "payer", "most"),
    [
        *(("rfa_ls", "medicare", 2), ("rfa_ct", "medicare", 2), ("rfa_ls", "evicore", 2)),
        *(("mbb_ls", "medicare", 4), ("mbb_ct", "medicare", 4)),
    ],
)
def test_sessions_of_blocks_and_ablations_in_twelve_months_have_a_limit(
    family: str, payer: str, most: int
) -> None:
    """In the same region, whichever levels."""
    days = ("2026-07-01", "2026-05-01", "2026-03-01", "2026-02-02")[:most]
    earlier = tuple(known(family, day) for day in days)
    assert payer_asks(known(family), "2027-02-01", earlier, payer) == {"limit"}
    assert payer_asks(known(family), "2027-02-01", earlier[1:], payer) == set()
    rolled = f"2027-{days[-1][5:]}"
    assert payer_asks(known(family), rolled, earlier, payer) == set(), "the window rolls"


@pytest.mark.parametrize(
    ("payer", "on", "expected"),
    [
        ("evicore", "2026-12-31", {"interval"}),
        ("evicore", "2027-01-01", set()),
        ("medicare", "2026-12-31", set()),
    ],
)
def test_one_payer_wants_six_months_between_two_ablations(payer: str, on: str, expected: Any) -> None:
    earlier = (known("rfa_ls", "2026-07-01"),)
    assert payer_asks(known("rfa_ls"), on, earlier, payer) == expected


@pytest.mark.parametrize("family", ["rfa_ls", "mbb_ls"])
def test_a_session_of_blocks_or_ablations_has_two_levels(family: str) -> None:
    levels = ("L3-L4", "L4-L5", "L5-S1")
    assert payer_asks(known(family, levels=levels[:2]), "2027-02-01", (), "medicare") == set()
    assert payer_asks(known(family, levels=levels), "2027-02-01", (), "medicare") == {"limit"}


@pytest.mark.parametrize(("on", "is_asked"), [("2027-12-14", True), ("2027-12-15", False)])
def test_a_joint_between_two_regions_is_the_same_place_under_either(on: str, is_asked: bool) -> None:
    """PRC-02 names no region."""
    before = known("rfa_ct", "2027-06-15", region="thoracic", levels=("T12-L1",))
    wanted = known("rfa_ls", region="lumbar", levels=("T12-L1",))
    found = reached(wanted, date.fromisoformat(on), (before,), PROCEDURES.default, PROCEDURES)
    assert ("PRC-02" in {each.rule.id for each in found}) == is_asked
