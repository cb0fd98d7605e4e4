"""What was heard of the people who are called about a subject. It comes over another topic than the fact that opens
the work, and may come first: then the work learns it when it opens."""

from datetime import datetime

from backbone.model import Aggregate, Command, Decision, Given, Head, Table, like
from services.worklist.item.decide.stamps import caused_by
from services.worklist.item.evolve import source_of
from services.worklist.item.states import Source
from services.worklist.ladder.facts import LadderHeard
from services.worklist.ladder.states import Heard, Ladder, Unheard
from services.worklist.rules import Rules

KEPT = 100
"""So many times of missing answers: a day of calls each quarter of an hour. No queue tells such levels apart."""


class HearOfLadder(Command, tag="hear_of_ladder"):
    """A fact of the escalation about the subject."""

    source: Source
    ack_due_at: datetime | None = None
    unanswered: bool = False


def hear(state: Ladder, command: HearOfLadder, given: Given[Rules]) -> Decision:
    if isinstance(state, Heard) and command.source.repeats(state.told):
        return ()
    return [like(LadderHeard, command, **caused_by(command.source))]


def heard(state: Ladder, fact: LadderHeard, head: Head) -> Heard:
    before = state.unanswered if isinstance(state, Heard) else ()
    missed = (fact.by_event_at,) if fact.unanswered else ()
    return Heard(told=source_of(fact), ack_due_at=fact.ack_due_at, unanswered=(*before, *missed)[-KEPT:])


LADDER = Aggregate[Ladder](
    "ladder",
    Unheard(),
    decide=Table(hear),
    evolve=Table(heard),
    has_lane="if known",
    has_pathway="if known",
)
