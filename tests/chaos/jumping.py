"""The worklist on a machine whose clock can be set: so many seconds as a file says. Run as a process of its own."""

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from backbone import clock
from backbone.process import main
from services.worklist.service import SERVICE

CLOCK = "CHAOS_CLOCK"


def ahead() -> int:
    return int(Path(os.environ[CLOCK]).read_text())


def set_by_file() -> None:
    """Everything that reads the wall clock, at the one place where it is read."""
    clock.WallClock.now = lambda self: datetime.now(UTC) + timedelta(seconds=ahead())  # type: ignore[method-assign]
    clock.epoch_seconds = lambda: int(time.time()) + ahead()
    clock.epoch_milliseconds = lambda: int((time.time() + ahead()) * 1000)


if __name__ == "__main__":
    set_by_file()
    main(SERVICE)
