"""What became of what software proposed, as the facts of a clinic tell it (PRV-26)."""

from collections.abc import Iterable, Iterator

from schemas.proposal import Answer, Outcome, Proposal
from schemas.registry import facts
from tests.support.told import Told

Pair = tuple[str, str, Outcome]
"""Proposing and answering fact, and what was decided."""


def answered(told: Iterable[Told]) -> set[Pair]:
    """Every answer names earlier proposals of its kind, which name the rules that made them."""
    return set(pairs(told))


def pairs(told: Iterable[Told]) -> Iterator[Pair]:
    proposed: dict[str, Told] = {}
    for each in told:
        fact = facts()[f"{each.service}.{each.name}.v1"].model_validate(each.fact)
        if isinstance(fact, Proposal) and each.rules:
            proposed[each.id] = each
        for answer in (fact.answered if isinstance(fact, Answer) else None) or ():
            yield proposed[answer.proposal_id].name, each.name, answer.outcome
