"""What software has proposed of an aggregate and nobody has answered: kept with its state by the engine, so that no
service has to (PRV-26). Pure."""

from collections.abc import Iterable
from typing import TypeVar

from msgspec.structs import replace

from backbone.model.decision import OpenProposal, State
from backbone.model.head import Actor, Head
from schemas.fact import Fact
from schemas.proposal import Answer, Answered, Outcome, Proposal

S = TypeVar("S", bound=State)

MOST_OPEN = 20
"""Of one aggregate, as many as an answer may name: of more, the latest."""

SAYS_MOST: tuple[Outcome, ...] = ("taken", "other", "declined")
"""Who takes one of several things that one fact proposed has taken it up."""


def with_proposals(before: State, after: S, fact: Fact, head: Head) -> S:
    """The state after a fact, with what is proposed then. Only what a rule helped to decide is proposed by software."""
    left = before.proposals
    if isinstance(fact, Proposal) and head.rules:
        by, as_type = fact.made_by or head.event_id, (fact.instead_of or type(fact)).wire_type
        new = [OpenProposal(by, as_type, question) for question in fact.questions]
        known = {(each.type, each.question) for each in new}
        left = (*(each for each in left if (each.type, each.question) not in known), *new)[-MOST_OPEN:]
    elif isinstance(fact, Answer) and left:
        settled = {each for each, _ in outcomes(left, fact)}
        left = tuple(each for each in left if each not in settled)
    return after if after.proposals == left else replace(after, proposals=left)


def answering(state: State, fact: Fact, actor: Actor) -> Fact:
    """The fact, with what it answers. Software answers nobody: what it ends was not decided."""
    if not isinstance(fact, Answer) or actor.kind == "system":
        return fact
    found: dict[str, Outcome] = {}
    for each, outcome in outcomes(state.proposals, fact):
        found[each.fact_id] = min(outcome, found.get(each.fact_id, outcome), key=SAYS_MOST.index)
    answers = tuple(Answered(proposal_id=each, outcome=outcome) for each, outcome in found.items())
    return fact.model_copy(update={"answered": answers}) if answers else fact


def outcomes(proposals: Iterable[OpenProposal], answer: Answer) -> Iterable[tuple[OpenProposal, Outcome]]:
    """What it says of each that it is about."""
    known = {each.wire_type: each for each in answer.answers_to}
    for each in proposals:
        if each.type in known and (outcome := answer.outcome(known[each.type], each.question)):
            yield each, outcome
