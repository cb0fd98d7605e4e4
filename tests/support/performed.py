"""Every operation of the table of work is performed with success by some test of the clinic in memory.

A run whose processes did all tests of `tests/component` fails where one was not, unless it stands in `NOT_YET`, and
where one that stands there was: that list only gets shorter. Each process notes what its own tests did; the one that
began the run puts it together.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from schemas.services import NAMES
from schemas.work import WORK
from schemas.work.day import DAY

PERFORMED = set[str]()
"""Service and operation, as the answers of this process had it."""
NOT_YET: Mapping[str, str] = {}
"""Service and operation, and why."""
COMPONENT = Path(__file__).parents[1] / "component"
APART = {"long", "mutant"}
"""Tests with these marks have runs of their own."""


def operations() -> Mapping[str, Sequence[str]]:
    """Each operation of the table, and in which services it may be performed."""
    commands = [do for work in WORK.values() for do in work.do] + [do for each in DAY.values() for do in each]
    return {
        f"{do.service} {do.operation}": [
            f"{name} {do.operation}" for name in (NAMES if do.service == "*" else (do.service,))
        ]
        for do in commands
    }


def wrong(performed: Collection[str], not_yet: Collection[str]) -> Iterator[str]:
    """What a run that performed these must say, in sentences."""
    for name, anywhere in sorted(operations().items()):
        is_performed = any(each in performed for each in anywhere)
        if not is_performed and name not in not_yet:
            yield f"{name}: no test of the clinic in memory performs it"
        if is_performed and name in not_yet:
            yield f"{name}: it is performed; take it from the list in tests/support/performed.py"
    yield from (f"{name}: the table of work has no such operation" for name in {*not_yet} - {*operations()})


class Looking:
    """What pytest tells of a run."""

    def __init__(self) -> None:
        self.is_whole, self.left_out, self.said = False, False, list[str]()

    def pytest_deselected(self, items: Sequence[pytest.Item]) -> None:
        self.left_out |= any(
            COMPONENT in item.path.parents and not APART & {mark.name for mark in item.iter_markers()}
            for item in items
        )

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        found = {item.path for item in session.items}
        named_alone = any("::" in each for each in session.config.args)
        self.is_whole = not self.left_out and not named_alone and found >= {*COMPONENT.rglob("test_*.py")}

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Another process of this run has ended."""
        told = getattr(node, "workeroutput", {})
        PERFORMED.update(told.get("performed", ()))
        self.is_whole |= told.get("is_whole", False)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        told = getattr(session.config, "workeroutput", None)
        if told is not None:
            told.update(performed=sorted(PERFORMED), is_whole=self.is_whole)
        elif self.is_whole and exitstatus == pytest.ExitCode.OK:
            self.said = list(wrong(PERFORMED, NOT_YET))
            session.exitstatus = pytest.ExitCode.TESTS_FAILED if self.said else exitstatus

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.said:
            terminalreporter.section("operations of the table of work")
            terminalreporter.write_line("\n".join(self.said))
