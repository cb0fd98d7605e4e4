"""Whatever anybody sends to any route, sound or not: no mistake of ours, the field is named, nothing is written."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from tests.component.access.test_worklist import closed_feed
from tests.component.test_any_legal_request import MOMENT, everybody
from tests.support.access import SilentStore, changed
from tests.support.any_door import Doors, asking
from tests.support.any_request import Operation, every_operation, requests
from tests.support.drawn import drawn
from tests.support.effort import some
from tests.support.journeys.journey_1 import START, lines
from tests.support.journeys.play import Play
from tests.support.memory_clinic import MemoryClinic
from tests.support.services import ALL
from tests.support.submissions import PRACTICE

pytestmark = pytest.mark.wide

QUICK, LONG = 3, 60


class TablesInMemory:
    """Every table of a service, as they were when it began."""

    def __init__(self, store: Any) -> None:
        self._tables = store.tables

    async def begin(self) -> None:
        self._before = self._tables.copied()

    async def changed(self) -> Sequence[str]:
        return [*changed(self._before, self._tables)]


def in_memory(operation: Operation) -> bool:
    """Those that look into PostgreSQL alone are asked there."""
    return not operation.path.startswith(("/undeliverable", "/verification"))


async def doors() -> Doors:
    stores = {service.name: SilentStore() for service in ALL}
    clinic = MemoryClinic(START, ALL, {"everybody": everybody()}, stores)
    clinic.known_as("pcp", "referrer", PRACTICE)
    clinic.apps["worklist"].state.feed = closed_feed()
    await Play(clinic).play(line for line in lines() if line.at <= MOMENT)
    return Doors(clinic, {name: TablesInMemory(store) for name, store in stores.items()}, everybody())


@pytest.mark.parametrize("examples", [QUICK, pytest.param(LONG, marks=pytest.mark.long)])
def test_whatever_is_asked_is_answered_and_what_is_refused_writes_nothing(examples: int) -> None:
    """So many requests to each route. SQL finds nothing here: for that, tests/integration/http/test_any_request.py."""
    with asyncio.Runner() as runner:
        asked = runner.run(doors())
        for operation in some(each for each in every_operation() if in_memory(each)):
            drawn(requests(operation), examples, asking(runner, asked, operation))
    assert asked.problems == {}, "\n".join(asked.problems.values())
    assert asked.written, "what was not refused was seen"
