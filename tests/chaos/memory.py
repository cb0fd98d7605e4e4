"""How much memory processes hold, looked at again and again, and whether it grows."""

import asyncio
from collections.abc import Mapping, Sequence
from statistics import median

import psutil

from tests.support.local_system import Worker

MOST_GROWTH = 1.2
"""Of the last third against the second: in the first everything is still being warmed."""
MEGABYTE = 1 << 20


def thirds(samples: Sequence[int]) -> tuple[float, float, float]:
    """The median of each."""
    size = len(samples) // 3
    assert size, "at least three samples"
    return (
        median(samples[:size]),
        median(samples[size : len(samples) - size]),
        median(samples[len(samples) - size :]),
    )


def growing(samples: Mapping[str, Sequence[int]]) -> list[str]:
    """Sentences about those that hold more and more; none: all are flat."""
    found = []
    for name, each in samples.items():
        _, second, last = thirds(each)
        if last > MOST_GROWTH * second:
            found.append(
                f"{name} grows: {second / MEGABYTE:.0f} MiB, then {last / MEGABYTE:.0f} MiB, "
                f"{last / second:.2f} times as much"
            )
    return found


async def watched(workers: Mapping[str, Worker], seconds: float, every: float) -> dict[str, list[int]]:
    """Bytes resident, by name."""
    processes = {name: psutil.Process(pid_of(worker)) for name, worker in workers.items()}
    samples: dict[str, list[int]] = {name: [] for name in workers}
    for _ in range(round(seconds / every)):
        await asyncio.sleep(every)
        for name, process in processes.items():
            samples[name].append(process.memory_info().rss)
    return samples


def pid_of(worker: Worker) -> int:
    assert worker.process is not None
    return worker.process.pid
