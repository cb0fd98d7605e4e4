"""Keeps a set of programs running: started in order, started again after they end, stopped in reverse."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cli.stack import children, leftovers
from cli.stack.children import Child
from cli.stack.errors import StackError

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
SETTLED = 30.0
"""Seconds: the pause before the first restart, its limit while it doubles, and what makes it start anew."""


@dataclass(frozen=True, slots=True)
class Program:
    """What to run, where its output goes, and how to tell that it is ready."""

    name: str
    command: tuple[str, ...]
    log: Path
    env: Mapping[str, str] = field(default_factory=dict)
    ready: Callable[[], bool] = lambda: True


@dataclass(slots=True)
class Kept:
    """A program under supervision. `again` is when to start it again, on the supervisor's clock."""

    program: Program
    child: Child
    since: float
    pause: float = FIRST_PAUSE
    again: float | None = None
    restarts: int = 0


class Supervisor:
    """Owns its children: they end with it, and what a crash left over ends before the next start.

    `pids` is a folder for process numbers. Only the main thread may use it.
    """

    def __init__(self, pids: Path, now: Callable[[], float] = time.monotonic) -> None:
        self._pids = pids
        self._now = now
        self._kept: dict[str, Kept] = {}

    def launch(self, program: Program) -> None:
        """Start a program without waiting for it. Raises StackError when one of that name is kept already."""
        if program.name in self._kept:
            raise StackError(f"{program.name} runs already.")
        leftovers.end(self._pid(program.name))
        self._kept[program.name] = Kept(program, self._start(program), self._now())

    def wait(self, name: str, patience: float = 60.0) -> None:
        """Until the program says that it is ready. Raises StackError with the end of its log."""
        kept = self._kept[name]
        children.until(kept.program.ready, kept.child, name, kept.program.log, patience, pause=0.05)

    def tend(self) -> list[str]:
        """Look after everything once, without waiting: what ended is started again after a growing pause.

        One sentence for each thing that happened.
        """
        said = []
        for name, kept in self._kept.items():
            if kept.again is not None:
                said += self._bring_back(name, kept)
            elif kept.child.poll() is not None:
                said.append(self._grieve(name, kept))
        return said

    def _grieve(self, name: str, kept: Kept) -> str:
        now = self._now()
        settled = now - kept.since >= SETTLED
        kept.pause = FIRST_PAUSE if settled or not kept.restarts else min(kept.pause * 2, LONGEST_PAUSE)
        kept.again = now + kept.pause
        return f"{name} ended with {kept.child.returncode}; it starts again in {kept.pause:.1f} s."

    def _bring_back(self, name: str, kept: Kept) -> list[str]:
        now = self._now()
        if kept.again is None or now < kept.again:
            return []
        kept.child, kept.since, kept.again = self._start(kept.program), now, None
        kept.restarts += 1
        return [f"{name} was started again."]

    def ended(self) -> list[str]:
        """Of each program that does not run any more, its name, how it ended, and the end of its log."""
        return [
            f"{name} ended with {kept.child.returncode}:\n{children.tail(kept.program.log)}"
            for name, kept in self._kept.items()
            if kept.child.poll() is not None
        ]

    def child(self, name: str) -> Child:
        """The running process of a program, for signals."""
        return self._kept[name].child

    def running(self) -> dict[str, bool]:
        """Each program's name, and whether it runs, in the order of their start."""
        return {name: kept.child.poll() is None for name, kept in self._kept.items()}

    def stop(self, patience: float = 10.0) -> None:
        """Ask all to end, the last started first, and kill what has not ended after `patience` seconds."""
        kept = list(reversed(self._kept.values()))
        for one in kept:
            children.ask_to_end(one.child)
        end = self._now() + patience
        for one in kept:
            children.wait_or_kill(one.child, max(0.0, end - self._now()))
            self._pid(one.program.name).unlink(missing_ok=True)
        self._kept.clear()

    def _start(self, program: Program) -> Child:
        child = children.start(program.command, program.log, env=program.env)
        leftovers.remember(self._pid(program.name), child.pid)
        return child

    def _pid(self, name: str) -> Path:
        return self._pids / f"{name}.pid"
