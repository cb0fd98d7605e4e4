"""Child processes that do not outlive their parent, and their orderly end."""

import ctypes
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

from cli.stack.errors import StackError

PR_SET_PDEATHSIG = 1
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
Child = subprocess.Popen[bytes]


def die_with_parent(sent: int = signal.SIGTERM) -> Callable[[], None]:
    """For Linux: the kernel sends `sent` when the parent ends, however it ends. Elsewhere nothing.

    The kernel means the thread that started the child, so only the main thread may start one.
    """
    if threading.current_thread() is not threading.main_thread():
        raise StackError(
            "Only the main thread starts children: a child ends with the thread that started it."
        )
    parent = os.getpid()
    try:
        prctl = ctypes.CDLL(None, use_errno=True).prctl
    except (OSError, AttributeError):
        return lambda: None

    def arm() -> None:
        prctl(PR_SET_PDEATHSIG, sent)
        if os.getppid() != parent:  # it ended before the line above
            os._exit(1)

    return arm


@contextmanager
def uninterrupted() -> Iterator[set[Any]]:
    """Signals that end us wait: in the middle of a fork Python would swallow what their handlers raise. What it yields
    is blocked outside."""
    usual = signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)
    try:
        yield usual
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, usual)


def begin(usual: set[Any], arm: Callable[[], None] | None) -> None:
    """In the child: signals reach it again."""
    signal.pthread_sigmask(signal.SIG_SETMASK, usual)
    if arm:
        arm()


def start(
    command: Sequence[str],
    log: Path,
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    user: str | None = None,
    bound: int | None = signal.SIGTERM,
) -> Child:
    """Start a process in a group of its own, its output appended to `log`.

    `bound` is the signal it gets when we die; None lets it outlive us.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    child: Child | None = None
    try:
        with log.open("ab") as out, uninterrupted() as usual:
            child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(env or {})},
                cwd=cwd,
                start_new_session=True,
                user=user,
                group="nogroup" if user else None,
                extra_groups=[] if user else None,
                preexec_fn=partial(begin, usual, die_with_parent(bound) if bound else None),
            )
    except BaseException:
        if child is not None:
            kill(child)
        raise
    return child


def stop(process: Child, *, sent: int = signal.SIGTERM, patience: float = 10.0) -> None:
    """Ask, wait `patience` seconds, then kill it and whatever it started."""
    ask_to_end(process, sent)
    wait_or_kill(process, patience)


def ask_to_end(process: Child, sent: int = signal.SIGTERM) -> None:
    """Send the signal, and wake the process where it is frozen, since it hears nothing else."""
    process.send_signal(sent)
    process.send_signal(signal.SIGCONT)


def wait_or_kill(process: Child, patience: float) -> None:
    """Wait `patience` seconds for the end, then kill."""
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        kill(process)


def kill(process: Child) -> None:
    """End it and whatever it started, at once."""
    if process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def until(
    ready: Callable[[], bool],
    process: Child,
    name: str,
    log: Path,
    patience: float = 60.0,
    pause: float = 0.02,
) -> None:
    """Wait until a child is ready.

    Raises StackError with the end of its log when it ends first or takes too long.
    """
    end = time.monotonic() + patience
    while not ready():
        if process.poll() is not None:
            raise StackError(f"{name} did not start:\n{tail(log)}")
        if time.monotonic() > end:
            raise StackError(f"{name} did not answer within {patience:.0f} s:\n{tail(log)}")
        time.sleep(pause)


def tail(log: Path, lines: int = 15) -> str:
    """The end of a log, for error messages."""
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return "(no log)"
