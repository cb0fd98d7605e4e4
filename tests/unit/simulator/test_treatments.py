"""What the simulated physicians order can be there, and what patients take is on their lists."""

import pytest

from config.loading import SHIPPED
from schemas.referral.v1.intake import ReferralSubmission
from services.care_plan.procedure.decide.places import misplaced
from services.care_plan.procedure.documents import NewProcedure
from services.care_plan.rules import load_rules
from simulator.behaviour import plans
from simulator.treatments import BY_PATHWAY, COURSES, DRUGS, ORDERS

STORIES = plans(110)
TREATED = [story for story in STORIES if story.course]


@pytest.mark.parametrize("family", sorted(ORDERS))
def test_every_order_fits_its_family(family: str) -> None:
    order, rules = NewProcedure(family=family, **ORDERS[family]), load_rules(SHIPPED)
    place = order.region, order.side, order.levels
    assert misplaced(family, rules.procedures.family(family), *place) is None


def test_a_whole_clinic_has_every_course_and_every_drug_that_stands_against_it() -> None:
    assert {story.course for story in TREATED} == set(COURSES)
    assert any(story.outcome == BY_PATHWAY for story in TREATED)
    assert any(story.outcome == "MDT_PROGRAMME" for story in TREATED)
    listed = {each["code"] for story in TREATED for each in story.submission["answers"]["medications"]}
    assert {each["code"] for each in DRUGS.values()} <= listed


def test_what_a_patient_takes_makes_no_list_too_long() -> None:
    for story in STORIES:
        ReferralSubmission.model_validate(
            {**story.submission, "answers": story.submission["answers"] | story.withheld}
        )
