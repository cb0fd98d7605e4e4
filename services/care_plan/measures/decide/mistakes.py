"""A score that is none: marked by a named person, never taken away (measures.md: entered in error)."""

from backbone.model import Decision, Given, Refused, Table, by, decider, like
from schemas.care_plan.v1.measure import LeftFinding, MeasureEnteredInError
from services.care_plan.measures.commands import MarkScoreInError
from services.care_plan.measures.states import Ended, Requested
from services.care_plan.roles import CLINICIAN
from services.care_plan.rules import Rules


@by(CLINICIAN)
def mark(state: Requested | Ended, command: MarkScoreInError, given: Given[Rules]) -> Decision:
    """What was found in it is withdrawn, as far as nobody has looked at it. An alert stays until a person closes it."""
    score = next((each for each in state.scores if each.instrument == command.instrument), None)
    if score is None:
        return Refused(f"instrument: {command.instrument} has no score here", code="no-such-score")
    if score.in_error:
        return ()
    submission = score.submission_id
    withdrawn = {(submission, finding) for finding in score.findings}
    left = tuple(
        LeftFinding(submission_id=of, finding=finding)
        for of, finding in state.findings
        if (of, finding) not in withdrawn
    )
    marked = like(
        MeasureEnteredInError,
        command,
        request_id=given.target,
        submission_id=submission,
        decided_by=decider(given),
        findings=tuple(finding for of, finding in state.findings if (of, finding) in withdrawn),
        left=left or None,
    )
    return [marked]


MISTAKES = Table(mark)
