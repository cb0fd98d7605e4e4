"""A time in which the patient is not available (ATT-06). It is deducted from the wait; `end` is the first day after.

What a patient enters counts up to `max_days`; the rest is a wish, which a person grants or refuses by name.
"""

from datetime import date, timedelta
from typing import Literal

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
    decider,
    ignores,
    like,
)
from schemas.scheduling.v1.codes import UnavailabilityKind
from schemas.scheduling.v1.unavailability import (
    UnavailabilityEnded,
    UnavailabilityFact,
    UnavailabilityRecorded,
    UnavailabilityRefused,
    UnavailabilityRequested,
)
from services.scheduling.roles import COORDINATOR_OR_PATIENT, DECIDES_ABSENCES
from services.scheduling.rules import Rules

Granted = Literal["grant", "refuse"]


class NoPeriod(State, tag="none", frozen=True, kw_only=True):
    pass


class Period(State, tag="recorded", frozen=True, kw_only=True):
    kind: UnavailabilityKind
    start: date
    end: date | None = None
    wished: date | None = None
    """The end that the patient wishes for, while nobody has decided."""
    decided: Granted | None = None
    """What was decided of the last wish."""


Unavailability = NoPeriod | Period


class RecordUnavailability(Command, tag="record_unavailability", kw_only=True, frozen=True):
    kind: UnavailabilityKind
    start: date
    end: date | None = None


class EndUnavailability(Command, tag="end_unavailability", kw_only=True, frozen=True):
    end: date


class DecideAbsence(Command, tag="decide_absence", kw_only=True, frozen=True):
    """Whether the patient may be away for as long as they wish."""

    decision: Granted


def unfit_start(start: date, given: Given[Rules]) -> Refused | None:
    """What was long ago moves the target unseen, and what is far off nobody knows."""
    bounds, today = given.rules.scheduling.unavailability.values, given.rules.calendar.day(given.at)
    back = bounds.max_days if given.actor.kind == "patient" else bounds.longest_days
    if timedelta(days=-back) <= start - today <= timedelta(days=bounds.longest_days):
        return None
    return Refused(
        f"it starts more than {back} days ago, or more than {bounds.longest_days} days from now",
        instead=("ask the clinic to record it",) if given.actor.kind == "patient" else (),
        code="start-too-far",
    )


def unfit_end(start: date, end: date, given: Given[Rules]) -> Refused | None:
    if end <= start:
        return Refused("the end is the first day after the period: later than the start", code="empty-period")
    most = given.rules.scheduling.unavailability.values.longest_days
    if end - start <= timedelta(days=most):
        return None
    return Refused(f"that is more than {most} days", instead=("leave the end open",), code="period-too-long")


def counted(start: date, end: date, given: Given[Rules]) -> date:
    """The end up to which it counts at once: what a patient enters beyond it is a person's decision."""
    if given.actor.kind != "patient":
        return end
    return min(end, start + timedelta(days=given.rules.scheduling.unavailability.values.max_days))


@by(COORDINATOR_OR_PATIENT)
def record(state: NoPeriod, command: RecordUnavailability, given: Given[Rules]) -> Decision:
    refusal = unfit_start(command.start, given)
    if command.end is None:
        return refusal or ruled(given, like(UnavailabilityRecorded, command, period_id=given.target))
    if refusal := refusal or unfit_end(command.start, command.end, given):
        return refusal
    end = counted(command.start, command.end, given)
    facts: list[UnavailabilityFact] = [like(UnavailabilityRecorded, command, period_id=given.target, end=end)]
    if end < command.end:
        facts.append(like(UnavailabilityRequested, command, period_id=given.target))
    return ruled(given, *facts)


@by(COORDINATOR_OR_PATIENT)
def end(state: Period, command: EndUnavailability, given: Given[Rules]) -> Decision:
    """A patient may always say that one is over; what was recorded or granted before counts in any case."""
    if command.end == (state.wished or state.end):
        return ()
    if refusal := unfit_end(state.start, command.end, given):
        return refusal
    end = counted(state.start, command.end, given)
    if state.end is not None:
        end = min(command.end, max(end, state.end))
    facts: list[UnavailabilityFact] = []
    if end != state.end or (state.wished and end == command.end):
        facts.append(UnavailabilityEnded(period_id=given.target, start=state.start, end=end))
    if end < command.end:
        facts.append(like(UnavailabilityRequested, state, period_id=given.target, end=command.end))
    return ruled(given, *facts)


@by(DECIDES_ABSENCES)
def decide(state: Period, command: DecideAbsence, given: Given[Rules]) -> Decision:
    if state.wished is None:
        decided = state.decided == command.decision
        return () if decided else Refused("no decision is asked for", code="nothing-asked")
    fact = UnavailabilityEnded if command.decision == "grant" else UnavailabilityRefused
    told = fact(period_id=given.target, start=state.start, end=state.wished, decided_by=decider(given))
    return ruled(given, told)


def ruled(given: Given[Rules], *facts: UnavailabilityFact) -> Decision:
    return [Ruled(fact, (given.rules.scheduling.unavailability,)) for fact in facts]


def recorded(state: NoPeriod, fact: UnavailabilityRecorded, head: Head) -> Period:
    return like(Period, fact)


def requested(state: Period, fact: UnavailabilityRequested, head: Head) -> Period:
    return like(Period, state, wished=fact.end, decided=None)


def ended(state: Period, fact: UnavailabilityEnded, head: Head) -> Period:
    return like(Period, fact, kind=state.kind, decided="grant" if fact.decided_by else None)


def refused(state: Period, fact: UnavailabilityRefused, head: Head) -> Period:
    return like(Period, state, wished=None, decided="refuse")


UNAVAILABILITY = Aggregate[Unavailability](
    "unavailability",
    NoPeriod(),
    decide=Table(
        *(record, end, decide),
        ignores(RecordUnavailability, when=(Period,), whom=COORDINATOR_OR_PATIENT),
    ),
    evolve=Table(recorded, requested, ended, refused),
)
