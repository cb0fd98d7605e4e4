"""The durable job written by hand with asyncpg, as a good programmer would without a framework.

It writes what the runtime writes: inbox, state, journal, outbox and position. Every peer uses it.
"""

import json
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import asyncpg
from uuid_utils import compat as fast

from backbone.clock import WallClock
from bench.job import INPUT, PARTITIONS, ItemAsked, ItemClosed, ItemOpened, ItemUpdated

JOURNAL = [
    *("aggregate_kind", "aggregate_id", "version", "sequence", "fact_id", "type", "lane_key"),
    *("occurred_at", "recorded_at", "correlation_id", "causation_id", "actor_kind", "data"),
]
OUTBOX = ["topic", "key", "value", "headers", "recorded_at"]
UPSERT = """
    INSERT INTO item (id, lane_key, version, sequence, status, body, updated_at)
    SELECT *, $7::timestamptz FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::int[], $5::text[], $6::jsonb[])
    ON CONFLICT (id) DO UPDATE SET version = excluded.version, sequence = excluded.sequence, status = excluded.status,
        body = excluded.body, updated_at = excluded.updated_at
"""


class Record(NamedTuple):
    """One record of the input, validated."""

    offset: int
    fact: ItemAsked
    headers: dict[str, str]


class Item:
    """An item while a batch is handled."""

    def __init__(self, patient: str, version: int = 0, status: str = "none", body: str = "{}") -> None:
        self.patient = patient
        self.version = version
        self.status = status
        self.body: dict[str, Any] = json.loads(body)


class Durable:
    """Handles records of the input; its facts go to `output`."""

    def __init__(self, pool: asyncpg.Pool, output: str) -> None:
        self._pool = pool
        self._output = output
        self._clock = WallClock()

    async def prepare(self) -> None:
        """A position for each partition."""
        await self._pool.execute(
            "INSERT INTO consumer_offset SELECT $1, n, 0 FROM generate_series(0, $2) AS n ON CONFLICT DO NOTHING",
            INPUT,
            PARTITIONS - 1,
        )

    async def position(self, partition: int) -> int:
        query = "SELECT next_offset FROM consumer_offset WHERE topic = $1 AND partition = $2"
        position: int = await self._pool.fetchval(query, INPUT, partition)
        return position

    async def handle(self, partition: int, records: Sequence[Record]) -> None:
        """One transaction for records of one partition, in order."""
        now = self._clock.now()
        async with self._pool.acquire() as connection, connection.transaction():
            query = "SELECT next_offset FROM consumer_offset WHERE topic = $1 AND partition = $2 FOR UPDATE"
            position = await connection.fetchval(query, INPUT, partition)
            new = [record for record in records if record.offset >= position]
            if not new:
                return
            fresh = await self._fresh(connection, new, now)
            items = await self._load(connection, fresh)
            journal: list[Any] = []
            outbox: list[Any] = []
            for record in fresh:
                self._decide(record, record.fact, items[record.fact.item], now, journal, outbox)
            await self._write(connection, items, journal, outbox, now)
            await connection.execute(
                "UPDATE consumer_offset SET next_offset = $3 WHERE topic = $1 AND partition = $2",
                INPUT,
                partition,
                new[-1].offset + 1,
            )
            await connection.execute("NOTIFY outbox")

    async def _fresh(self, connection: Any, new: list[Record], now: datetime) -> list[Record]:
        rows = await connection.fetch(
            """INSERT INTO inbox SELECT id, $2 FROM unnest($1::uuid[]) AS id
               ON CONFLICT DO NOTHING RETURNING fact_id::text""",
            [record.headers["ce_id"] for record in new],
            now,
        )
        ids = {row[0] for row in rows}
        return [record for record in new if record.headers["ce_id"] in ids]

    async def _load(self, connection: Any, fresh: list[Record]) -> dict[str, Item]:
        items = {record.fact.item: Item(record.headers["ce_patientid"]) for record in fresh}
        rows = await connection.fetch(
            """SELECT id::text, lane_key::text, version, status, body FROM item WHERE id = ANY($1::uuid[])
               ORDER BY id FOR UPDATE""",
            list(items),
        )
        items.update({row[0]: Item(*row[1:]) for row in rows})
        return items

    def _decide(
        self,
        record: Record,
        fact: ItemAsked,
        item: Item,
        now: datetime,
        journal: list[Any],
        outbox: list[Any],
    ) -> None:
        made: ItemOpened | ItemUpdated | ItemClosed
        if fact.step == "open" and item.status == "none":
            made = ItemOpened(note=fact.note)
            item.status, item.body = "open", {"note": fact.note, "updates": 0}
        elif fact.step == "update" and item.status == "open":
            updates = item.body["updates"] + 1
            made = ItemUpdated(note=fact.note, updates=updates)
            item.body = {"note": fact.note, "updates": updates}
        elif fact.step == "close" and item.status == "open":
            made = ItemClosed(updates=item.body["updates"])
            item.status = "closed"
        else:
            return
        item.version += 1
        cause = record.headers["ce_id"]
        own = str(fast.uuid5(uuid.UUID(cause), f"{fact.item}:1"))
        value = made.model_dump_json().encode()
        headers = headers_of(made.type, own, cause, fact.item, item, now)
        journal.append(
            (
                *("item", fact.item, item.version, item.version, own, made.type, item.patient),
                *(now, now, cause, cause, "system", value),
            )
        )
        outbox.append((self._output, item.patient, value, json.dumps(headers).encode(), now))

    async def _write(
        self, connection: Any, items: dict[str, Item], journal: list[Any], outbox: list[Any], now: datetime
    ) -> None:
        rows = [
            (key, item.patient, item.version, item.version, item.status, json.dumps(item.body))
            for key, item in sorted(items.items())
        ]
        await connection.execute(UPSERT, *(list(column) for column in zip(*rows, strict=True)), now)
        await connection.copy_records_to_table("journal", records=journal, columns=JOURNAL)
        await connection.copy_records_to_table("outbox", records=outbox, columns=OUTBOX)


def headers_of(
    wire_type: str, own: str, cause: str, item_id: str, item: Item, now: datetime
) -> dict[str, str]:
    """CloudEvents, as the input has them."""
    at = now.isoformat()
    return {
        "ce_specversion": "1.0",
        "ce_id": own,
        "ce_type": wire_type,
        "ce_source": "bench",
        "ce_time": at,
        "ce_recordedtime": at,
        "ce_subject": item_id,
        "ce_aggregatetype": "item",
        "ce_sequence": str(item.version),
        "ce_patientid": item.patient,
        "ce_correlationid": cause,
        "ce_causationid": cause,
        "ce_actorkind": "system",
        "content-type": "application/json",
    }
