"""A time in which the patient is not available (ATT-06). It is deducted from the wait; `end` is the first day after."""

from datetime import date, timedelta

from backbone.model import (
    Aggregate,
    Command,
    Decision,
    Given,
    Head,
    Refused,
    Ruled,
    State,
    Table,
    by,
    ignores,
    like,
)
from schemas.scheduling.v1.codes import UnavailabilityKind
from schemas.scheduling.v1.unavailability import (
    UnavailabilityEnded,
    UnavailabilityFact,
    UnavailabilityRecorded,
)
from services.scheduling.roles import COORDINATOR_OR_PATIENT
from services.scheduling.rules import Rules


class NoPeriod(State, tag="none", frozen=True, kw_only=True):
    pass


class Period(State, tag="recorded", frozen=True, kw_only=True):
    kind: UnavailabilityKind
    start: date
    end: date | None = None


Unavailability = NoPeriod | Period


class RecordUnavailability(Command, tag="record_unavailability", kw_only=True, frozen=True):
    kind: UnavailabilityKind
    start: date
    end: date | None = None


class EndUnavailability(Command, tag="end_unavailability", kw_only=True, frozen=True):
    end: date


ASK_THE_CLINIC = ("ask the clinic to record it",)


def unfit_start(start: date, given: Given[Rules]) -> Refused | None:
    """What was long ago moves the target unseen, and what is far off nobody knows."""
    bounds, today = given.rules.scheduling.unavailability.values, given.rules.calendar.day(given.at)
    back = bounds.max_days if given.actor.kind == "patient" else bounds.longest_days
    if timedelta(days=-back) <= start - today <= timedelta(days=bounds.longest_days):
        return None
    return Refused(
        f"it starts more than {back} days ago, or more than {bounds.longest_days} days from now",
        instead=ASK_THE_CLINIC if given.actor.kind == "patient" else (),
        code="start-too-far",
    )


def unfit_end(start: date, end: date, given: Given[Rules]) -> Refused | None:
    """A patient plans a short absence alone; and may always say that one is over."""
    if end <= start:
        return Refused("the end is the first day after the period: later than the start", code="empty-period")
    bounds, today = given.rules.scheduling.unavailability.values, given.rules.calendar.day(given.at)
    planned_by_patient = given.actor.kind == "patient" and end > today
    most = bounds.max_days if planned_by_patient else bounds.longest_days
    if end - start <= timedelta(days=most):
        return None
    instead = ASK_THE_CLINIC if planned_by_patient else ("leave the end open",)
    return Refused(f"that is more than {most} days", instead=instead, code="period-too-long")


@by(COORDINATOR_OR_PATIENT)
def record(state: NoPeriod, command: RecordUnavailability, given: Given[Rules]) -> Decision:
    refusal = unfit_start(command.start, given)
    if command.end is not None:
        refusal = refusal or unfit_end(command.start, command.end, given)
    return refusal or ruled(like(UnavailabilityRecorded, command, period_id=given.target), given)


@by(COORDINATOR_OR_PATIENT)
def end(state: Period, command: EndUnavailability, given: Given[Rules]) -> Decision:
    if command.end == state.end:
        return ()
    refusal = unfit_end(state.start, command.end, given)
    return refusal or ruled(
        like(UnavailabilityEnded, command, period_id=given.target, start=state.start), given
    )


def ruled(fact: UnavailabilityFact, given: Given[Rules]) -> Decision:
    return [Ruled(fact, (given.rules.scheduling.unavailability,))]


def recorded(state: NoPeriod, fact: UnavailabilityRecorded, head: Head) -> Period:
    return like(Period, fact)


def ended(state: Period, fact: UnavailabilityEnded, head: Head) -> Period:
    return like(Period, fact, kind=state.kind)


UNAVAILABILITY = Aggregate[Unavailability](
    "unavailability",
    NoPeriod(),
    decide=Table(record, end, ignores(RecordUnavailability, when=(Period,), whom=COORDINATOR_OR_PATIENT)),
    evolve=Table(recorded, ended),
)
