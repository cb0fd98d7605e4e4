"""What a host needs to know to join its group, and how it runs beside the other tasks of the process."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, NamedTuple

from backbone.brokers import Brokers
from backbone.log.lanes import Lanes

NEW_TOPICS_MS = 10_000
"""A group hears within this time of topics that were made, or made anew. By default it takes five minutes."""
Task = Callable[[], Awaitable[None]]


class Membership(NamedTuple):
    """`instance`: unique per process, None for a dynamic member.
    `session_timeout` in seconds: how long a dead member keeps its partitions."""

    kafka: Brokers
    group: str
    instance: str | None = None
    session_timeout: int = 10


async def run_beside(host: Task, lanes: Lanes, tasks: Sequence[Task]) -> None:
    """Run the host and the tasks until one ends or all are cancelled. Raises what the first one raised."""
    running = [asyncio.ensure_future(work()) for work in (host, *tasks)]
    try:
        done, _ = await asyncio.wait([*running, lanes.fatal], return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        if lanes.fatal.done():
            lanes.fatal.exception()
        else:
            lanes.fatal.cancel()


async def end_within(seconds: float, ending: Coroutine[Any, Any, object]) -> None:
    """Let something of the libraries' end, but not for longer, and whatever it raises on its way."""
    task = asyncio.ensure_future(ending)
    await asyncio.wait([task], timeout=seconds)
    if not task.done():
        task.cancel()
    elif not task.cancelled():
        task.exception()
