"""Every finding of a score is somebody's work, or says here where it is looked at."""

import pytest

from schemas.care_plan.v1.codes import FINDING
from schemas.care_plan.v1.measure import FindingReviewed, MeasureScored
from services.worklist.catalogue.decide.table import CATALOGUE
from tests.support.examples import example_fact, thing

ELSEWHERE = {
    "phq9_item9_positive": "a safety alert (OUT-01)",
    "phq9_moderate": "at the next review (OUT-02)",
    "peg_responder": "at the next review (OUT-03)",
    "discharge_ready": "a goal's finding, at the next review (OUT-07)",
    "step_down": "a goal's finding, at the next review (OUT-06)",
    "score_in_error": "opened by the mistake itself",
    "step_up": "a case before the team (OUT-05)",
}


@pytest.mark.parametrize("finding", FINDING)
def test_a_finding_opens_work_that_a_look_at_it_closes(finding: str) -> None:
    scored = example_fact(MeasureScored, findings=[finding])
    rows = [row for row in CATALOGUE if row.opens is MeasureScored and row.when(scored)]
    assert bool(rows) != (finding in ELSEWHERE)
    reviewed = example_fact(FindingReviewed, finding=finding)
    for row in rows:
        closings = [each for each in row.closings if each.fact is FindingReviewed]
        assert any(each.holds(reviewed) for each in closings)


ONE, OTHER = thing("submission"), thing("another submission")


@pytest.mark.parametrize(
    ("item", "looked_at", "left", "done"),
    [
        ("SCORE_REVIEW", "phq9_severe", (ONE, "phq9_rise"), False),
        ("SCORE_REVIEW", "phq9_severe", (ONE, "phq9_moderate"), True),
        ("SCORE_REVIEW", "phq9_severe", (OTHER, "dass21_anxiety_severe"), True),
        ("PSY_SUGGEST", "pcs_high", (OTHER, "pseq_low"), False),
        ("PSY_SUGGEST", "pcs_high", (OTHER, "phq9_severe"), True),
        ("SUBSTANCE_CHECK", "audit_c_positive", (ONE, "dast10_moderate"), False),
    ],
)
def test_work_about_several_findings_is_done_when_somebody_has_looked_at_the_last(
    item: str, looked_at: str, left: tuple[str, str], done: bool
) -> None:
    others = [{"submission_id": left[0], "finding": left[1]}]
    reviewed = example_fact(FindingReviewed, submission_id=ONE, finding=looked_at, left=others)
    [row] = [row for row in CATALOGUE if row.item == item]
    [closing] = [each for each in row.closings if each.fact is FindingReviewed]
    assert closing.holds(reviewed) is done
