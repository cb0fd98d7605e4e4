"""Which process runs here, in a file: one left over from a crash is ended before the next start."""

from contextlib import suppress
from pathlib import Path

import psutil

SAME_START = 0.05
"""Seconds by which two readings of one process's start time may differ."""


def remember(file: Path, pid: int) -> None:
    """Write down a process: its number and when it started, because numbers are used again."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"{pid} {psutil.Process(pid).create_time()}\n")


def remembered(file: Path) -> psutil.Process | None:
    """The process of the file, when it still runs."""
    with suppress(OSError, ValueError, psutil.Error):
        pid, started = file.read_text().split()
        process = psutil.Process(int(pid))
        alive = process.is_running() and process.status() != psutil.STATUS_ZOMBIE
        if alive and abs(process.create_time() - float(started)) < SAME_START:
            return process
    return None


def end(file: Path, patience: float = 10.0) -> bool:
    """End the process of the file, if it still runs: ask, wait `patience` seconds, kill. Was there one?"""
    process = remembered(file)
    if process is not None:
        with suppress(psutil.NoSuchProcess):
            process.terminate()
            process.resume()
            if psutil.wait_procs([process], timeout=patience)[1]:
                process.kill()
                process.wait()
    file.unlink(missing_ok=True)
    return process is not None
