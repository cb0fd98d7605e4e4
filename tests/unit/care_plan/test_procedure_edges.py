"""PRC-01: where each payer's windows end, how many sessions they hold, and what a repeated one must have brought."""

from datetime import date, timedelta
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta

from services.care_plan.procedure.decide.limits import brought_too_little
from services.care_plan.procedure_record.states import Known
from tests.unit.care_plan.procedures import known
from tests.unit.care_plan.test_procedure_limits import PROCEDURES, asks

ON = date(2027, 7, 1)
INJECTION, BLOCK, ABLATION = "esi_il_lc", "mbb_ls", "rfa_ls"
WINDOWS = [
    *(("medicare", INJECTION, 12, 4), ("medicare", BLOCK, 12, 4), ("medicare", ABLATION, 12, 2)),
    *(("evicore", INJECTION, 6, 3), ("evicore", INJECTION, 12, 4), ("evicore", ABLATION, 12, 2)),
    *(("bcbs_al", INJECTION, 12, 6), ("phc_medi_cal", INJECTION, 12, 3)),
]


def done(family: str, months: int, count: int, into: int) -> tuple[Known, ...]:
    """So many sessions, twenty days apart; the first one so many days after the day on which the window begins."""
    first = ON - relativedelta(months=months) + timedelta(days=into)
    return tuple(known(family, first + timedelta(days=20 * number)) for number in range(count))


@pytest.mark.parametrize(("payer", "family", "months", "most"), WINDOWS)
@pytest.mark.parametrize(
    ("more", "into", "asked"),
    [(0, 0, False), (0, 1, True), (0, 2, True), (-1, 1, False), (1, 1, True)],
    ids=["the day on which it begins is out", "the day after is in", "and later", "one fewer", "one more"],
)
def test_a_window_holds_so_many_sessions_and_begins_after_its_first_day(
    payer: str, family: str, months: int, most: int, more: int, into: int, asked: bool
) -> None:
    found = asks(known(family), ON.isoformat(), done(family, months, most + more, into), payer)
    assert (found.get("PRC-01") == "limit") == asked


@pytest.mark.parametrize(
    ("payer", "family", "days"),
    [
        *(("medicare", INJECTION, None), ("medicare", ABLATION, 180)),
        *(("evicore", INJECTION, 14), ("evicore", ABLATION, 84)),
    ],
)
def test_what_is_repeated_brought_half_for_long_enough(payer: str, family: str, days: int | None) -> None:
    def too_little(relief: int, lasted: int | None) -> bool:
        earlier: Any = known(family, "2027-01-04", relief, relief_days=lasted)
        return brought_too_little(known(family), (earlier,), PROCEDURES.payer(payer)[0], PROCEDURES)

    assert [too_little(relief, days) for relief in (49, 50, 51)] == [True, False, False]
    if days is not None:
        assert [too_little(50, days + more) for more in (-1, 0, 1)] == [True, False, False]
