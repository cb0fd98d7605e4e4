"""Real processes that begin at once: each is forked from one that has read the code of all services and done nothing
else, as nothing happens at import."""

import multiprocessing
import os
import runpy
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

FROM = "tests.support.preloaded"


class Forked:
    """One of them, as `subprocess.Popen` would show it."""

    def __init__(self, arguments: Sequence[str], env: Mapping[str, str], log: Path) -> None:
        """`python -m <arguments>` in this environment; what it says is appended to `log`."""
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([FROM])
        self._process = context.Process(target=run, args=([*arguments], {**env}, str(log)))
        self._process.start()
        assert self._process.pid is not None
        self.pid = self._process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """The exit code. Raises subprocess.TimeoutExpired."""
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
        return self._process.exitcode

    def send_signal(self, sent: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, sent)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def run(arguments: Sequence[str], env: Mapping[str, str], log: str) -> None:
    """In the new process: become that module."""
    os.environ.clear()
    os.environ.update(env)
    out = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    for stream in (1, 2):
        os.dup2(out, stream)
    os.close(out)
    sys.argv = [*arguments]
    runpy.run_module(arguments[0], run_name="__main__", alter_sys=True)
