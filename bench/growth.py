"""Does the time per event grow with what is open? The same drain over few and over very many open aggregates."""

import asyncpg

from bench.figures import median, spread
from bench.ground import HUDDLE, Ground
from bench.throughput import drain

FEW = 10_000
FILL = """
    INSERT INTO item SELECT gen_random_uuid(), gen_random_uuid(), NULL, 1, 1, 'open', $1::jsonb, $2
    FROM generate_series(1, $3::int)
"""
BODY = '{"type": "open", "note": 1, "updates": 0}'


async def growth(ground: Ground, events: int, runs: int, many: int) -> list[str]:
    """A sentence with the ratio of the times per event."""
    await ground.produce(max(0, events - ground.produced))
    templates = {number: await filled(ground, number) for number in (FEW, many)}
    ratios = []
    for _ in range(runs):
        rates = {n: (await drain(ground, HUDDLE, events, name)).a_second for n, name in templates.items()}
        ratios.append(rates[FEW] / rates[many])
        print(f"  {rates[FEW]:,.0f} and {rates[many]:,.0f} events/s", flush=True)
    reached = "reached" if median(ratios) <= 1.2 else "not reached"
    return [
        f"Time per event with {many:,} open aggregates : with {FEW:,} = {spread(ratios, 2)}; goal 1.2: {reached}."
    ]


async def filled(ground: Ground, number: int) -> str:
    """A template database with that many open items."""
    name = f"template_{number}"
    admin = await asyncpg.connect(ground.postgres.url())
    await admin.execute(f"CREATE DATABASE {name} TEMPLATE template_bench")
    now = await admin.fetchval("SELECT now()")
    await admin.close()
    connection = await asyncpg.connect(ground.postgres.url(name))
    await connection.execute(FILL, BODY, now, number)
    await connection.execute("VACUUM ANALYZE item")
    await connection.close()
    return name
