"""Answers come, or are declined; a clinician looks at what they found."""

from datetime import timedelta

import msgspec

from backbone.model import Content, Decision, Given, Refused, Step, Table, by, decider, like
from schemas.care_plan.v1.codes import Instrument
from schemas.care_plan.v1.measure import FindingReviewed, LeftFinding, MeasureNotScored
from services.care_plan.history.states import history_of
from services.care_plan.measures.commands import AnswerMeasures, DeclineMeasures, ReviewFinding
from services.care_plan.measures.decide.rating import rated
from services.care_plan.measures.decide.suicide_risk import judged
from services.care_plan.measures.facts import AnswersKept
from services.care_plan.measures.states import Ended, Planned, Requested
from services.care_plan.roles import CLINICIAN, PATIENT_OR_STAFF
from services.care_plan.rules import Rules


@by(PATIENT_OR_STAFF)
def answer(state: Requested | Ended, command: AnswerMeasures, given: Given[Rules]) -> Decision:
    """Scored as far as answered (OUT-09). Late answers count too: a late PHQ-9 still sets off OUT-01."""
    submission = command.submission_id
    if submission == state.submission_id or submission in state.set_aside:
        return ()
    within = timedelta(days=given.rules.measures.battery.values.supply_days)
    wanted = state.wanted(given.at - within)
    unknown = sorted(set(command.answers) - set(wanted))
    if (unknown or not command.answers) and not calls_for_help(command, given):
        return Refused(
            f"not asked for, answered already, or supplied too late: {', '.join(unknown) or 'nothing'}",
            code="not-asked",
        )
    instruments = tuple(each for each in wanted if each in command.answers)
    history = history_of(state.referral_id, given)
    steps: list[Step] = [
        Content(submission, "answers", msgspec.json.encode(command.answers)),
        AnswersKept(submission_id=submission, instruments=instruments),
    ]
    for instrument in instruments:
        ids = given.target, submission
        scored, lacking = rated(instrument, command.answers[instrument], history, ids, given)
        steps += [*scored, *([not_scored(instrument, lacking, submission, given)] if lacking else ())]
    return steps


@by(PATIENT_OR_STAFF)
def answer_unasked(state: Planned, command: AnswerMeasures, given: Given[Rules]) -> Decision:
    """Nothing was asked for yet. What calls for help is kept, for whoever looks at the alert."""
    if not calls_for_help(command, given):
        return Refused("nothing is asked for yet", code="not-asked")
    submission = command.submission_id
    if submission in state.set_aside:
        return ()
    return [
        Content(submission, "answers", msgspec.json.encode(command.answers)),
        AnswersKept(submission_id=submission, instruments=()),
    ]


def calls_for_help(command: AnswerMeasures, given: Given[Rules]) -> bool:
    """OUT-01: such answers are never refused, whatever was asked for. What was not is kept and not scored."""
    return judged(given.rules.measures.suicide_risk, command.answers.get("phq9", ())).fired


@by(PATIENT_OR_STAFF)
def decline(state: Requested, command: DeclineMeasures, given: Given[Rules]) -> Decision:
    return [not_scored(each, "declined", None, given) for each in state.outstanding]


def not_scored(
    instrument: Instrument, reason: str, submission: str | None, given: Given[Rules]
) -> MeasureNotScored:
    return MeasureNotScored(
        request_id=given.target, submission_id=submission, instrument=instrument, reason=reason
    )


@by(CLINICIAN)
def review(state: Requested | Ended, command: ReviewFinding, given: Given[Rules]) -> Decision:
    if (command.submission_id, command.finding) not in state.findings:
        return Refused("there is no such finding to look at, or somebody did", code="no-such-finding")
    left = tuple(
        LeftFinding(submission_id=submission, finding=finding)
        for submission, finding in state.findings
        if (submission, finding) != (command.submission_id, command.finding)
    )
    return [like(FindingReviewed, command, decided_by=decider(given), left=left or None)]


ANSWERS = Table(answer, answer_unasked, decline, review)
