"""Asked for, chased, missed, dropped: by timers, by facts, or by a clinician."""

from backbone.model import Decision, Given, Table, by, ignores, like
from schemas.care_plan.v1.measure import MeasureNotReceived, MeasureNotScored, MeasureRequested
from services.care_plan.history.states import history_of, not_their_referral
from services.care_plan.measures.commands import (
    AskNow,
    ChaseMeasures,
    DropRequest,
    MissMeasures,
    RequestMeasures,
)
from services.care_plan.measures.decide.cadence import asked_now
from services.care_plan.measures.facts import RequestDropped
from services.care_plan.measures.states import Ended, NoRequest, Planned, Requested
from services.care_plan.risk.states import is_high_risk
from services.care_plan.roles import CLINICIAN_OR_COORDINATOR
from services.care_plan.rules import Rules
from services.care_plan.visit.states import not_their_visit


def ask(state: Planned, command: AskNow, given: Given[Rules]) -> Decision:
    if state.due_on != command.due_on:
        return ()
    history = history_of(state.referral_id, given)
    occasion, instruments = asked_now(state, history, is_high_risk(given), given.rules)
    fact = like(MeasureRequested, state, request_id=given.target, occasion=occasion, instruments=instruments)
    return [fact]


@by(CLINICIAN_OR_COORDINATOR)
def request(state: NoRequest, command: RequestMeasures, given: Given[Rules]) -> Decision:
    if wrong := not_their_referral(command.referral_id, given) or not_their_visit(
        command.appointment_id, given
    ):
        return wrong
    return [like(MeasureRequested, command, request_id=given.target)]


def chase(state: Requested, command: ChaseMeasures, given: Given[Rules]) -> Decision:
    if state.chased or state.due_on != command.due_on:
        return ()
    return [like(MeasureNotReceived, state, request_id=given.target, stage="D-1")]


def miss(state: Requested, command: MissMeasures, given: Given[Rules]) -> Decision:
    if state.due_on != command.due_on:
        return ()
    return [like(MeasureNotReceived, state, request_id=given.target, stage="missed")]


def drop(state: Planned, command: DropRequest, given: Given[Rules]) -> Decision:
    return [RequestDropped()]


def drop_what_was_asked(state: Requested, command: DropRequest, given: Given[Rules]) -> Decision:
    """Whoever was to be reminded, or called, of it hears that it is not wanted any more."""
    told = (
        MeasureNotScored(request_id=given.target, instrument=each, reason="dropped")
        for each in state.outstanding
    )
    return [RequestDropped(), *told]


REQUEST = Table(
    *(ask, request, chase, miss, drop, drop_what_was_asked),
    ignores(AskNow, when=(NoRequest, Requested, Ended)),
    ignores(ChaseMeasures, MissMeasures, when=(NoRequest, Planned, Ended)),
    ignores(DropRequest, when=(NoRequest, Ended)),
)
