"""Child processes that do not outlive their parent, and their orderly end."""

import ctypes
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

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
def uninterrupted() -> Iterator[None]:
    """Signals that end us wait, whichever thread they reach: what their handlers raise in a fork, Python swallows.

    Handlers run in the main thread alone, so no other one has to wait.
    """
    came: list[int] = []
    main = threading.current_thread() is threading.main_thread()
    handlers = {each: signal.getsignal(each) for each in ENDINGS if main}
    usual = {each: handler for each, handler in handlers.items() if handler not in (signal.SIG_IGN, None)}
    for each in usual:
        signal.signal(each, lambda sent, frame: came.append(sent))
    try:
        yield
    finally:
        for each, handler in usual.items():
            signal.signal(each, handler)
        for sent in came:
            signal.raise_signal(sent)


@contextmanager
def interruptible() -> Iterator[None]:
    """SIGINT raises KeyboardInterrupt in here, at the latest at the end: what its handler raises while Python clears
    an object away, Python swallows. Elsewhere than in the main thread, and where it is ignored: nothing."""
    usual = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(usual):
        yield
        return
    came: list[int] = []

    def hear(sent: int, frame: FrameType | None) -> None:
        came.append(sent)
        usual(sent, frame)

    signal.signal(signal.SIGINT, hear)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)
    if came:
        raise KeyboardInterrupt


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
    arm = die_with_parent(bound) if bound else None
    child: Child | None = None
    try:
        with log.open("ab") as out, uninterrupted():
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
                preexec_fn=arm,
            )
    except BaseException:
        if child is not None:
            kill(child)
        raise
    return child


def finish(command: Sequence[str], log: Path, *, cwd: Path | None = None, user: str | None = None) -> bool:
    """Run it to its end. Did it do what it should? Whoever is interrupted meanwhile leaves it running no longer."""
    child = start(command, log, cwd=cwd, user=user)
    try:
        return child.wait() == 0
    finally:
        kill(child)


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
    """Wait until a child is ready. One that takes too long is ended.

    Raises StackError with the end of its log then, and when it ends first.
    """
    end = time.monotonic() + patience
    while not ready():
        if process.poll() is not None:
            raise StackError(f"{name} did not start:\n{tail(log)}")
        if time.monotonic() > end:
            kill(process)
            raise StackError(f"{name} did not answer within {patience:.0f} s:\n{tail(log)}")
        time.sleep(pause)


def tail(log: Path, lines: int = 15) -> str:
    """The end of a log, for error messages."""
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return "(no log)"
