"""Whoever hears of one end of a referral hears of every end: nothing of it goes on because somebody had a list of their
own."""

from collections import defaultdict

from schemas.fact import Fact
from schemas.referral.v1.duplicate import DuplicateLinked
from schemas.referral.v1.ends import ENDS
from tests.support.services import ALL

ROWS = "close_items"
"""Of the catalogue: the work that one end closes as done. What it leaves is cleaned up."""


def test_whoever_hears_of_one_end_hears_of_every_end() -> None:
    heard: dict[str, set[type[Fact]]] = defaultdict(set)
    for service in ALL:
        for row in service.reactions:
            for reaction in row.reactions:
                name = reaction.__name__
                if row.fact in ENDS and name != ROWS:
                    heard[f"{service.name}.{name}"].add(row.fact)
    assert heard
    missed = {name: [each.__name__ for each in ENDS if each not in facts] for name, facts in heard.items()}
    assert not {name: facts for name, facts in missed.items() if facts}


def test_who_calls_people_hears_that_a_duplicate_ended() -> None:
    hearing = {service.name for service in ALL for row in service.reactions if row.fact is DuplicateLinked}
    assert {"notifications", "worklist"} <= hearing
