"""The READMEs say what the code says: who may do what, facts in and out, tables, and which moves there are."""

import pytest
from hypothesis import settings

from backbone.model import Service
from tests.support.moves import unknown
from tests.support.readmes import ROOT, generated, parts, readme_of, services

SERVICES = services()


@pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)
def test_every_part_is_what_the_code_says(service: Service) -> None:
    found = parts(readme_of(service).read_text("utf-8"))
    wanted = generated(service)
    wrong = [name for name, body in found.items() if name in wanted and body != wanted[name]]
    assert wrong == [], "run make readmes"
    absent = {"facts in", "facts out", "journal only", "tables"} - set(found)
    assert absent == set(), (
        f"put <!-- name --> and <!-- end --> for each into {readme_of(service).relative_to(ROOT)}"
    )


@pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)
def test_what_moves_is_drawn_and_nothing_that_the_tables_forbid(service: Service) -> None:
    """Moves that the tests of this session saw: this one runs last. New examples may find a rare one."""
    found = parts(readme_of(service).read_text("utf-8"))
    for aggregate in service.aggregates:
        if text := found.get(f"states of {aggregate.kind}"):
            moves = unknown(aggregate, text)
            assert moves["drawn, and the tables do not allow it"] == []
            assert moves["seen and not drawn"] == [] or not settings().derandomize, "run make readmes"
