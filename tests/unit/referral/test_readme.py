"""The README shows what the tables say: states, who may do what, events, tables."""

from pathlib import Path

import pytest

import services.referral
from backbone.model import Table
from services.referral.referral.aggregate import REFERRAL
from services.referral.service import SERVICE
from tests.support.diagrams import state_diagram
from tests.unit.referral.permissions import permissions

README = (Path(services.referral.__file__).parent / "README.md").read_text("utf-8")

EVOLVES: tuple[Table, ...] = tuple(aggregate.evolve for aggregate in SERVICE.aggregates)


def test_it_shows_the_states_as_the_tables_have_them() -> None:
    assert state_diagram(REFERRAL) in README


def test_it_says_who_may_do_what() -> None:
    assert permissions(REFERRAL) in README


@pytest.mark.parametrize("evolve", EVOLVES)
def test_it_names_every_fact(evolve: Table) -> None:
    for fact in evolve.rights:
        assert f"`{fact.wire_type.split('.')[1]}`" in README  # type: ignore[attr-defined]


def test_it_names_every_table() -> None:
    for aggregate in SERVICE.aggregates:
        assert f"| `{aggregate.kind}` |" in README
