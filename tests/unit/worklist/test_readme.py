"""The README names what the code has: items, consumed facts, published facts."""

from pathlib import Path

import services.worklist
from services.worklist.catalogue.decide.table import CATALOGUE
from services.worklist.item.aggregate import ITEM
from services.worklist.service import SERVICE
from tests.support.diagrams import state_diagram

README = (Path(services.worklist.__file__).parent / "README.md").read_text("utf-8")


def test_the_diagram_is_that_of_the_tables() -> None:
    assert state_diagram(ITEM) in README


def test_every_item_stands_in_the_table() -> None:
    for row in CATALOGUE:
        assert f"| `{row.item}` |" in README


def test_every_consumed_fact_is_named() -> None:
    for wire_type in SERVICE.consumed:
        assert wire_type.split(".")[1] in README


def test_every_fact_of_an_item_is_named() -> None:
    for wire_type in ITEM.facts:
        assert wire_type.split(".")[1] in README
