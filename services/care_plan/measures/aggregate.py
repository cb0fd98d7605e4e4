"""The request for measures as one aggregate: what each fact makes of it, and what follows from its state."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from msgspec.structs import replace

from backbone.model import Aggregate, Columns, Command, Flag, Head, Table, Timer, field, like
from schemas.care_plan.v1.codes import Finding, Instrument
from schemas.care_plan.v1.measure import (
    FindingReviewed,
    MeasureEnteredInError,
    MeasureNotReceived,
    MeasureNotScored,
    MeasureRequested,
    MeasureScored,
)
from services.care_plan.measures.commands import (
    AnswerMeasures,
    AskNow,
    ChaseMeasures,
    MissMeasures,
    RequestMeasures,
)
from services.care_plan.measures.decide.answers import ANSWERS
from services.care_plan.measures.decide.mistakes import MISTAKES
from services.care_plan.measures.decide.plan import PLAN
from services.care_plan.measures.decide.request import REQUEST
from services.care_plan.measures.facts import AnswersKept, BaselineTooOld, RequestDropped, RequestPlanned
from services.care_plan.measures.states import (
    Ended,
    MeasureRequest,
    NoRequest,
    Planned,
    Requested,
    ScoreGiven,
)
from services.care_plan.risk.states import risk_seen
from services.care_plan.rules import Rules


def planned(state: NoRequest | Planned | Ended, fact: RequestPlanned, head: Head) -> Planned:
    planned_by = (*state.planned_by, head.causation_id)
    known = {"patient_id": head.lane_key, "referral_id": head.pathway_id}
    return like(Planned, fact, **known, planned_by=planned_by)


def requested(state: NoRequest | Planned, fact: MeasureRequested, head: Head) -> Requested:
    return like(
        Requested,
        fact,
        outstanding=fact.instruments,
        set_aside=getattr(state, "set_aside", ()),
        referral_id=head.pathway_id,
        planned_by=state.planned_by,
    )


def not_received(state: Requested, fact: MeasureNotReceived, head: Head) -> Requested | Ended:
    return replace(state, chased=True) if fact.stage == "D-1" else like(Ended, state, how="missed")


def kept(state: Planned | Requested | Ended, fact: AnswersKept, head: Head) -> Planned | Requested | Ended:
    """Of answers that nobody asked for, nothing is scored."""
    if isinstance(state, Planned) or not fact.instruments:
        return replace(state, set_aside=(*state.set_aside, fact.submission_id))
    return replace(state, submission_id=fact.submission_id, answered_at=head.occurred_at)


def scored(state: Requested | Ended, fact: MeasureScored, head: Head) -> Requested | Ended:
    found = (*state.findings, *((fact.submission_id, each) for each in fact.findings))
    scores = (*with_score(state.scores, fact),)
    return settled(replace(state, findings=found, scores=scores), fact.instrument, "scored")


def with_score(scores: Iterable[ScoreGiven], fact: MeasureScored) -> Iterable[ScoreGiven]:
    """Subscales of one instrument are one score of it."""
    found: tuple[Finding, ...] = ()
    for each in scores:
        if each.instrument == fact.instrument:
            found = each.findings
        else:
            yield each
    yield like(ScoreGiven, fact, findings=(*found, *fact.findings))


def marked(state: Requested | Ended, fact: MeasureEnteredInError, head: Head) -> Requested | Ended:
    """Somebody looks at what followed from it."""
    withdrawn = {(fact.submission_id, finding) for finding in fact.findings}
    left = tuple(each for each in state.findings if each not in withdrawn)
    scores = tuple(
        replace(each, in_error=True) if each.instrument == fact.instrument else each for each in state.scores
    )
    again = (fact.submission_id, "score_in_error")
    return replace(state, scores=scores, findings=left if again in left else (*left, again))


def too_old(state: Ended, fact: BaselineTooOld, head: Head) -> Ended:
    """Another request asks again."""
    return replace(state, planned_by=(*state.planned_by, head.causation_id))


def not_scored(state: Requested | Ended, fact: MeasureNotScored, head: Head) -> Requested | Ended:
    """What was only incomplete may still be supplied; what was declined is over."""
    if fact.reason == "declined":
        return settled(state, fact.instrument, "declined")
    known = {fact.instrument: head.occurred_at, **dict(state.lacking)}
    return replace(state, lacking=tuple(known.items()))


def settled(state: Requested | Ended, instrument: Instrument, how: str) -> Requested | Ended:
    left = tuple(each for each in state.outstanding if each != instrument)
    state = replace(state, outstanding=left)
    return state if left or isinstance(state, Ended) else like(Ended, state, how=how)


def dropped(state: Planned | Requested, fact: RequestDropped, head: Head) -> Ended:
    return like(Ended, state, how="dropped")


def reviewed(state: Requested | Ended, fact: FindingReviewed, head: Head) -> Requested | Ended:
    left = tuple(each for each in state.findings if each != (fact.submission_id, fact.finding))
    return replace(state, findings=left)


def timers(state: MeasureRequest, rules: Rules) -> Mapping[str, Timer]:
    """Asked when the window opens, chased the day before the date on which somebody works, missed the day after."""
    if isinstance(state, Planned):
        return {"ask": Timer(state.ask_at, AskNow(due_on=state.due_on))}
    if not isinstance(state, Requested):
        return {}
    over = rules.calendar.daily(state.due_on + timedelta(days=1))
    due = {"miss": Timer(over, MissMeasures(due_on=state.due_on))}
    if not (state.chased or state.interview):
        before = rules.calendar.last_business_day(state.due_on - timedelta(days=1))
        due["chase"] = Timer(rules.calendar.daily(before), ChaseMeasures(due_on=state.due_on))
    return due


def needs(state: MeasureRequest, command: Command) -> Iterable[tuple[str, str]]:
    """Scores that came before; for what is asked now, the patient's risk; and for a request of a clinician, whose
    referral and appointment it names."""
    asked = command.referral_id if isinstance(command, RequestMeasures) else None
    if isinstance(command, AskNow | AnswerMeasures):
        asked = state.referral_id
    if asked:
        yield "history", asked
    if isinstance(state, Planned) and isinstance(command, AskNow):
        yield from risk_seen(state.patient_id)
    if isinstance(command, RequestMeasures) and command.appointment_id:
        yield "visit", command.appointment_id


class MeasureRequests(Columns):
    """How requests for measures are found."""

    referral_id = field("referral_id")
    submission_id = field("submission_id")
    appointment_id = field("appointment_id")
    follows = Flag(lambda state: getattr(state, "occasion", None) == "followup")
    open = Flag(lambda state: isinstance(state, Planned | Requested))


MEASURE_REQUEST = Aggregate[MeasureRequest](
    "measure_request",
    NoRequest(),
    decide=Table(PLAN, REQUEST, ANSWERS, MISTAKES),
    evolve=Table(
        *(planned, requested, not_received, kept, scored, not_scored, dropped, reviewed),
        *(marked, too_old),
    ),
    timers=timers,
    needs=needs,
    columns=MeasureRequests,
)
