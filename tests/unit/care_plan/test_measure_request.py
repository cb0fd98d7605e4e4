"""A request for measures: what is asked when, answered, declined, missed; and asked again for the next first visit."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from schemas.care_plan.v1.measure import (
    FindingReviewed,
    MeasureNotReceived,
    MeasureNotScored,
    MeasureRequested,
    MeasureScored,
    PartScore,
)
from services.care_plan.history.states import History
from services.care_plan.measures.aggregate import MEASURE_REQUEST
from services.care_plan.measures.commands import (
    AnswerMeasures,
    AskNow,
    ChaseMeasures,
    DeclineMeasures,
    DropRequest,
    MissMeasures,
    MoveRequest,
    PlanRequest,
    RequestMeasures,
    ReviewFinding,
)
from services.care_plan.measures.states import Ended, Planned
from services.care_plan.risk.states import Risk
from tests.support.deciding import (
    LANE,
    START,
    TARGET,
    Deciding,
    Situation,
    deciding,
    like,
    nothing,
    refused,
    ruled,
)
from tests.unit.care_plan.plans import peg, theirs
from tests.unit.care_plan.situations import (
    COORDINATOR,
    OUTSIDERS,
    PATIENT,
    PHYSICIAN,
    REFERRER,
    rules,
    some_id,
)

DAY, FRIDAY = date(2027, 1, 25), date(2027, 1, 22)
FULL = ("peg", "phq9", "gad7", "pcs", "pseq")
ASK_AT = rules().calendar.daily(DAY - timedelta(days=14))
PLAN = PlanRequest(occasion="baseline", due_on=DAY, ask_at=ASK_AT, appointment_id=some_id("a visit"))
ASK, CHASE, MISS = AskNow(due_on=DAY), ChaseMeasures(due_on=DAY), MissMeasures(due_on=DAY)
DECLINE, DROP = DeclineMeasures(), DropRequest()
given: Deciding = deciding(MEASURE_REQUEST, rules(), actor=PATIENT)


def planned(
    *steps: Any, history: History | None = None, plan: PlanRequest = PLAN, risk: Risk | None = None
) -> Situation:
    beside: dict[Any, Any] = {TARGET: history or History(), ("risk", LANE): risk or Risk()}
    situation = given(plan).beside(beside)
    assert situation.when(*steps).refusal is None
    return situation


def answer(submission: str = "a submission", **answers: Any) -> AnswerMeasures:
    return AnswerMeasures(submission_id=some_id(submission), answers=answers)


def answered(instrument: str, answers: Any) -> AnswerMeasures:
    return AnswerMeasures(submission_id=some_id("a submission"), answers={instrument: answers})


def asked(occasion: Any, history: History, risk: Risk | None = None) -> Any:
    plan = PlanRequest(occasion=occasion, due_on=DAY, ask_at=ASK_AT)
    return planned(history=history, plan=plan, risk=risk).when(ASK)


PEG = answer(peg=(8, 7, 6))


def test_before_the_first_visit_everything_is_asked_for() -> None:
    result = planned().when(ASK)
    result.then(like(MeasureRequested, occasion="baseline", instruments=FULL, due_on=DAY))
    back = planned(history=History(back_pain=True)).when(ASK)
    back.then(like(MeasureRequested, instruments=(*FULL, "odi")))


@pytest.mark.parametrize(("days", "instruments"), [(83, ("peg",)), (84, FULL)])
def test_every_twelve_weeks_everything_is_asked_for_and_peg_between(days: int, instruments: Any) -> None:
    history = History(started_on=DAY - timedelta(days=days))
    asked("review", history).then(like(MeasureRequested, occasion="review", instruments=instruments))


@pytest.mark.parametrize("risk", [Risk(high_dose=True), Risk(tapering=True), Risk(closely=True)])
def test_at_a_review_of_somebody_at_high_risk_mood_is_asked_for_beside_pain(risk: Risk) -> None:
    running = History(started_on=DAY - timedelta(days=30))
    asked("review", running, risk).then(like(MeasureRequested, instruments=("peg", "phq9")))
    asked("followup", running, risk).then(like(MeasureRequested, instruments=("peg",)))
    asked("review", History(started_on=DAY - timedelta(days=84)), risk).then(
        like(MeasureRequested, instruments=FULL)
    )


def test_when_all_work_is_finished_the_next_review_is_the_end() -> None:
    done = History(started_on=DAY - timedelta(days=30), ended=(some_id("activity"),))
    asked("review", done).then(like(MeasureRequested, occasion="end", instruments=FULL))
    asked("followup", done).then(like(MeasureRequested, occasion="followup", instruments=("peg",)))


def test_a_clinician_may_ask_for_anything_and_a_patient_may_not() -> None:
    request = RequestMeasures(referral_id=TARGET, occasion="review", instruments=("nrs",), due_on=DAY)
    situation = given().beside({TARGET: theirs()})
    situation.when(request).then(refused(code="not-permitted"))
    situation.when(PHYSICIAN, request).then(like(MeasureRequested, instruments=("nrs",)))


def test_the_day_before_somebody_calls_and_the_day_after_it_is_missed() -> None:
    timers = planned().when(ASK).timers
    assert {name: rules().calendar.day(timer.due) for name, timer in timers.items()} == {
        "chase": FRIDAY,
        "miss": DAY + timedelta(days=1),
    }
    planned(ASK).when(CHASE).then(like(MeasureNotReceived, stage="D-1", outstanding=FULL))
    planned(ASK).when(MISS).then(like(MeasureNotReceived, stage="missed")).then_state(Ended)


def test_nobody_is_called_about_what_staff_ask_themselves() -> None:
    said: dict[str, Any] = {
        "referral_id": TARGET,
        "occasion": "review",
        "instruments": ("nrs",),
        "due_on": DAY,
    }
    for interview, timers in ((True, {"miss"}), (None, {"miss", "chase"})):
        asked = (
            given().beside({TARGET: theirs()}).when(PHYSICIAN, RequestMeasures(**said, interview=interview))
        )
        assert set(asked.timers) == timers


def test_nobody_is_called_twice() -> None:
    result = planned(ASK, CHASE).when(CHASE).then(nothing())
    assert set(result.timers) == {"miss"}


def test_each_answer_is_scored_once() -> None:
    situation = planned(ASK)
    situation.when(PEG).then(like(MeasureScored, instrument="peg", score=7, item_sum=21))
    situation.when(PEG).then(nothing())
    situation.when(answer("another", peg=(1, 1, 1))).then(refused("peg", code="not-asked"))


def test_the_last_score_ends_the_request() -> None:
    rest = answer("the rest", phq9=(0,) * 9, gad7=(0,) * 7, pcs=(0,) * 13, pseq=(6,) * 10)
    assert set(planned(ASK).when(PEG).timers) == {"chase", "miss"}
    assert planned(ASK, PEG).when(rest).timers == {}


def test_a_score_says_what_changed_since_the_baseline() -> None:
    history = History(scores=(peg(21, "baseline", day=-60),))
    result = planned(ASK, history=history).when(answer(peg=(5, 5, 4)))
    scored = like(MeasureScored, responder=True, findings=("peg_responder",))
    result.then(ruled(scored, "prom.peg", "OUT-03", "OUT-04"))


def test_what_is_incomplete_has_no_score_and_may_still_be_supplied() -> None:
    situation = planned(ASK)
    situation.when(answer(peg=(8, None, 6))).then(like(MeasureNotScored, reason="item_missing"))
    situation.when(answer("the rest", peg=(8, 7, 6))).then(MeasureScored)


def asking(*instruments: str) -> Situation:
    """A clinician asked for these."""
    request = RequestMeasures(referral_id=TARGET, occasion="review", instruments=instruments, due_on=DAY)
    asked = given().beside({TARGET: theirs()})
    assert asked.when(PHYSICIAN, request, PATIENT).refusal is None
    return asked


def test_a_whole_is_told_with_its_parts() -> None:
    situation = asking("pcs")
    situation.when(answer(pcs=(*[4] * 12, None))).then(like(MeasureNotScored, reason="item_missing"))
    parts = tuple(
        PartScore(subscale=name, score=Decimal(score))
        for name, score in (("rumination", 16), ("magnification", 12), ("helplessness", 24))
    )
    whole = like(MeasureScored, subscale=None, score=52, parts=parts, findings=("pcs_high",))
    situation.when(answer("all of it", pcs=[4] * 13)).then(whole)


def test_one_part_may_decide_the_band_of_the_whole() -> None:
    found = asking("start_back").when(answer(start_back=[0, 0, 0, 0, 1, 1, 1, 1, 0]))
    found.then(like(MeasureScored, score=4, band="high", findings=("start_back_high",)))


@pytest.mark.parametrize(
    ("instrument", "answers", "finding"),
    [
        ("phq2", [2, 1], "phq2_positive"),
        ("ort_oud", [1, 1, 1, *[0] * 6], "ort_oud_high"),
        ("audit_c", [1, 1, 1], "audit_c_positive"),
        ("dast10", [1, 1, 1, 1, *[0] * 6], "dast10_moderate"),
    ],
)
def test_what_somebody_must_look_at_is_found(instrument: str, answers: Any, finding: str) -> None:
    scored = asking(instrument).when(answered(instrument, answers))
    scored.then(like(MeasureScored, instrument=instrument, findings=(finding,)))
    one_less = [0, *answers[1:]] if instrument != "phq2" else [1, 1]
    lower = asking(instrument).when(answered(instrument, one_less))
    lower.then(like(MeasureScored, instrument=instrument, findings=()))


def test_what_was_declined_is_never_scored() -> None:
    situation = planned(ASK)
    situation.when(DECLINE).then(
        *[like(MeasureNotScored, instrument=each, reason="declined") for each in FULL]
    )
    situation.when(PEG).then(refused(code="not-asked"))
    situation.when(DECLINE).then(refused("not possible"))


def test_late_answers_count() -> None:
    planned(ASK, MISS).when(answer(phq9=(0,) * 8 + (1,))).then(
        like(MeasureScored, findings=("phq9_item9_positive",))
    )


def test_strangers_answer_nothing() -> None:
    planned(ASK, REFERRER).when(PEG).then(refused(code="not-permitted"))


def test_a_clinician_looks_at_a_finding_once() -> None:
    looked = ReviewFinding(submission_id=PEG.submission_id, finding="pcs_high", decision="talked")
    high = AnswerMeasures(submission_id=PEG.submission_id, answers={"pcs": (3,) * 13})
    situation = planned(ASK, high, PHYSICIAN)
    situation.when(looked).then(like(FindingReviewed, finding="pcs_high", decided_by=PHYSICIAN.id))
    situation.when(looked).then(refused(code="no-such-finding"))
    for actor in (*OUTSIDERS, COORDINATOR):
        planned(ASK, high, actor).when(looked).then(refused(code="not-permitted"))


LATER = PlanRequest(
    occasion="baseline",
    due_on=DAY + timedelta(days=30),
    ask_at=ASK_AT + timedelta(days=30),
    appointment_id=some_id("the next visit"),
)


@pytest.mark.parametrize("ending", [(DROP,), (ASK, DROP), (ASK, MISS)])
def test_before_the_next_first_visit_an_unanswered_baseline_is_asked_for_again(ending: Any) -> None:
    result = planned(*ending).when(LATER).then_state(Planned)
    [timer] = result.timers.values()
    assert timer.due == LATER.ask_at


def test_an_answered_baseline_stays_valid() -> None:
    in_time = START.date() + timedelta(days=30)
    again = PlanRequest(occasion="baseline", due_on=in_time, ask_at=ASK_AT)
    planned(ASK, PEG, MISS).when(again).then(nothing()).then_state(Ended)


def test_the_visit_that_was_cancelled_plans_nothing_when_it_is_told_again() -> None:
    situation = given().beside({TARGET: theirs()})
    for command, cause in ((PLAN, "booked"), (DROP, "cancelled"), (LATER, "booked again")):
        situation.world.command(command, some_id(cause))
    before = situation.world.state
    situation.world.command(PLAN, some_id("booked"))
    assert situation.world.state == before


def test_a_moved_visit_takes_its_questions_along_until_they_are_asked() -> None:
    later = MoveRequest(due_on=DAY + timedelta(days=20), ask_at=ASK_AT + timedelta(days=20))
    assert planned().when(later).state.due_on == later.due_on
    planned(ASK_AT, AskNow(due_on=DAY)).when(later).then(nothing())


@pytest.mark.parametrize(("late", "taken"), [(-1, True), (0, True), (1, False)])
def test_what_was_missing_is_supplied_within_seven_days_to_the_second(late: int, taken: bool) -> None:
    """`prom.supply_days`"""
    beside: dict[Any, Any] = {TARGET: History(), ("risk", LANE): Risk()}
    unscored = planned(history=History()).when(ASK, answer(peg=(8, None, 6)))
    assert unscored.refusal is None
    at = START + timedelta(days=7, seconds=late)
    supplied = given(unscored.state).beside(beside).when(at, answer("the rest", peg=(8, 7, 6)))
    assert any(isinstance(each, MeasureScored) for each in supplied.only_facts) == taken
    assert taken or (supplied.refusal and supplied.refusal.code == "not-asked")
