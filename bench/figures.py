"""Medians, percentiles, spreads, and the machine they come from."""

import os
import platform
from collections.abc import Sequence
from pathlib import Path
from statistics import median

__all__ = ["machine", "median", "percentile", "spread"]


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` (0–1) of all do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def spread(values: Sequence[float], digits: int = 0) -> str:
    """Median, and the least and the greatest."""
    return f"{median(values):,.{digits}f} ({min(values):,.{digits}f}–{max(values):,.{digits}f})"


def machine() -> str:
    """Processor, cores and memory."""
    info = Path("/proc/cpuinfo")
    names = [line.split(":")[1].strip() for line in info.read_text().splitlines() if "model name" in line]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{names[0] if names else platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB, "
        f"Python {platform.python_version()}, broker and database on the same machine"
    )
