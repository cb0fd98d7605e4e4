"""A score that was entered by mistake: marked by name, nothing counts from it, and somebody looks at what followed."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from schemas.care_plan.v1.measure import FindingReviewed, MeasureEnteredInError
from services.care_plan.history.aggregate import HISTORY, NoteScore, TakeScoreBack
from services.care_plan.history.facts import ScoreTakenBack
from services.care_plan.history.states import History, Score
from services.care_plan.measures.aggregate import MEASURE_REQUEST
from services.care_plan.measures.commands import (
    AnswerMeasures,
    MarkScoreInError,
    MoveRequest,
    RequestMeasures,
    ReviewFinding,
)
from services.care_plan.measures.facts import BaselineTooOld
from services.care_plan.measures.states import Ended
from tests.support.deciding import START, TARGET, Deciding, Situation, deciding, like, nothing, refused
from tests.unit.care_plan.plans import peg, theirs
from tests.unit.care_plan.situations import COORDINATOR, OUTSIDERS, PATIENT, PHYSICIAN, rules, some_id

DAY = rules().calendar.day(START)
SUBMISSION = some_id("a submission")
MARK = MarkScoreInError(instrument="pcs", reason="wrong_patient")
given: Deciding = deciding(MEASURE_REQUEST, rules(), actor=PHYSICIAN)


def answered(occasion: Any = "review") -> Situation:
    """Catastrophizing is high and PEG worse; a physician is about to act."""
    asked = RequestMeasures(referral_id=TARGET, occasion=occasion, instruments=("pcs", "peg"), due_on=DAY)
    answers = AnswerMeasures(submission_id=SUBMISSION, answers={"pcs": (4,) * 13, "peg": (9, 9, 9)})
    known = theirs(History(scores=(peg(9, "baseline", day=-60),)))
    situation = given().beside({TARGET: known})
    assert situation.when(asked, answers).refusal is None
    return situation


def test_a_score_is_marked_by_a_named_clinician_and_what_was_found_in_it_is_withdrawn() -> None:
    marked = answered().when(MARK)
    marked.then(
        like(
            MeasureEnteredInError,
            submission_id=SUBMISSION,
            instrument="pcs",
            reason="wrong_patient",
            findings=("pcs_high",),
            decided_by=PHYSICIAN.id,
        )
    )
    left = set(marked.state.findings)
    assert left == {(SUBMISSION, "peg_worse"), (SUBMISSION, "score_in_error")}


def test_what_followed_from_it_is_looked_at_by_somebody() -> None:
    looked = ReviewFinding(submission_id=SUBMISSION, finding="score_in_error", decision="plan_changed")
    situation = answered()
    assert situation.when(MARK).refusal is None
    situation.when(looked).then(like(FindingReviewed, finding="score_in_error", decided_by=PHYSICIAN.id))


def test_it_is_marked_once_and_only_where_there_is_a_score() -> None:
    situation = answered()
    situation.when(MarkScoreInError(instrument="phq9", reason="other")).then(
        refused("phq9", code="no-such-score")
    )
    assert situation.when(MARK).refusal is None
    situation.when(MARK).then(nothing())


@pytest.mark.parametrize("actor", [*OUTSIDERS, COORDINATOR, PATIENT])
def test_nobody_but_a_clinician_marks_a_score(actor: Any) -> None:
    situation = answered()
    situation.when(actor, MARK).then(refused(code="not-permitted"))


REQUEST = some_id("a request")


def scored(total: int, day: int, request: str = REQUEST, instrument: Any = "peg") -> Score:
    return Score(
        occasion="review",
        instrument=instrument,
        instrument_version="1",
        score=Decimal(total),
        item_sum=total,
        responder=total < 10,
        taken_at=START + timedelta(days=day),
        request_id=request,
    )


def without(*scores: Score, instrument: Any = "peg") -> Any:
    history = deciding(HISTORY, rules())(History(scores=scores))
    return history.when(TakeScoreBack(request_id=REQUEST, instrument=instrument))


def test_nothing_is_derived_from_a_score_that_was_taken_back() -> None:
    before = (scored(6, 0, some_id("one")), scored(6, 40))
    days = tuple((START + timedelta(days=each)).date() for each in (0, 40))
    asked = days[1], rules().care_plan.step_down.values, rules().calendar
    assert History(scores=before, reviews=days).responder_for(*asked)
    history = without(*before).state
    assert not replace(history, reviews=days).responder_for(*asked)
    assert history.latest("peg") == before[0]
    assert not without(scored(6, 0)).state.has_final_measures(START)
    assert history.plateau(Decimal(1), 4, rules().calendar) is None


def test_what_was_taken_back_stays_taken_back_when_the_score_is_told_again() -> None:
    score = scored(6, 0)
    situation = deciding(HISTORY, rules())(History(scores=(score,))).beside(
        {REQUEST: answered().when(MARK).state}
    )
    assert situation.when(TakeScoreBack(request_id=REQUEST, instrument="peg")).refusal is None
    situation.when(NoteScore(request_id=REQUEST, score=score)).then(nothing())
    situation.when(TakeScoreBack(request_id=REQUEST, instrument="peg")).then(nothing())


@pytest.mark.parametrize(("later", "lacking"), [((), True), ((scored(6, 40, some_id("later")),), False)])
def test_what_it_says_now_is_not_known_unless_it_was_taken_again(later: Any, lacking: bool) -> None:
    without(scored(6, 0), *later).then(like(ScoreTakenBack, instrument="peg", lacking=lacking))


@pytest.mark.parametrize(("days", "again"), [(30, False), (31, True)])
def test_a_baseline_that_is_too_old_for_the_moved_first_visit_is_asked_for_again(
    days: int, again: bool
) -> None:
    due_on = DAY + timedelta(days=days)
    move = MoveRequest(due_on=due_on, ask_at=START + timedelta(days=days - 14))
    for occasion, wanted in (("baseline", again), ("review", False)):
        situation = answered(occasion)
        found = situation.when(move)
        found.then(like(BaselineTooOld, due_on=due_on) if wanted else nothing()).then_state(Ended)
