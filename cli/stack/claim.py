"""One stack at a time in one folder: a lock that the kernel gives back when its holder ends, however."""

import fcntl
import json
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from cli.stack.errors import StackError


class Claim:
    """The right to run a stack in `home`, with what others need to know of it (ports, process number)."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._held: IO[str] | None = None

    def take(self) -> None:
        """Raises StackError when a live process holds it. What a crash left over is no obstacle."""
        self._home.mkdir(parents=True, exist_ok=True)
        self._held = _locked(self._home / "stack.lock")
        if self._held is None:
            raise StackError(
                f"Another stack runs in {self._home}: end it first (`huddle down`, or Ctrl-C where the demo plays)."
            )

    def publish(self, facts: Mapping[str, Any]) -> None:
        """Tell others about the running stack; the process number is added. Written whole or not at all."""
        partial = self._home / "stack.json.partial"
        partial.write_text(json.dumps({**facts, "pid": os.getpid()}, indent=2))
        partial.rename(self._home / "stack.json")

    def release(self) -> None:
        """Nobody holds it any more."""
        if self._held is not None:
            (self._home / "stack.json").unlink(missing_ok=True)
            self._held.close()
            self._held = None


def standing(home: Path) -> dict[str, Any] | None:
    """What the stack that runs in `home` published; None when none runs, whatever files are there."""
    if not (home / "stack.lock").exists():
        return None
    lock = _locked(home / "stack.lock", tries=1)
    if lock is not None:
        lock.close()
        return None
    published = home / "stack.json"
    return dict(json.loads(published.read_text())) if published.exists() else {}


def _locked(file: Path, tries: int = 5) -> IO[str] | None:
    """The file, locked; None when somebody else has it. One who only looks has it for a moment: try again."""
    lock = file.open("w")
    for last in (attempt == tries - 1 for attempt in range(tries)):
        with suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return lock
        if not last:
            time.sleep(0.05)
    lock.close()
    return None
