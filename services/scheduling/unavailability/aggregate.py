"""A time in which the patient is not available (ATT-06). It is deducted from the wait; `end` is the first day after."""

from datetime import date
from typing import Any

from backbone.model import Aggregate, Command, Decision, Given, Head, Refused, State, Table, by
from schemas.scheduling.v1.codes import UnavailabilityKind
from schemas.scheduling.v1.unavailability import UnavailabilityEnded, UnavailabilityRecorded
from services.scheduling.roles import COORDINATOR_OR_PATIENT
from services.scheduling.rules import Rules


class NoPeriod(State, tag="none", frozen=True, kw_only=True):
    pass


class Period(State, tag="recorded", frozen=True, kw_only=True):
    kind: UnavailabilityKind
    start: date
    end: date | None = None


class RecordUnavailability(Command, tag="record_unavailability", kw_only=True, frozen=True):
    kind: UnavailabilityKind
    start: date
    end: date | None = None


class EndUnavailability(Command, tag="end_unavailability", kw_only=True, frozen=True):
    end: date


EMPTY = Refused(
    "the end is the first day after the period: it must be later than the start", code="empty-period"
)


@by(COORDINATOR_OR_PATIENT)
def record(state: NoPeriod, command: RecordUnavailability, given: Given[Rules]) -> Decision:
    if command.end is not None and command.end <= command.start:
        return EMPTY
    return [
        UnavailabilityRecorded(
            period_id=given.target, kind=command.kind, start=command.start, end=command.end
        )
    ]


@by(COORDINATOR_OR_PATIENT)
def record_again(state: Period, command: RecordUnavailability, given: Given[Rules]) -> Decision:
    return ()


@by(COORDINATOR_OR_PATIENT)
def end(state: Period, command: EndUnavailability, given: Given[Rules]) -> Decision:
    if command.end <= state.start:
        return EMPTY
    if command.end == state.end:
        return ()
    return [UnavailabilityEnded(period_id=given.target, start=state.start, end=command.end)]


def recorded(state: NoPeriod, fact: UnavailabilityRecorded, head: Head) -> Period:
    return Period(kind=fact.kind, start=fact.start, end=fact.end)


def ended(state: Period, fact: UnavailabilityEnded, head: Head) -> Period:
    return Period(kind=state.kind, start=state.start, end=fact.end)


UNAVAILABILITY: Aggregate[Any] = Aggregate(
    "unavailability",
    NoPeriod(),
    decide=Table(record, record_again, end),
    evolve=Table(recorded, ended),
)
