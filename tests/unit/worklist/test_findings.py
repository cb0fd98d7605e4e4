"""Every finding of a score is somebody's work, or says here where it is looked at."""

import pytest

from schemas.care_plan.v1.codes import FINDING
from schemas.care_plan.v1.measure import FindingReviewed, MeasureScored
from services.worklist.catalogue.decide.table import CATALOGUE
from tests.support.examples import example_fact

ELSEWHERE = {
    "phq9_item9_positive": "a safety alert (OUT-01)",
    "phq9_moderate": "at the next review (OUT-02)",
    "peg_responder": "at the next review (OUT-03)",
    "discharge_ready": "a goal's finding, at the next review (OUT-07)",
    "step_down": "a goal's finding, at the next review (OUT-06)",
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
