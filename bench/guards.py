"""What each guard costs: the same work in plain text, by TLS, with content sealed, with traces, with all of them; and
reads with and without a record of who read. The contenders take turns; ratios are formed within one round."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from itertools import count
from typing import NamedTuple

import httpx
import psutil

from backbone.clock import monotonic
from backbone.ids import ROOT, derive
from backbone.tracing import Exported
from bench.figures import median, percentile, spread
from bench.ground import NOTES, Ground
from bench.guarded import SEALED, TLS, TRACED, GuardedGround, sink
from bench.outputs import Outputs, Rate, outputs
from bench.ward import answering
from cli.stack.children import stop
from cli.stack.ports import free_ports

GUARDS: Mapping[str, frozenset[str]] = {
    "plain": frozenset(),
    **{guard: frozenset([guard]) for guard in (TLS, SEALED, TRACED)},
    "all three": frozenset([TLS, SEALED, TRACED]),
}
COMMANDS, WARM = 100, 20
SPANS, STOP_SECONDS = 3, 15
"""Spans of a fact: handled, decided, sent; of a command: asked, decided, sent."""
READERS, READ_SECONDS = 8, 1.5
RECORDED, UNRECORDED = "recorded before the answer", "not recorded"
PATHS = {UNRECORDED: "/items/{}/unrecorded", RECORDED: "/items/{}"}
NURSE = derive(ROOT, "nurse of the benchmark")


class Read(NamedTuple):
    """Of readers at once: answers a second, and ms."""

    a_second: float
    p50: float
    p99: float


class Found(NamedTuple):
    """Of one run. `commands`: ms from a command over HTTP to its fact on the topic; `reads` are the plain run's."""

    facts: Rate
    commands: Sequence[float]
    reads: Mapping[str, Read]


async def guards(ground: Ground, rounds: int, facts: int, ratio: float) -> list[str]:
    """Two tables; of the traces `ratio` is kept. What runs before the first round is not counted: Java compiles what it
    runs often."""
    assert isinstance(ground, GuardedGround)
    await ground.open_keys()
    await ground.produce(facts, keeps=Exported(None, "bench", ratio).keeps)
    ground.ratio = ratio
    found: dict[str, list[Found]] = {name: [] for name in GUARDS}
    async with sink(ground) as traces:
        for name in ("plain", "all three"):
            await measured(ground, name, facts)
        names = list(GUARDS)
        for number in range(rounds):
            first = number % len(names)
            for name in names[first:] + names[:first]:
                found[name].append(await measured(ground, name, facts))
                said = found[name][-1]
                print(f"  round {number + 1}: {name}: {said.facts.a_second:,.0f} facts/s", flush=True)
    reads = [each.reads for each in found["plain"]]
    return [*table(found), "", *table_of_reads(reads), "", told(traces.spans, rounds, facts, ratio)]


async def measured(ground: GuardedGround, name: str, facts: int) -> Found:
    """A new process with an empty group: everything that waits, then commands one by one, then reads."""
    run = await ground.new_run(NOTES)
    [port] = free_ports(1)
    token = ground.issuer.token(NURSE, roles=["nurse"])
    async with AsyncExitStack() as stack:
        results = await stack.enter_async_context(outputs(ground, run))
        child = ground.start_with(run, GUARDS[name], port)
        rate = await results.rate(facts, psutil.Process(child.pid))
        url = f"http://127.0.0.1:{port}"
        await answering(f"{url}/readyz")
        http = await stack.enter_async_context(
            httpx.AsyncClient(base_url=url, trust_env=False, headers={"Authorization": f"Bearer {token}"})
        )
        commands = await commanded(http, results)
        reads = {each: await read(http, path) for each, path in PATHS.items()} if name == "plain" else {}
    await ground.check(run, GUARDS[name])
    await asyncio.to_thread(stop, child, patience=STOP_SECONDS)  # what it still has of traces, it sends
    await ground.finish(run)
    return Found(rate, commands, reads)


async def commanded(http: httpx.AsyncClient, results: Outputs) -> list[float]:
    """One after another, each when the fact of the one before is readable. Raises HTTPError, TimeoutError."""
    took = []
    for number in range(WARM + COMMANDS):
        known, asked = results.count, monotonic()
        answer = asyncio.ensure_future(http.post(address(number), headers={"Idempotency-Key": str(number)}))
        await results.until(known + 1)
        took.append((monotonic() - asked) * 1000)
        (await answer).raise_for_status()
    return took[WARM:]


def address(number: int) -> str:
    return f"/patients/{derive(ROOT, f'patient {number}')}/items/{item(number)}"


def item(number: int) -> str:
    return derive(ROOT, f"item {number}")


async def read(http: httpx.AsyncClient, path: str) -> Read:
    """By so many readers at once. Raises HTTPError."""
    took, numbers, begun = list[float](), count(), monotonic()

    async def go_on() -> None:
        while (asked := monotonic()) < begun + READ_SECONDS:
            (await http.get(path.format(item(next(numbers) % COMMANDS)))).raise_for_status()
            took.append((monotonic() - asked) * 1000)

    await asyncio.gather(*(go_on() for _ in range(READERS)))
    return Read(len(took) / (monotonic() - begun), percentile(took, 0.5), percentile(took, 0.99))


def table(found: Mapping[str, Sequence[Found]]) -> list[str]:
    """Medians, least and most of the rounds; ratios to plain."""
    lines = [
        "| | facts/s | : plain | facts per second of its CPU time : plain "
        "| command → fact readable, p50 ms | p99 ms | p50 : plain |",
        "|---|---|---|---|---|---|---|",
    ]
    plain = found["plain"]
    for name, runs in found.items():
        pairs = list(zip(runs, plain, strict=True))
        p50, p99 = ([percentile(run.commands, share) for run in runs] for share in (0.5, 0.99))
        cells = (
            name,
            spread([run.facts.a_second for run in runs]),
            spread([run.facts.a_second / beside.facts.a_second for run, beside in pairs], 2),
            spread([run.facts.a_cpu_second / beside.facts.a_cpu_second for run, beside in pairs], 2),
            spread(p50, 1),
            spread(p99, 1),
            spread([median(run.commands) / median(beside.commands) for run, beside in pairs], 2),
        )
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def table_of_reads(rounds: Sequence[Mapping[str, Read]]) -> list[str]:
    lines = [
        f"| reads of one item, {READERS} readers at once | reads/s | : not recorded | p50 ms | p99 ms |",
        "|---|---|---|---|---|",
    ]
    for name in PATHS:
        runs = [each[name] for each in rounds]
        ratios = [each[name].a_second / each[UNRECORDED].a_second for each in rounds]
        cells = (
            name,
            spread([run.a_second for run in runs]),
            spread(ratios, 2),
            spread([run.p50 for run in runs], 1),
            spread([run.p99 for run in runs], 1),
        )
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def told(spans: int, rounds: int, facts: int, ratio: float) -> str:
    """An exporter drops what comes faster than it sends."""
    runs = 1 + 2 * rounds
    made = round(runs * SPANS * (facts + WARM + COMMANDS) * ratio)
    return f"The sink took {spans:,} of {made:,} spans of {runs} runs ({spans / made:.0%})."
