"""Durable throughput of one process: how fast a full input topic becomes readable results."""

from collections.abc import Sequence

import psutil

from bench.figures import median, spread
from bench.ground import BARE, FAST_STREAM, FAUST, HUDDLE, PLAIN, Ground
from bench.outputs import Rate, outputs

GOALS = {FAUST: 25.0, FAST_STREAM: 3.0, BARE: 0.7}
SLOW_SHARE = 30
"""One event per transaction is measured over fewer events; its rate does not depend on how many."""


async def drain(ground: Ground, contender: str, count: int, template: str = "template_bench") -> Rate:
    """Events a second of a new process with an empty group."""
    run = await ground.new_run(contender, template)
    async with outputs(ground, run) as results:
        process = psutil.Process(ground.start(run).pid)
        rate = await results.rate(count, process)
    await ground.finish(run)
    return rate


async def throughput(ground: Ground, events: int, runs: int, contenders: Sequence[str]) -> list[str]:
    """Lines of a table; the contenders take turns."""
    await ground.produce(max(0, events - ground.produced))
    rates: dict[str, list[Rate]] = {contender: [] for contender in contenders}
    for number in range(runs):
        for contender in contenders:
            count = max(1_000, events // SLOW_SHARE) if contender == FAUST else events
            rates[contender].append(await drain(ground, contender, count))
            print(
                f"  run {number + 1}: {contender}: {rates[contender][-1].a_second:,.0f} events/s", flush=True
            )
    lines = ["| contender | events/s, median (least–most) | per second of its CPU time |", "|---|---|---|"]
    for contender, found in rates.items():
        a_second, a_cpu_second = zip(*found, strict=True)
        lines.append(f"| {contender} | {spread(a_second)} | {spread(a_cpu_second)} |")
    return [*lines, "", *ratios(rates)]


def ratios(rates: dict[str, list[Rate]]) -> list[str]:
    """Of both hosts to each peer, within one round."""
    lines = ["| ratio within one round | goal | median (least–most) |", "|---|---|---|"]
    for ours in (HUDDLE, PLAIN):
        for peer, goal in GOALS.items():
            if rates.get(ours) and rates.get(peer):
                found = [a.a_second / b.a_second for a, b in zip(rates[ours], rates[peer], strict=True)]
                reached = "" if median(found) >= goal else " — not reached"
                lines.append(f"| {ours} : {peer} | {goal:g} | {spread(found, 2)}{reached} |")
    return lines
