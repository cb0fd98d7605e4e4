"""The investigation as one aggregate: what each fact makes of it, and what follows from its state."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from backbone.model import Aggregate, Command, Head, Table, Timer, like
from schemas.care_plan.v1.investigation import (
    InvestigationFellDue,
    InvestigationOrdered,
    InvestigationReported,
    InvestigationSettled,
)
from services.care_plan.investigation.commands import FallDue, OrderInvestigation
from services.care_plan.investigation.decide import DECIDE
from services.care_plan.investigation.states import Investigation, NotOrdered, Ordered, Reported, Settled
from services.care_plan.rules import Rules


def ordered(state: NotOrdered | Ordered, fact: InvestigationOrdered, head: Head) -> Ordered:
    return like(Ordered, fact)


def fell_due(state: Ordered, fact: InvestigationFellDue, head: Head) -> Ordered:
    return like(Ordered, state, called=True)


def reported(state: Ordered, fact: InvestigationReported, head: Head) -> Reported:
    return like(Reported, state)


def settled(state: Ordered | Reported, fact: InvestigationSettled, head: Head) -> Settled:
    return Settled()


def timers(state: Investigation, rules: Rules) -> Mapping[str, Timer]:
    """The morning after its day."""
    if not isinstance(state, Ordered) or state.called:
        return {}
    after = rules.calendar.daily(state.due_on + timedelta(days=1))
    return {"due": Timer(after, FallDue(due_on=state.due_on))}


def needs(state: Investigation, command: Command) -> Iterable[tuple[str, str]]:
    """Whose referral it is."""
    if isinstance(command, OrderInvestigation):
        yield "history", command.referral_id


INVESTIGATION = Aggregate[Investigation](
    "investigation",
    NotOrdered(),
    decide=DECIDE,
    evolve=Table(ordered, fell_due, reported, settled),
    timers=timers,
    needs=needs,
)
