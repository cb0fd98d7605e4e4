"""PRC-01 to PRC-04: what payers pay for, and what has to be known before the next one. The vectors of the brief."""

from datetime import date
from typing import Any

import pytest

from services.care_plan.procedure.decide.limits import previous, qualifying, reached
from services.care_plan.procedure_record.states import Known
from tests.unit.care_plan.procedures import known
from tests.unit.care_plan.situations import rules

PROCEDURES = rules().procedures
FOUR = tuple(known("esi_il_lc", day) for day in ("2026-03-10", "2026-06-01", "2026-09-01", "2026-12-01"))
JUNE = known("rfa_ct", "2027-06-15")


def asks(
    wanted: Known, on: str, earlier: tuple[Known, ...], payer: str | None = "medicare"
) -> dict[str, str]:
    """Which rules ask, and why the payer may not pay."""
    found = reached(wanted, date.fromisoformat(on), earlier, PROCEDURES.payer(payer)[0], PROCEDURES)
    return {each.rule.id: each.risk for each in found}


@pytest.mark.parametrize(("on", "expected"), [("2027-03-10", {}), ("2027-03-09", {"PRC-01": "limit"})])
def test_the_window_of_twelve_months_rolls_and_its_first_day_is_out(on: str, expected: Any) -> None:
    assert asks(known("esi_il_lc"), on, FOUR) == expected


@pytest.mark.parametrize(("on", "expected"), [("2029-02-28", {"PRC-01": "limit"}), ("2029-03-01", {})])
def test_a_session_on_a_leap_day_counts_up_to_the_last_of_february(on: str, expected: Any) -> None:
    days = tuple(known("esi_il_lc", day) for day in ("2028-02-29", "2028-05-01", "2028-07-01", "2028-09-30"))
    assert asks(known("esi_il_lc"), on, days) == expected


def test_sessions_are_counted_and_not_needles() -> None:
    needles = tuple(
        known("esi_tf_ls", "2026-12-01", side=side, levels=levels)
        for side, levels in (("left", ("L4-L5",)), ("right", ("L4-L5",)), ("right", ("L5-S1",)))
    )
    assert asks(known("esi_tf_ls"), "2027-01-10", (*needles, *FOUR[1:3])) == {}
    assert asks(known("esi_tf_ls"), "2027-01-10", (*needles, *FOUR[:3])) == {"PRC-01": "limit"}


@pytest.mark.parametrize(
    ("family", "more", "counts"),
    [
        ("esi_tf_ls", {"region": "sacral", "levels": ("S1",)}, True),
        ("esi_il_ct", {}, False),
        ("mbb_ls", {}, False),
    ],
)
def test_all_of_a_group_and_region_count_together_and_no_others(family: str, more: Any, counts: bool) -> None:
    assert bool(asks(known(family, **more), "2027-01-10", FOUR)) == counts


def test_what_was_abandoned_or_is_only_planned_is_no_session() -> None:
    abandoned = known("esi_il_lc", "2026-12-01", counts=False)
    planned = known("esi_il_lc", "2026-12-01", done=False)
    assert asks(known("esi_il_lc"), "2027-01-10", (*FOUR[:3], abandoned, planned)) == {}


@pytest.mark.parametrize(
    ("payer", "sessions", "expected"),
    [
        ("medicare", 4, {"PRC-01": "limit"}),
        ("bcbs_al", 4, {}),
        ("bcbs_al", 6, {"PRC-01": "limit"}),
        ("phc_medi_cal", 2, {}),
        ("phc_medi_cal", 3, {"PRC-01": "limit"}),
        ("evicore", 3, {"PRC-01": "limit"}),
        ("nobody-knows-it", 4, {"PRC-01": "limit"}),
        (None, 3, {}),
    ],
)
def test_each_payer_has_its_own_limit_and_who_is_unknown_that_of_the_default(
    payer: str | None, sessions: int, expected: Any
) -> None:
    earlier = tuple(known("esi_il_lc", f"2026-{8 + month:02}-01") for month in range(4))
    more = tuple(known("esi_il_lc", f"2026-{4 + month:02}-01") for month in range(4))
    assert asks(known("esi_il_lc"), "2027-02-02", (*earlier[-3:], *more)[:sessions], payer) == expected


@pytest.mark.parametrize(
    ("payer", "on", "expected"),
    [
        ("evicore", "2026-12-14", {"PRC-01": "interval"}),
        ("evicore", "2026-12-15", {}),
        ("phc_medi_cal", "2027-02-28", {"PRC-01": "interval"}),
        ("phc_medi_cal", "2027-03-01", {}),
        ("medicare", "2026-12-02", {}),
    ],
)
def test_some_payers_want_time_between_two_sessions(payer: str, on: str, expected: Any) -> None:
    assert asks(known("esi_il_lc"), on, FOUR[3:], payer) == expected


@pytest.mark.parametrize(
    ("family", "levels", "expected"),
    [
        ("esi_tf_ls", ("L4-L5", "L5-S1"), {}),
        ("esi_tf_ls", ("L3-L4", "L4-L5", "L5-S1"), {"PRC-01": "limit"}),
        ("esi_il_lc", ("L4-L5", "L5-S1"), {"PRC-01": "limit"}),
        ("mbb_ls", ("L3-L4", "L4-L5", "L5-S1"), {"PRC-01": "limit"}),
    ],
)
def test_more_levels_in_a_session_than_the_payer_pays_for_are_asked_about(
    family: str, levels: tuple[str, ...], expected: Any
) -> None:
    assert asks(known(family, levels=levels), "2027-01-10", ()) == expected


def test_a_session_of_injections_has_one_region() -> None:
    neck = known("esi_il_ct", "2027-01-10", done=False)
    assert asks(known("esi_il_lc"), "2027-01-10", (neck,)) == {"PRC-01": "limit"}
    assert asks(known("esi_il_lc"), "2027-01-11", (neck,)) == {}
    assert asks(known("esi_il_lc"), "2027-01-10", (neck,), "bcbs_al") == {}


BLOCKS = (known("mbb_ct", "2027-04-22", 85), known("mbb_ct", "2027-05-18", 80))


@pytest.mark.parametrize(("on", "expected"), [("2027-12-14", {"PRC-02": "interval"}), ("2027-12-15", {})])
def test_the_same_side_and_level_is_ablated_again_after_six_months(on: str, expected: Any) -> None:
    assert asks(known("rfa_ct"), on, (JUNE, *BLOCKS)) == expected


@pytest.mark.parametrize(
    ("more", "asked"),
    [
        ({"side": "left"}, False),
        ({"side": "both"}, True),
        ({"levels": ("C5-C6",)}, False),
        ({"levels": ("C3-C4", "C4-C5")}, True),
        ({"levels": ("C4",)}, True),
    ],
)
def test_another_side_or_level_need_not_wait(more: Any, asked: bool) -> None:
    assert ("PRC-02" in asks(known("rfa_ct", **more), "2027-08-01", (JUNE,))) == asked


@pytest.mark.parametrize(
    ("first", "second", "days", "payer", "expected"),
    [
        (85, 80, 26, "medicare", {}),
        (85, 79, 26, "medicare", {"PRC-03": "criteria"}),
        (90, 90, 13, "medicare", {"PRC-03": "criteria"}),
        (90, 90, 14, "medicare", {}),
        (90, 90, 13, "evicore", {"PRC-03": "criteria"}),
        (90, 90, 14, "evicore", {}),
        (90, 90, 13, "bcbs_nd", {}),
        (50, 50, 1, "bcbs_nd", {}),
        (50, 49, 1, "bcbs_nd", {"PRC-03": "criteria"}),
        (90, 90, 0, "bcbs_nd", {"PRC-03": "criteria"}),
        (85, None, 26, "medicare", {"PRC-03": "criteria"}),
    ],
)
def test_an_ablation_follows_two_blocks_that_brought_enough(
    first: int, second: int | None, days: int, payer: str, expected: Any
) -> None:
    blocks = (
        known("mbb_ct", "2027-04-22", first),
        known("mbb_ct", date.fromordinal(date(2027, 4, 22).toordinal() + days), second, procedure_id="two"),
    )
    assert asks(known("rfa_ct"), "2027-06-16", blocks, payer) == expected


@pytest.mark.parametrize(
    "more",
    [{"side": "left"}, {"levels": ("C6-C7",)}, {"counts": False}, {"region": "lumbar"}],
)
def test_a_block_elsewhere_does_not_count(more: Any) -> None:
    blocks = (BLOCKS[0], known("mbb_ct", "2027-05-18", 90, **more))
    assert asks(known("rfa_ct"), "2027-06-16", blocks) == {"PRC-03": "criteria"}


def test_a_third_block_counts_where_the_second_came_too_soon() -> None:
    blocks = tuple(known("mbb_ct", day, 90) for day in ("2027-04-01", "2027-04-10", "2027-04-15"))
    needed = PROCEDURES.needed(PROCEDURES.default)[0]
    found = qualifying(known("rfa_ct"), date(2027, 6, 1), blocks, needed, PROCEDURES)
    assert [each.on for each in found] == [date(2027, 4, 1), date(2027, 4, 15)]


def test_the_one_before_is_the_last_of_its_line_in_the_region() -> None:
    earlier = (*BLOCKS, known("mbb_ls", "2027-06-01", 90), known("esi_il_ct", "2027-06-02"))
    assert previous(known("rfa_ct"), earlier, PROCEDURES) == BLOCKS[1]
    assert previous(known("esi_il_ct"), BLOCKS, PROCEDURES) is None
