"""Child processes that do not outlive their parent, and their orderly end."""

import ctypes
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1


def die_with_parent(sent: int = signal.SIGTERM) -> Callable[[], None]:
    """For Linux: the kernel sends `sent` when the parent ends, however it ends. Elsewhere nothing."""
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        prctl = libc.prctl
    except (OSError, AttributeError):
        return lambda: None

    def arm() -> None:
        prctl(PR_SET_PDEATHSIG, sent)

    return arm


def start(
    command: Sequence[str],
    log: Path,
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    user: str | None = None,
    bound: int | None = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start a process in a group of its own, its output appended to `log`. `bound=None` lets it outlive us."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as out:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(env or {})},
            cwd=cwd,
            start_new_session=True,
            user=user,
            preexec_fn=die_with_parent(bound) if bound else None,
        )


def stop(process: subprocess.Popen[bytes], *, sent: int = signal.SIGTERM, patience: float = 10.0) -> None:
    """Ask, wait `patience` seconds, then kill."""
    if process.poll() is not None:
        return
    process.send_signal(sent)
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def tail(log: Path, lines: int = 15) -> str:
    """The end of a log, for error messages."""
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return "(no log)"
