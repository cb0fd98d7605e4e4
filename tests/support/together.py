"""`--together`: two processes do the tests that were collected once. Under `-n` each process imports and collects by
itself, and a third one hears of every test.

Whole files go to one process, the next one to whoever is free. The second process tells the first what did not pass.
"""

import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, TextIO

import pytest

BYTES = 2
"""Of the number of a file in the queue."""
Files = Sequence[Sequence[pytest.Item]]


class Queue:
    """Numbers of files in a pipe: each is read by one process."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._end, begin = os.pipe()
        os.write(begin, b"".join(number.to_bytes(BYTES) for number in range(len(files))))
        os.close(begin)

    def items(self) -> Iterator[pytest.Item]:
        while number := os.read(self._end, BYTES):
            yield from self._files[int.from_bytes(number)]

    def pairs(self) -> Iterator[tuple[pytest.Item, pytest.Item | None]]:
        """Each with the one that comes after it in this process, for which fixtures are kept."""
        items = self.items()
        item = next(items, None)
        while item is not None:
            after = next(items, None)
            yield item, after
            item = after

    def drain(self) -> None:
        """Nobody begins another file."""
        while os.read(self._end, 1_024):
            pass


class Second:
    """What the second process remembers of its reports, and tells."""

    def __init__(self, config: pytest.Config, noted: set[str]) -> None:
        self._config, self._noted, self._passed, self._others = config, noted, 0, list[Any]()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if not report.passed:
            told = self._config.hook.pytest_report_to_serializable(config=self._config, report=report)
            self._others.append(told)
        self._passed += report.passed and report.when == "call"

    def told(self) -> str:
        found = {"passed": self._passed, "others": self._others, "noted": sorted(self._noted)}
        return json.dumps(found, default=str)


class Together:
    """The plugin. `noted` is what tests note for the end of the run: the first process has that of both."""

    def __init__(self, noted: set[str]) -> None:
        self._noted, self._said = noted, ""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        if session.testsfailed or session.config.option.collectonly:
            return None
        queue = Queue([list(items) for _, items in groupby(session.items, lambda item: item.path)])
        with tempfile.TemporaryFile("w+", encoding="utf-8") as told:
            second = os.fork()
            if not second:
                self._be_second(session, queue, told)
                return True
            try:
                work_off(session, queue)
            finally:
                queue.drain()
                _, status = os.waitpid(second, 0)
            told.seek(0)
            self._take(session, told.read(), status)
        return True

    def _be_second(self, session: pytest.Session, queue: Queue, told: TextIO) -> None:
        """It says nothing itself, and captures into files of its own."""
        plugins = session.config.pluginmanager
        plugins.unregister(name="terminalreporter")
        capturing = plugins.getplugin("capturemanager")
        capturing.stop_global_capturing()
        capturing.start_global_capturing()
        second = Second(session.config, self._noted)
        plugins.register(second)
        try:
            work_off(session, queue)
        finally:
            told.write(second.told())
            told.flush()

    def _take(self, session: pytest.Session, told: str, status: int) -> None:
        if not told:
            session.testsfailed += 1
            self._said = f"the second process ended before it told anything: status {status}"
            return
        found = json.loads(told)
        hook = session.config.hook
        for each in found["others"]:
            report = hook.pytest_report_from_serializable(config=session.config, data=each)
            hook.pytest_runtest_logreport(report=report)
        self._noted.update(found["noted"])
        self._said = f"{found['passed']} more passed in the second process"

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        terminalreporter.write_line(self._said)


def work_off(session: pytest.Session, queue: Queue) -> None:
    """As pytest does it with all items."""
    for item, after in queue.pairs():
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)
