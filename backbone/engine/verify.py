"""The proof: every aggregate's journal, folded, is its state. A difference is a bug."""

import asyncio
from collections.abc import AsyncIterator, Collection
from typing import Any

import msgspec

from backbone.engine.generic import kinds_of
from backbone.engine.runtime import Runtime
from backbone.model.aggregate import Aggregate
from backbone.model.head import Actor, Head

AT_ONCE = 25
"""Aggregates that are folded between two fetches: PostgreSQL ends a transaction that is idle for seconds."""


async def differences(runtime: Runtime) -> AsyncIterator[dict[str, Any]]:
    """Every aggregate whose state is not what its journal says, then the counts. Reads as little as is committed."""
    compared = wrong = 0
    for aggregate in kinds_of(runtime.service).values():
        async with (
            runtime.connection() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            rows = connection.cursor(JOURNAL.format(kind=aggregate.kind), aggregate.kind, prefetch=AT_ONCE)
            async for row in rows:
                compared += 1
                await asyncio.sleep(0)  # who asks for something else meanwhile is answered
                problem = compare(aggregate, row)
                if problem:
                    wrong += 1
                    yield {"kind": aggregate.kind, "id": str(row["id"]), "problem": problem}
    yield {"service": runtime.service.name, "compared": compared, "different": wrong}


# Each aggregate with its state row, if any, its facts in order, and numbers told before a restore.
JOURNAL = """
SELECT coalesce(state.id, told.aggregate_id) AS id, state.version, state.sequence, state.body, told.facts,
       before.numbers
FROM (SELECT aggregate_id, array_agg(ROW(
             version, sequence, fact_id::text, type, lane_key::text, pathway_id::text, occurred_at, recorded_at,
             correlation_id::text, causation_id::text, actor_kind, actor_id, actor_role, rules, traceparent, data
      ) ORDER BY version) AS facts
      FROM journal WHERE aggregate_kind = $1 GROUP BY aggregate_id) AS told
FULL JOIN {kind} AS state ON state.id = told.aggregate_id
LEFT JOIN (SELECT aggregate_id, array_agg(sequence) AS numbers
           FROM told_before WHERE aggregate_kind = $1 GROUP BY aggregate_id) AS before
     ON before.aggregate_id = coalesce(state.id, told.aggregate_id)
"""


def compare(aggregate: Aggregate[Any], row: Any) -> str | None:
    """What differs, or None."""
    if row["facts"] is None:
        return "a state without facts"
    if row["version"] is None:
        return "facts without a state"
    state, version, sequence = fold(aggregate, str(row["id"]), row["facts"], row["numbers"] or ())
    if (version, sequence) != (row["version"], row["sequence"]):
        return f"version {row['version']}, sequence {row['sequence']}; the journal has {version}, {sequence}"
    if state != aggregate.state_decoder.decode(row["body"]):
        return f"the {type(state).__name__} that the journal gives is not the stored one"
    return None


def fold(
    aggregate: Aggregate[Any], aggregate_id: str, facts: list[Any], taken: Collection[int] = ()
) -> tuple[Any, int, int]:
    """The state after all facts, its version and sequence; the same as in the engine.

    Numbers have no gaps, but those that were `taken` before a restore.
    """
    state: Any = aggregate.initial
    version = sequence = 0
    for fact in facts:
        head = head_of(aggregate.kind, aggregate_id, fact)
        parsed = aggregate.facts[head.type].model_validate_json(fact[15])
        state = aggregate.after(state, parsed, head)
        version += 1
        sequence = head.sequence if head.sequence and head.sequence - 1 in taken else sequence + parsed.public
    sequence = max(sequence, *taken, 0)
    return msgspec.json.decode(msgspec.json.encode(state), type=type(state)), version, sequence


def head_of(kind: str, aggregate_id: str, row: Any, origin: str = "") -> Head:
    """The envelope as the journal kept it."""
    return Head(
        event_id=row[2],
        type=row[3],
        origin=origin,
        occurred_at=row[6],
        recorded_at=row[7],
        aggregate_type=kind,
        aggregate_id=aggregate_id,
        version=row[0],
        sequence=row[1],
        lane_key=row[4],
        pathway_id=row[5],
        correlation_id=row[8],
        causation_id=row[9],
        actor=Actor(row[10], row[11], row[12]),
        rules=tuple(row[13].split(",")) if row[13] else (),
        traceparent=row[14],
    )
