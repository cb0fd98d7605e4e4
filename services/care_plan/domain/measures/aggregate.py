"""The request for measures: planned, asked for, answered or missed."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

import msgspec

from backbone.model import (
    Aggregate,
    Columns,
    Content,
    Decision,
    Flag,
    Given,
    Head,
    Refused,
    Table,
    Timer,
    by,
    decider,
    field,
)
from schemas.care_plan.v1.codes import Instrument
from schemas.care_plan.v1.measure import (
    FindingReviewed,
    MeasureNotReceived,
    MeasureNotScored,
    MeasureRequested,
    MeasureScored,
)
from services.care_plan.domain.facts import AnswersKept, RequestDropped, RequestPlanned
from services.care_plan.domain.measures.cadence import asked_now
from services.care_plan.domain.measures.history import History
from services.care_plan.domain.measures.planning import PLANNING
from services.care_plan.domain.measures.rating import rated
from services.care_plan.domain.measures.states import (
    AnswerMeasures,
    AskNow,
    ChaseMeasures,
    DeclineMeasures,
    DropRequest,
    Ended,
    MissMeasures,
    NoRequest,
    Planned,
    Requested,
    RequestMeasures,
    ReviewFinding,
)
from services.care_plan.domain.roles import CLINICIAN, CLINICIAN_OR_COORDINATOR, PATIENT_OR_STAFF
from services.care_plan.domain.rules import Rules


def ask(state: Planned, command: AskNow, given: Given[Rules]) -> Decision:
    if state.due_on != command.due_on:
        return ()
    history = history_of(state, given)
    occasion, instruments = asked_now(state, history, given.rules)
    return [
        MeasureRequested(
            request_id=given.target,
            occasion=occasion,
            instruments=instruments,
            due_on=state.due_on,
            appointment_id=state.appointment_id,
        )
    ]


def history_of(state: Any, given: Given[Rules]) -> History:
    found = given.others.get(state.referral_id or "")
    return found if isinstance(found, History) else History()


def not_now(state: NoRequest | Requested | Ended, command: AskNow, given: Given[Rules]) -> Decision:
    return ()


@by(CLINICIAN_OR_COORDINATOR)
def request(state: NoRequest, command: RequestMeasures, given: Given[Rules]) -> Decision:
    return [
        MeasureRequested(
            request_id=given.target,
            occasion=command.occasion,
            instruments=command.instruments,
            due_on=command.due_on,
            appointment_id=command.appointment_id,
        )
    ]


def chase(state: Requested, command: ChaseMeasures, given: Given[Rules]) -> Decision:
    if state.chased or state.due_on != command.due_on:
        return ()
    return [MeasureNotReceived(request_id=given.target, stage="D-1", outstanding=state.outstanding)]


def miss(state: Requested, command: MissMeasures, given: Given[Rules]) -> Decision:
    if state.due_on != command.due_on:
        return ()
    return [MeasureNotReceived(request_id=given.target, stage="missed", outstanding=state.outstanding)]


def too_late(
    state: NoRequest | Planned | Ended, command: ChaseMeasures | MissMeasures, given: Given[Rules]
) -> Decision:
    return ()


@by(PATIENT_OR_STAFF)
def answer(state: Requested | Ended, command: AnswerMeasures, given: Given[Rules]) -> Decision:
    """Scored as far as answered (OUT-09). Late answers count too: a late PHQ-9 still sets off OUT-01."""
    if command.submission_id == state.submission_id:
        return ()
    wanted = state.outstanding
    unknown = sorted(set(command.answers) - set(wanted))
    if unknown or not command.answers:
        return Refused(
            f"not asked for, or answered already: {', '.join(unknown) or 'nothing'}", code="not-asked"
        )
    submission = command.submission_id
    instruments = tuple(each for each in wanted if each in command.answers)
    history = history_of(state, given)
    steps: list[Any] = [
        Content(submission, "answers", msgspec.json.encode(command.answers)),
        AnswersKept(submission_id=submission, instruments=instruments),
    ]
    for instrument in instruments:
        answers = command.answers[instrument]
        found = rated(instrument, answers, history, given.rules, (given.target, submission), given.at)
        if isinstance(found, str):
            found = MeasureNotScored(
                request_id=given.target, submission_id=submission, instrument=instrument, reason=found
            )  # type: ignore[assignment]
        steps.append(found)
    return steps


@by(PATIENT_OR_STAFF)
def decline(state: Requested, command: DeclineMeasures, given: Given[Rules]) -> Decision:
    return [
        MeasureNotScored(request_id=given.target, instrument=each, reason="declined")
        for each in state.outstanding
    ]


def drop(state: Planned | Requested, command: DropRequest, given: Given[Rules]) -> Decision:
    return [RequestDropped()]


def nothing_to_drop(state: NoRequest | Ended, command: DropRequest, given: Given[Rules]) -> Decision:
    return ()


@by(CLINICIAN)
def review(state: Requested | Ended, command: ReviewFinding, given: Given[Rules]) -> Decision:
    if (command.submission_id, command.finding) not in state.findings:
        return Refused("there is no such finding to look at, or somebody did", code="no-such-finding")
    return [
        FindingReviewed(
            submission_id=command.submission_id,
            finding=command.finding,
            decision=command.decision,
            decided_by=decider(given),
        )
    ]


def planned(state: NoRequest | Planned | Ended, fact: RequestPlanned, head: Head) -> Planned:
    return Planned(
        occasion=fact.occasion,
        due_on=fact.due_on,
        ask_at=fact.ask_at,
        appointment_id=fact.appointment_id,
        referral_id=head.pathway_id,
        planned_by=(*state.planned_by, head.causation_id),
    )


def requested(state: NoRequest | Planned, fact: MeasureRequested, head: Head) -> Requested:
    return Requested(
        occasion=fact.occasion,
        due_on=fact.due_on,
        outstanding=fact.instruments,
        appointment_id=fact.appointment_id,
        referral_id=head.pathway_id,
        planned_by=state.planned_by,
    )


def chased(state: Requested, fact: MeasureNotReceived, head: Head) -> Requested | Ended:
    if fact.stage == "D-1":
        return msgspec.structs.replace(state, chased=True)
    return ended(state, "missed")


def kept(state: Requested | Ended, fact: AnswersKept, head: Head) -> Requested | Ended:
    return msgspec.structs.replace(state, submission_id=fact.submission_id)


def scored(state: Requested | Ended, fact: MeasureScored, head: Head) -> Requested | Ended:
    found = (*state.findings, *((fact.submission_id, each) for each in fact.findings))
    return settled(msgspec.structs.replace(state, findings=found), fact.instrument, "scored")


def not_scored(state: Requested | Ended, fact: MeasureNotScored, head: Head) -> Requested | Ended:
    """What was only incomplete may still be supplied; what was declined is over."""
    return settled(state, fact.instrument, "declined") if fact.reason == "declined" else state


def settled(state: Requested | Ended, instrument: Instrument, how: str) -> Requested | Ended:
    left = tuple(each for each in state.outstanding if each != instrument)
    state = msgspec.structs.replace(state, outstanding=left)
    return state if left or isinstance(state, Ended) else ended(state, how)


def ended(state: Planned | Requested, how: str) -> Ended:
    return Ended(
        occasion=state.occasion,
        how=how,
        due_on=state.due_on,
        outstanding=getattr(state, "outstanding", ()),
        referral_id=state.referral_id,
        planned_by=state.planned_by,
        findings=getattr(state, "findings", ()),
        submission_id=getattr(state, "submission_id", None),
    )


def dropped(state: Planned | Requested, fact: RequestDropped, head: Head) -> Ended:
    return ended(state, "dropped")


def reviewed(state: Requested | Ended, fact: FindingReviewed, head: Head) -> Requested | Ended:
    left = tuple(each for each in state.findings if each != (fact.submission_id, fact.finding))
    return msgspec.structs.replace(state, findings=left)


def timers(state: Any, rules: Rules) -> Mapping[str, Timer]:
    if isinstance(state, Planned):
        return {"ask": Timer(state.ask_at, AskNow(due_on=state.due_on))}
    if not isinstance(state, Requested):
        return {}
    over = rules.calendar.daily(state.due_on + timedelta(days=1))
    due = {"miss": Timer(over, MissMeasures(due_on=state.due_on))}
    if not state.chased:
        before = rules.calendar.daily(state.due_on - timedelta(days=1))
        due["chase"] = Timer(before, ChaseMeasures(due_on=state.due_on))
    return due


def needs(state: Any, command: Any) -> Iterable[tuple[str, str]]:
    if isinstance(command, AskNow | AnswerMeasures) and getattr(state, "referral_id", None):
        yield "history", state.referral_id


class MeasureRequests(Columns):
    """How requests for measures are found."""

    referral_id = field("referral_id")
    submission_id = field("submission_id")
    appointment_id = field("appointment_id")
    follows = Flag(lambda state: getattr(state, "occasion", None) == "followup")
    open = Flag(lambda state: isinstance(state, Planned | Requested))


MEASURE_REQUEST = Aggregate(
    "measure_request",
    NoRequest(),
    decide=Table(
        PLANNING,
        *(ask, not_now, request, chase, miss, too_late),
        *(answer, decline, drop, nothing_to_drop, review),
    ),
    evolve=Table(planned, requested, chased, kept, scored, not_scored, dropped, reviewed),
    timers=timers,
    needs=needs,
    columns=MeasureRequests,
)
