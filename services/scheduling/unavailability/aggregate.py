"""A time in which the patient is not available (ATT-06). It is deducted from the wait; `end` is the first day after."""

from datetime import date

from backbone.model import (
    Aggregate,
    Command,
    Decision,
    Given,
    Head,
    Refused,
    State,
    Table,
    by,
    ignores,
    like,
)
from schemas.scheduling.v1.codes import UnavailabilityKind
from schemas.scheduling.v1.unavailability import (
    UnavailabilityEnded,
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


EMPTY = Refused(
    "the end is the first day after the period: it must be later than the start", code="empty-period"
)


@by(COORDINATOR_OR_PATIENT)
def record(state: NoPeriod, command: RecordUnavailability, given: Given[Rules]) -> Decision:
    if command.end is not None and command.end <= command.start:
        return EMPTY
    return [like(UnavailabilityRecorded, command, period_id=given.target)]


@by(COORDINATOR_OR_PATIENT)
def end(state: Period, command: EndUnavailability, given: Given[Rules]) -> Decision:
    if command.end <= state.start:
        return EMPTY
    if command.end == state.end:
        return ()
    return [like(UnavailabilityEnded, command, period_id=given.target, start=state.start)]


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
