"""Rows that open views follow, and their changes, numbered by transaction and row: what a view reads (ADR 6)."""

from collections.abc import Sequence
from typing import NamedTuple

import asyncpg

from backbone.store.postgres import acquired

AT_ONCE = 500
LAST_ROW = 2**63 - 1


class Cursor(NamedTuple):
    """A place in the changes: transaction and row."""

    xid: int
    seq: int

    def __str__(self) -> str:
        return f"{self.xid}-{self.seq}"


def read_cursor(text: str | None) -> Cursor | None:
    """None when there is no cursor, or none of ours."""
    try:
        xid, seq = (int(part) for part in (text or "").split("-"))
    except ValueError:
        return None
    return Cursor(xid, seq) if max(xid, seq) <= LAST_ROW else None


Key = tuple[str, str]
"""Of a row: its topic, and its key there."""


class Change(NamedTuple):
    """A row that changed, as it stands now; `value` is None when it is gone."""

    cursor: Cursor
    topic: str
    key: str
    value: bytes | None

    @property
    def row(self) -> Key:
        return self.topic, self.key


class News(NamedTuple):
    """What is behind a cursor. `held`: more is committed, but a running transaction may still get in front of it."""

    changes: Sequence[Change]
    held: bool


class LiveRows:
    """Reads live rows and their changes."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def snapshot(self, topics: Sequence[str]) -> tuple[Cursor, list[tuple[Key, bytes]]]:
        """All present rows by topic and key, and the place in the changes from which to go on."""
        async with (
            acquired(self._pool) as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            # Everything below the snapshot's oldest running transaction is in the rows; what is above may be too.
            xmin = await connection.fetchval("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            rows = await connection.fetch(
                "SELECT topic, key, value FROM live_row WHERE topic = ANY($1::text[])", topics
            )
        return Cursor(xmin - 1, LAST_ROW), [((row[0], row[1]), row[2]) for row in rows]

    async def present(self, keys: Sequence[Key]) -> list[tuple[Key, bytes]]:
        """Those of the rows that are there."""
        async with acquired(self._pool) as connection:
            rows = await connection.fetch(
                """SELECT topic, key, value FROM live_row
                   JOIN unnest($1::text[], $2::text[]) AS asked (topic, key) USING (topic, key)""",
                [topic for topic, _ in keys],
                [key for _, key in keys],
            )
        return [((row[0], row[1]), row[2]) for row in rows]

    async def after(self, cursor: Cursor, topics: Sequence[str]) -> News:
        """The rows whose committed changes are behind the cursor, as far as no running transaction can precede."""
        async with acquired(self._pool) as connection:
            rows = await connection.fetch(
                """SELECT xid::text::bigint, seq, topic, key, live_row.value,
                          xid < pg_snapshot_xmin(pg_current_snapshot()) AS settled
                   FROM live_change LEFT JOIN live_row USING (topic, key)
                   WHERE topic = ANY($1::text[]) AND (xid, seq) > ($2::text::xid8, $3)
                   ORDER BY xid, seq LIMIT $4""",
                topics,
                str(cursor.xid),
                cursor.seq,
                AT_ONCE,
            )
        settled = [Change(Cursor(row[0], row[1]), row[2], row[3], row[4]) for row in rows if row[5]]
        return News(settled, held=len(settled) < len(rows))

    async def reaches_back_to(self, cursor: Cursor) -> bool:
        """Are all changes behind the cursor still there? What is pruned can't be resumed."""
        async with acquired(self._pool) as connection:
            oldest = await connection.fetchval(
                "SELECT xid::text::bigint FROM live_change ORDER BY seq LIMIT 1"
            )
            newest = await connection.fetchval("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        return oldest is not None and oldest - 1 <= cursor.xid < newest
