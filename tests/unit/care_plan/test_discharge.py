"""The end of a plan: discharge proposed, complete and confirmed (DIS-01, OUT-07), and patient-initiated follow-up."""

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from schemas.care_plan.v1.consultation import LetterSigned
from schemas.care_plan.v1.discharge import (
    DischargeDeclined,
    DischargeProposed,
    PatientDischarged,
    PifuExpired,
    PifuOpened,
    PifuUsed,
)
from schemas.care_plan.v1.plan import PlanClosed, PlanReviewed, PlanRevoked, PlanUpdated
from services.care_plan.history.states import History
from services.care_plan.opioid.states import Assessed
from services.care_plan.plan.aggregate import CARE_PLAN
from services.care_plan.plan.commands import (
    DeclineDischarge,
    Discharge,
    ExpirePifu,
    MarkPlanInError,
    OpenPifu,
    OpenPifuAtOnce,
    ReviewPlan,
    SignDischargeLetter,
    TakePlanLetterBack,
    UsePifu,
)
from services.care_plan.plan.states import Active, Completed, InError, PifuOpen
from services.care_plan.risk.states import Risk
from tests.support.deciding import START, Situation, deciding, like, nothing, refused, ruled
from tests.support.told import at_clinic
from tests.unit.care_plan.plans import ACTIVATE, DRAFT, beside, peg
from tests.unit.care_plan.situations import CLERK, COORDINATOR, NURSE, PHYSICIAN, rules, some_id

ITEMS = ("medication_handover", "flare_up_plan", "rereferral_route")
SIGN = SignDischargeLetter(audience=("referrer", "pcp", "patient"), letter_ref=some_id("a letter"))
PROPOSE = ReviewPlan(result="discharge", met=ITEMS)
DISCHARGE = Discharge(reason="COMPLETED_GOALS", no_final_measures="patient_declined")
EXPIRED = Discharge(reason="PIFU_EXPIRED")
DIED = Discharge(reason="DIED")
ENDS_ON = date(2027, 7, 4)
EXPIRE = ExpirePifu(ends_on=ENDS_ON)


def active(*steps: Any, **known: Any) -> Situation:
    situation = deciding(CARE_PLAN, rules(), actor=PHYSICIAN)().beside(beside(**known))
    assert situation.when(DRAFT, ACTIVATE, *steps).refusal is None
    return situation


def test_a_review_proposes_discharge_and_says_what_is_missing() -> None:
    result = active(NURSE).when(ReviewPlan(result="discharge", met=("flare_up_plan",)))
    lacking = ("summary_letter", "medication_handover", "rereferral_route", "final_proms")
    proposed = ruled(like(DischargeProposed, missing=lacking, basis=("clinical_judgement",)), "DIS-01")
    result.then(like(PlanReviewed, result="discharge", next_review=None), proposed)


def test_measures_at_the_end_are_final_proms_and_a_responder_speaks_for_it() -> None:
    history = History(scores=(peg(21, "baseline"), peg(14, "end", responder=True, day=120)))
    result = active(history=history).when(ReviewPlan(result="discharge", met=ITEMS))
    result.then(PlanReviewed, like(DischargeProposed, missing=("summary_letter",), basis=("peg_responder",)))


@pytest.mark.parametrize(
    ("before", "now", "days", "met", "basis"),
    [
        (21, 19, 84, ITEMS, "plateau"),
        (19, 21, 84, ITEMS, "plateau"),
        (21, 18, 84, ITEMS, "clinical_judgement"),
        (18, 21, 84, ITEMS, "clinical_judgement"),
        (21, 19, 83, ITEMS, "clinical_judgement"),
        (21, 19, 84, ("medication_handover",), "clinical_judgement"),
    ],
)
def test_pain_that_stays_as_it_is_speaks_for_discharge_where_the_patient_has_a_plan(
    before: int, now: int, days: int, met: tuple[str, ...], basis: str
) -> None:
    """OUT-07: a change of less than 1 in 12 weeks."""
    scores = peg(before, "baseline"), peg(now, "review", responder=False, day=days)
    result = active(NURSE, history=History(scores=scores)).when(ReviewPlan(result="discharge", met=met))
    rules = ("DIS-01", "OUT-07") if basis == "plateau" else ("DIS-01",)
    result.then(PlanReviewed, ruled(like(DischargeProposed, basis=(basis,)), *rules))


@pytest.mark.parametrize("hours", [-3, 0, 3])
def test_twelve_weeks_are_weeks_of_the_calendar_over_a_clock_change_and_at_whatever_hour(hours: int) -> None:
    before = replace(peg(21, "baseline"), taken_at=at_clinic("2027-02-01 12:00"))
    now = at_clinic("2027-04-26 12:00") + timedelta(hours=hours)
    history = History(scores=(before, replace(peg(19, "review", responder=False), taken_at=now)))
    result = active(NURSE, history=history).when(ReviewPlan(result="discharge", met=ITEMS))
    result.then(PlanReviewed, like(DischargeProposed, basis=("plateau",)))


def test_a_physician_signs_and_discharges_and_asks_again_after_three_and_six_months() -> None:
    result = active(PROPOSE, SIGN).when(DISCHARGE)
    after = (date(2027, 4, 4), date(2027, 7, 4))
    discharged = like(PatientDischarged, reason="COMPLETED_GOALS", followup_measures_on=after)
    result.then(PlanClosed, ruled(discharged, "DIS-01")).then_state(Completed)


def test_the_letter_is_signed_by_a_physician() -> None:
    active(PROPOSE).when(SIGN).then(like(LetterSigned, kind="discharge", signed_by=PHYSICIAN.id))
    active(PROPOSE).when(NURSE, SIGN).then(refused(code="not-permitted"))


@pytest.mark.parametrize("item", ITEMS)
def test_without_any_one_item_nobody_is_discharged(item: str) -> None:
    met = tuple(each for each in ITEMS if each != item)
    situation = active(ReviewPlan(result="discharge", met=met), SIGN)
    situation.when(DISCHARGE).then(refused(item, code="discharge-incomplete")).then_state(Active)


def test_nobodys_word_stands_for_a_letter_or_for_measures() -> None:
    said = ("summary_letter", "final_proms", *ITEMS)
    result = active().when(ReviewPlan(result="discharge", met=said))
    result.then(PlanReviewed, like(DischargeProposed, missing=("summary_letter", "final_proms")))
    ticked = Discharge(reason="COMPLETED_GOALS", met=said)
    active(PROPOSE, SIGN).when(ticked).then(refused("final_proms", code="discharge-incomplete"))
    unsigned = msgspec.structs.replace(ticked, no_final_measures="patient_declined")
    active(PROPOSE).when(unsigned).then(refused("summary_letter", code="discharge-incomplete"))
    active(PROPOSE, OpenPifu(), EXPIRE).when(Discharge(reason="PIFU_EXPIRED", met=said)).then(
        refused("summary_letter", code="discharge-incomplete")
    )


def test_without_measures_the_discharge_says_why() -> None:
    told = like(PatientDischarged, no_final_measures="patient_declined")
    active(PROPOSE, SIGN).when(DISCHARGE).then(PlanClosed, told)


@pytest.mark.parametrize(("exposure", "needed"), [("complete", True), ("incomplete", True), ("none", False)])
def test_opioids_are_handed_over_to_whoever_prescribes_them_from_now_on(exposure: Any, needed: bool) -> None:
    situation = active(PROPOSE, SIGN, opioids=Assessed(exposure=exposure))
    if needed:
        situation.when(DISCHARGE).then(refused("handover_prescriber", code="discharge-incomplete"))
    agreed = msgspec.structs.replace(DISCHARGE, handover_prescriber=needed or None)
    situation.when(agreed).then(PlanClosed, like(PatientDischarged, handover_prescriber=needed or None))


def test_without_a_proposal_nobody_is_discharged() -> None:
    active(SIGN).when(DISCHARGE).then(refused(instead="ReviewPlan", code="not-proposed"))


@pytest.mark.parametrize("actor", [NURSE, COORDINATOR])
def test_nobody_but_a_physician_discharges_from_a_running_plan(actor: Any) -> None:
    active(PROPOSE, SIGN, actor).when(DISCHARGE).then(refused(code="not-permitted"))


def test_an_open_safety_alert_blocks_discharge_but_not_death() -> None:
    alert = Risk(open_alerts=("an alert",))
    active(PROPOSE, SIGN, risk=alert).when(DISCHARGE).then(refused(code="open-safety-alert"))
    active(risk=alert).when(DIED).then(PlanClosed, like(PatientDischarged, reason="DIED"))


def test_after_a_death_nothing_is_asked_for_and_nobody_is_asked_again() -> None:
    active().when(DIED).then(PlanClosed, like(PatientDischarged, followup_measures_on=()))


def test_a_clinician_declines_and_care_goes_on() -> None:
    result = active(PROPOSE, NURSE).when(DeclineDischarge(reason="not_ready"))
    declined = like(DischargeDeclined, decided_by=NURSE.id, next_review=date(2027, 2, 15))
    result.then(ruled(declined, "review.interval")).then_state(Active)
    assert result.state.course.review_on == date(2027, 2, 15)
    on = DeclineDischarge(reason="not_ready", next_review=date(2027, 3, 1))
    active(PROPOSE, NURSE).when(on).then(like(DischargeDeclined, next_review=date(2027, 3, 1)))
    past = DeclineDischarge(reason="not_ready", next_review=date(2027, 1, 4))
    active(PROPOSE, NURSE).when(past).then(refused(code="no-next-review"))
    active().when(DeclineDischarge(reason="not_ready")).then(refused(code="not-proposed"))
    active(PROPOSE, SIGN, DeclineDischarge(reason="not_ready")).when(DISCHARGE).then(
        refused(code="not-proposed")
    )


def test_a_review_that_goes_on_declines_the_proposal() -> None:
    on = ReviewPlan(result="continue", next_review=date(2027, 4, 8))
    active(PROPOSE).when(on).then(PlanReviewed, DischargeDeclined)
    active(PROPOSE, SIGN, on).when(DISCHARGE).then(refused(code="not-proposed"))


def test_after_the_end_nothing_is_asked_of_a_plan() -> None:
    situation = active(PROPOSE, SIGN, DISCHARGE)
    for command in (DISCHARGE, PROPOSE, OpenPifu(), UsePifu()):
        situation.when(command).then(refused("not possible"))


def test_after_the_discharge_a_recalled_letter_is_signed_anew_and_no_other() -> None:
    situation = active(PROPOSE, SIGN, DISCHARGE)
    situation.when(PHYSICIAN, SIGN).then(refused(code="already-signed"))
    situation.when(TakePlanLetterBack(letter_ref=some_id("another letter"))).then(nothing())
    situation.when(TakePlanLetterBack(letter_ref=SIGN.letter_ref)).then()
    situation.when(NURSE, SIGN).then(refused(code="not-permitted"))
    anew = msgspec.structs.replace(SIGN, letter_ref=some_id("a corrected letter"))
    situation.when(PHYSICIAN, anew).then(like(LetterSigned, kind="discharge")).then_state(Completed)
    situation.when(anew).then(refused(code="already-signed"))


def test_follow_up_by_the_patient_lasts_six_months_and_is_over_the_morning_after() -> None:
    result = active(NURSE).when(OpenPifu())
    result.then(like(PlanClosed, reason="pifu"), ruled(like(PifuOpened, ends_on=ENDS_ON), "pifu.window"))
    [timer] = result.timers.values()
    assert timer.command == EXPIRE
    assert rules().calendar.day(timer.due) == ENDS_ON + timedelta(days=1)


def test_it_is_opened_once() -> None:
    active(OpenPifu()).when(OpenPifu()).then(nothing())
    active(OpenPifu()).when(COORDINATOR, OpenPifu()).then(refused(code="not-permitted"))


def test_as_the_outcome_of_a_consultation_it_needs_no_plan_and_is_never_opened_again() -> None:
    told = OpenPifuAtOnce()
    situation = deciding(CARE_PLAN, rules())().beside(beside())
    situation.when(told).then(like(PifuOpened, ends_on=ENDS_ON)).then_state(PifuOpen)
    situation.when(told).then(nothing())
    situation.when(COORDINATOR, UsePifu(), told).then(PifuUsed, PlanUpdated).then_state(Active)


def test_who_is_at_risk_and_calls_is_reviewed_after_four_weeks() -> None:
    result = active(OpenPifu(), COORDINATOR, risk=Risk(high_dose=True)).when(UsePifu())
    assert (result.state.course.review_on, result.state.course.high_risk) == (date(2027, 2, 1), True)


def test_the_patient_calls_and_the_plan_goes_on_as_a_new_version() -> None:
    result = active(OpenPifu(), COORDINATOR).when(UsePifu())
    result.then(PifuUsed, like(PlanUpdated, plan_version=2, changed=("pifu_used",))).then_state(Active)
    assert result.state.course.review_on == date(2027, 2, 15)
    assert result.timers


def test_what_was_ready_for_an_earlier_end_is_made_anew() -> None:
    again = active(PROPOSE, SIGN, OpenPifu(), UsePifu(), ReviewPlan(result="discharge"))
    again.when(DISCHARGE).then(refused("summary_letter", code="discharge-incomplete"))


@pytest.mark.parametrize(
    "steps",
    [(SIGN, PROPOSE, DISCHARGE), (SIGN, OpenPifu()), (OpenPifu(), EXPIRE)],
    ids=("discharged", "window open", "window over"),
)
def test_also_what_has_ended_may_have_been_entered_in_error(steps: Any) -> None:
    ended = active(*steps)
    marked = ended.when(CLERK, MarkPlanInError(reason="wrong_patient"))
    marked.then(like(PlanRevoked, reason="entered_in_error")).then_state(InError)


def test_the_end_of_the_window_discharges_nobody_by_itself() -> None:
    active(OpenPifu()).when(EXPIRE).then(like(PifuExpired, ended_on=ENDS_ON))
    active(OpenPifu(), EXPIRE).when(EXPIRE).then(nothing())
    active(OpenPifu(), UsePifu()).when(EXPIRE).then(nothing()).then_state(Active)


def test_a_coordinator_confirms_after_the_window_what_a_physician_signed() -> None:
    active(OpenPifu(), EXPIRE, COORDINATOR).when(EXPIRED).then(refused("summary_letter"))
    result = active(OpenPifu(), EXPIRE, SIGN, COORDINATOR).when(EXPIRED)
    result.then(like(PatientDischarged, reason="PIFU_EXPIRED", followup_measures_on=()))


def test_who_calls_after_the_window_is_seen_all_the_same() -> None:
    active(OpenPifu(), START + timedelta(days=190), EXPIRE).when(UsePifu()).then(PifuUsed, PlanUpdated)
