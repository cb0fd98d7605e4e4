"""The README names what the code has."""

from pathlib import Path
from typing import Any

import pytest

import services.care_plan
from backbone.model import Aggregate
from services.care_plan.service import SERVICE
from tests.support.diagrams import state_diagram

README = (Path(services.care_plan.__file__).parent / "README.md").read_text("utf-8")


@pytest.mark.parametrize("aggregate", SERVICE.aggregates, ids=lambda each: each.kind)
def test_the_diagrams_and_facts_are_those_of_the_tables(aggregate: Aggregate[Any]) -> None:
    diagram = state_diagram(aggregate)
    assert diagram.count("-->") <= 1 or diagram in README
    assert all(wire_type.split(".")[1] in README for wire_type in aggregate.facts)


def test_every_consumed_fact_is_named() -> None:
    assert all(row.fact.wire_type.removesuffix(".v1") in README for row in SERVICE.reactions)
