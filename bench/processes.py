"""Start of a worker process, and who serves its partitions after it is killed."""

import asyncio

from backbone.clock import monotonic
from bench.figures import spread
from bench.ground import HUDDLE, Ground, Run
from bench.job import PATIENTS
from bench.outputs import Outputs, outputs
from cli.stack.children import Child, kill

STARTS = 5
TAKEOVERS = 3
SESSION_SECONDS = 10


async def processes(ground: Ground) -> list[str]:
    """Lines of a table, in seconds."""
    starts = [await start_up(ground) for _ in range(STARTS)]
    dynamic = [await takeover(ground, static=False) for _ in range(TAKEOVERS)]
    static = [await takeover(ground, static=True) for _ in range(TAKEOVERS)]
    return [
        "| | goal | seconds, median (least–most) |",
        "|---|---|---|",
        f"| from process start to the first event handled | 3 | {spread(starts, 2)} |",
        f"| after kill -9 of one of two workers, all partitions are served again | {SESSION_SECONDS + 5} "
        f"| {spread(dynamic, 1)} |",
        f"| the same, restarted at once with static membership | 3 | {spread(static, 2)} |",
    ]


async def start_up(ground: Ground) -> float:
    """From starting the process to its first readable result."""
    await ground.produce(1)
    run = await ground.new_run(HUDDLE)
    async with outputs(ground, run) as results:
        began = monotonic()
        ground.start(run)
        await results.until(1)
        seconds = monotonic() - began
    await ground.finish(run)
    return seconds


async def takeover(ground: Ground, *, static: bool) -> float:
    """From the kill until an event of every patient, sent after it, is readable."""
    run = await ground.new_run(HUDDLE)
    async with outputs(ground, run) as results:
        workers = [worker(ground, run, number, static) for number in (1, 2)]
        await balanced(ground, results)
        kill(workers[0])
        began = monotonic()
        if static:
            worker(ground, run, 1, static)
        await ground.produce(PATIENTS)
        await results.until(ground.produced)
        seconds = monotonic() - began
    await ground.finish(run)
    print(f"  takeover ({'static' if static else 'dynamic'}): {seconds:.1f} s", flush=True)
    return seconds


def worker(ground: Ground, run: Run, number: int, static: bool) -> Child:
    instance = {"HUDDLE_INSTANCE": f"{run.name}-{number}"} if static else {}
    return ground.start(run, HUDDLE_SESSION_TIMEOUT=str(SESSION_SECONDS), **instance)


async def balanced(ground: Ground, results: Outputs) -> None:
    """Until both have joined and everything is handled."""
    await results.until(ground.produced)
    await asyncio.sleep(5)
    await ground.produce(PATIENTS)
    await results.until(ground.produced)
