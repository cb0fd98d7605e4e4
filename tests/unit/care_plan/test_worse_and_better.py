"""What a score says beside those that came before it, with a baseline and without one, as exact as each was."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from schemas.care_plan.v1.measure import MeasureScored
from services.care_plan.history.states import History, Score
from services.care_plan.measures.aggregate import MEASURE_REQUEST
from services.care_plan.measures.commands import AnswerMeasures, RequestMeasures
from tests.support.deciding import START, TARGET, deciding
from tests.unit.care_plan.plans import peg, theirs
from tests.unit.care_plan.situations import PHYSICIAN, rules, some_id

DAY = date(2027, 1, 25)


def scored(instrument: Any, answers: Any, *before: Score) -> MeasureScored:
    """The last fact: of an instrument with subscales, that of the last one."""
    ask = RequestMeasures(referral_id=TARGET, occasion="review", instruments=(instrument,), due_on=DAY)
    given = deciding(MEASURE_REQUEST, rules(), actor=PHYSICIAN)()
    situation = given.beside({TARGET: theirs(History(scores=before))})
    assert situation.when(ask).refusal is None
    answer = AnswerMeasures(submission_id=some_id("a submission"), answers={instrument: answers})
    *_, fact = (each for each in situation.when(answer).only_facts if isinstance(each, MeasureScored))
    return fact


def of_sum(total: int) -> tuple[int, ...]:
    return tuple(total // 3 + (item < total % 3) for item in range(3))


def kept(instrument: Any, answers: Any) -> Score:
    """As the history keeps what was answered at the start."""
    fact = scored(instrument, answers)
    return Score(
        occasion="baseline",
        instrument=instrument,
        subscale=fact.subscale,
        instrument_version=fact.instrument_version,
        score=fact.score,
        item_sum=fact.item_sum,
        taken_at=START,
    )


@pytest.mark.parametrize(
    ("before", "now", "worse"),
    [
        (12, 15, True),
        (12, 14, False),
        (6, 8, True),
        (6, 7, False),
        (21, 24, True),
        (0, 3, True),
        (0, 2, False),
    ],
)
def test_pain_that_gets_worse_in_the_wait_is_seen_though_nobody_took_a_baseline_yet(
    before: int, now: int, worse: bool
) -> None:
    """OUT-04, REF-10: a point or 30 percent more than it was last."""
    fact = scored("peg", of_sum(now), peg(before, "waiting", day=-90))
    assert fact.findings == (("peg_worse",) if worse else ())
    assert (fact.change, fact.change_pct, fact.responder) == (None, None, None), "there is no base"


def test_the_first_score_of_all_is_no_worse_and_no_better() -> None:
    fact = scored("peg", (10, 10, 10))
    assert (fact.findings, fact.change, fact.responder) == ((), None, None)


def test_less_pain_than_last_time_is_no_response_without_a_baseline() -> None:
    fact = scored("peg", (1, 1, 1), peg(30, "waiting", day=-90))
    assert (fact.findings, fact.responder) == ((), None)


@pytest.mark.parametrize(("last", "now", "worse"), [(9, 15, False), (27, 18, True)])
def test_where_there_is_a_baseline_it_alone_is_what_pain_is_compared_with(
    last: int, now: int, worse: bool
) -> None:
    before = peg(15, "baseline", day=-60), peg(last, "review", day=-30)
    assert ("peg_worse" in scored("peg", of_sum(now), *before).findings) == worse


@pytest.mark.parametrize(("now", "improved"), [(22, True), (23, False)])
def test_one_point_less_interference_is_one_point_though_sevenths_were_rounded(
    now: int, improved: bool
) -> None:
    """29 sevenths are kept as 4.14; to 22 sevenths it is one point, not 0.997."""
    before, after = (
        [None] * 4 + [total // 7 + (item < total % 7) for item in range(7)] for total in (29, now)
    )
    fact = scored("bpi", after, kept("bpi", before))
    assert (fact.subscale, fact.responder) == ("interference", improved)


def test_sections_that_were_left_out_are_no_improvement() -> None:
    """ODI: 20 of 50 and 18 of 45 are both 40 percent."""
    whole, less = [2] * 10, [2] * 9 + [None]
    fact = scored("odi", less, kept("odi", whole))
    assert (fact.score, fact.change, fact.change_pct, fact.responder) == (
        Decimal(40),
        Decimal(0),
        Decimal(0),
        False,
    )
    worse = scored("odi", [4, 4, 4, 4, *[0] * 5, None], kept("odi", [4, 4, 4, 4, *[0] * 6]))
    assert (worse.change, worse.change_pct) == (Decimal("3.56"), Decimal("-11.1"))


def test_ten_points_of_fewer_sections_are_ten_points() -> None:
    """10 of 30 are kept as 33.33; to 7 of 30 it is ten points."""
    before, now = (
        [*[total // 6 + (item < total % 6) for item in range(6)], *[None] * 4] for total in (10, 7)
    )
    assert scored("odi", now, kept("odi", before)).responder is True
