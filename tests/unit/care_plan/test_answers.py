"""What rules of care plans propose, and the facts that say what a person made of it (PRV-26)."""

from datetime import date

import pytest
from msgspec.structs import replace

from backbone.model import SYSTEM
from schemas.care_plan.v1.codes import AlertResult
from schemas.care_plan.v1.discharge import DischargeDeclined, DischargeProposed, PatientDischarged
from schemas.care_plan.v1.mdt import MdtCaseWithdrawn, MdtDecisionRecorded
from schemas.care_plan.v1.plan import PlanReviewed
from schemas.care_plan.v1.safety import SafetyAlertAssessed
from schemas.proposal import Answer, Answered, Outcome
from services.care_plan.history.states import History
from services.care_plan.mdt.commands import EndCase, RequestCase, WithdrawCase
from services.care_plan.plan.commands import DeclineDischarge, NoteSuggestion, ReviewPlan
from services.care_plan.plan.facts import SuggestionNoted
from services.care_plan.safety_alert.aggregate import SAFETY_ALERT
from services.care_plan.safety_alert.commands import AssessAlert, ConsiderWarnings
from tests.support.deciding import Result, Situation, deciding, like, nothing, ruled
from tests.unit.care_plan.meetings import LIST, case, decision
from tests.unit.care_plan.meetings import PHYSICIAN as CHAIR
from tests.unit.care_plan.plans import peg
from tests.unit.care_plan.situations import PHYSICIAN, rules, some_id
from tests.unit.care_plan.test_discharge import DIED, DISCHARGE, PROPOSE, SIGN, active

ASSESSED, ASSESSED_AGAIN = some_id("goal 1 assessed"), some_id("goal 2 assessed")
READY = NoteSuggestion(by_event=ASSESSED, findings=("step_down", "discharge_ready"))
NEXT = date(2027, 4, 8)


def warned(contact: str) -> ConsiderWarnings:
    return ConsiderWarnings(contact_id=some_id(contact), code="suicide_risk")


def alert(*steps: ConsiderWarnings) -> Situation:
    return deciding(SAFETY_ALERT, rules())(*steps)


def outcomes(result: Result, answer: type[Answer]) -> list[str]:
    """What was decided of each proposal."""
    [fact] = [each for each in result.only_facts if isinstance(each, answer)]
    return [each.outcome for each in fact.answered or ()]


def test_what_goals_suggest_is_noted_once_and_with_its_rules() -> None:
    noted = ruled(like(SuggestionNoted, by_event=ASSESSED), "goal.attainment", "OUT-06", "OUT-07")
    active(SYSTEM).when(READY).then(noted)
    again = NoteSuggestion(by_event=ASSESSED_AGAIN, findings=("step_down",))
    active(SYSTEM, READY).when(again).then(nothing())


@pytest.mark.parametrize(
    ("review", "outcome"),
    [
        (ReviewPlan(result="continue", next_review=NEXT), "declined"),
        (ReviewPlan(result="step_down", next_review=NEXT), "taken"),
        (ReviewPlan(result="step_up", next_review=NEXT), "other"),
        (PROPOSE, "taken"),
    ],
)
def test_the_next_review_says_what_became_of_it(review: ReviewPlan, outcome: Outcome) -> None:
    result = active(SYSTEM, READY, PHYSICIAN).when(review)
    [reviewed] = [each for each in result.only_facts if isinstance(each, PlanReviewed)]
    assert reviewed.answered == (Answered(proposal_id=ASSESSED, outcome=outcome),)


def test_a_proposed_discharge_names_its_measures_and_is_taken_or_declined_with_the_reason() -> None:
    history = History(
        scores=tuple(
            replace(peg(total, occasion, responder=True, day=day), request_id=some_id(occasion))
            for total, occasion, day in ((21, "baseline", 0), (14, "end", 120))
        )
    )
    situation = active(history=history)
    measured = (some_id("baseline"), some_id("end"))
    situation.when(PROPOSE).then(PlanReviewed, ruled(like(DischargeProposed, inputs=measured), "DIS-01"))
    declined = situation.when(DeclineDischarge(reason="not_ready"))
    declined.then(like(DischargeDeclined, reason="not_ready"))
    assert outcomes(declined, DischargeDeclined) == ["declined"]
    assert outcomes(active(PROPOSE, SIGN).when(DISCHARGE), PatientDischarged) == ["taken"]
    assert outcomes(active(PROPOSE).when(DIED), PatientDischarged) == ["other"]


def test_the_team_answers_every_rule_that_asked_and_no_person() -> None:
    asked = RequestCase(reason="OUT-05"), RequestCase(reason="MDT-01"), RequestCase(reason="other")
    decided = case(*asked, LIST, CHAIR).when(decision())
    assert outcomes(decided, MdtDecisionRecorded) == ["taken", "taken"]
    assert outcomes(case(*asked).when(WithdrawCase(reason="other")), MdtCaseWithdrawn) == ["declined"] * 2


def test_what_ends_by_itself_was_answered_by_nobody() -> None:
    ended = case(RequestCase(reason="OUT-05"), SYSTEM).when(EndCase(reason="completed"))
    assert outcomes(ended, MdtCaseWithdrawn) == []


@pytest.mark.parametrize(
    ("result", "outcome"),
    [("false_trigger", "declined"), ("not_reached", "other"), ("safety_plan", "taken")],
)
def test_an_assessment_answers_every_trigger_of_the_alert(result: AlertResult, outcome: Outcome) -> None:
    raised = (warned("a contact"), warned("another contact"))
    assessed = alert(*raised).when(PHYSICIAN, AssessAlert(result=result, note="Spoke with the patient."))
    assert outcomes(assessed, SafetyAlertAssessed) == [outcome, outcome]
