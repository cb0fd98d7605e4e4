"""What it costs that reads of patients are recorded before they are answered: records written by readers at once."""

import asyncio
from datetime import UTC, datetime, timedelta

from backbone.clock import monotonic
from backbone.ids import ROOT, derive
from backbone.store import accesses
from backbone.store.accesses import Access, PostgresAccesses
from backbone.store.postgres import acquired, open_pool
from bench.ground import Ground

READERS = (1, 8, 32, 128)
SECONDS = 3.0
BEGIN = datetime(2027, 1, 4, 12, tzinfo=UTC)


async def reads(ground: Ground) -> list[str]:
    """A table: each row a commit of its own, and all that is asked meanwhile together (docs/adr/0029)."""
    pool = await open_pool(ground.postgres.url("template_bench"))
    lines = [
        "| readers at once | one by one: reads/s | p99 ms | together: reads/s | p99 ms |",
        "|---:|---:|---:|---:|---:|",
    ]
    for readers in READERS:
        figures = []
        for together in (1, accesses.MOST_TOGETHER):
            record = PostgresAccesses(lambda: acquired(pool), together)
            figures.append(await measured(record, readers))
        lines.append(
            f"| {readers} | " + " | ".join(f"{rate:,.0f} | {p99:.1f}" for rate, p99 in figures) + " |"
        )
        print(f"  {lines[-1]}", flush=True)
    await pool.close()
    return lines


async def measured(record: PostgresAccesses, readers: int) -> tuple[float, float]:
    """Records a second, and the time that 99 of 100 took at most, in ms."""
    took = list[float]()
    begun = monotonic()

    async def read(reader: str) -> None:
        while (asked := monotonic()) < begun + SECONDS:
            await record.record(an_access(reader, len(took)))
            took.append(monotonic() - asked)

    await asyncio.gather(*(read(derive(ROOT, f"reader {n}")) for n in range(readers)))
    return len(took) / (monotonic() - begun), sorted(took)[int(len(took) * 0.99)] * 1000


def an_access(reader: str, number: int) -> Access:
    patient = derive(ROOT, f"patient {number % 1000}")
    return Access(
        at=BEGIN + timedelta(milliseconds=number),
        actor_kind="user",
        actor_id=reader,
        roles=("nurse",),
        purpose="treatment",
        stated=False,
        kind="plan",
        resource=f"/patients/{patient}/plan",
        lane_keys=(patient,),
        refused=False,
        glass_id=None,
        correlation_id=derive(reader, str(number)),
    )
