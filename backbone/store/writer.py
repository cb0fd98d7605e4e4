"""Writing a run: births and facts by COPY, changed states by one UPDATE for each kind."""

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any

import asyncpg

from backbone.errors import Conflict
from backbone.store.rows import (
    ContentRow,
    DeferredRow,
    EffectRow,
    JournalRow,
    OutboxRow,
    RefusalRow,
    StateRow,
    TimelineRow,
    Writes,
)
from backbone.store.sealing import NOBODY, Seals, Text, content_place, sealed_outbox
from backbone.store.statements import KindStatements

Connection = Any


class Writer:
    """Writes into one open transaction."""

    def __init__(
        self, connection: Connection, statements: Mapping[str, KindStatements], seals: Seals
    ) -> None:
        self.connection = connection
        self._seals = seals
        self._statements = statements

    async def write(self, writes: Writes) -> None:
        for kind, rows in sorted(writes.births.items()):
            await self._bear(kind, rows)
        for kind, rows in writes.updates.items():
            await self._update(kind, rows)
        await self._copy("content", ContentRow._fields, await self._sealed(writes.contents))
        await self._copy("journal", JournalRow._fields, writes.journal)
        await self._copy("outbox", OutboxRow._fields, await sealed_outbox(self._seals, writes.outbox))
        await self._copy("timeline", TimelineRow._fields, writes.timeline)
        await self._copy("refusal", RefusalRow._fields, writes.refusals)
        await self._write_aliases(writes)
        await self._write_deferred(writes)
        await self._write_timers(writes)
        await self._write_effects(writes)
        if writes.live:
            await self._write_live(writes)
        if writes.outbox:
            await self.connection.execute(
                "NOTIFY outbox" if not writes.live else "NOTIFY outbox; NOTIFY live"
            )

    async def _sealed(self, contents: Sequence[ContentRow]) -> list[ContentRow]:
        texts = [Text(content_place(row.ref), row.lane_key or NOBODY, row.body) for row in contents]
        bodies = await self._seals.sealed(texts)
        return [row._replace(body=body) for row, body in zip(contents, bodies, strict=True)]

    async def _bear(self, kind: str, rows: Sequence[StateRow]) -> None:
        """In order of id: who bears the same at the same moment waits, and must not be waiting for us."""
        born = [(*row[:8], *row.columns) for row in sorted(rows, key=itemgetter(0))]
        try:
            await self._copy(kind, self._statements[kind].columns, born)
        except asyncpg.UniqueViolationError as error:
            raise Conflict(f"a {kind} was made by somebody else at the same moment") from error

    async def _update(self, kind: str, rows: Sequence[StateRow]) -> None:
        columns = zip(*(row.columns for row in rows), strict=True) if rows[0].columns else ()
        done = await self.connection.execute(
            self._statements[kind].update,
            [row.id for row in rows],
            [row.loaded_version for row in rows],
            [row.version for row in rows],
            [row.sequence for row in rows],
            [row.status for row in rows],
            [row.body for row in rows],
            [row.updated_at for row in rows],
            *(list(column) for column in columns),
        )
        if int(done.rpartition(" ")[2]) != len(rows):
            raise Conflict(f"a {kind} was changed by somebody else at the same moment")

    async def _copy(self, table: str, columns: Sequence[str], rows: Sequence[Any]) -> None:
        if rows:
            await self.connection.copy_records_to_table(table, records=rows, columns=columns)

    async def _write_aliases(self, writes: Writes) -> None:
        if writes.aliases:
            await self.connection.execute(
                "INSERT INTO alias SELECT * FROM unnest($1::text[], $2::bytea[], $3::uuid[]) ON CONFLICT DO NOTHING",
                *(list(column) for column in zip(*sorted(writes.aliases), strict=True)),
            )

    async def _write_deferred(self, writes: Writes) -> None:
        if writes.deferred_done:
            await self.connection.execute(
                "DELETE FROM deferred WHERE order_id = ANY($1::uuid[])", writes.deferred_done
            )
        await self._copy("deferred", DeferredRow._fields, writes.deferred)

    async def _write_timers(self, writes: Writes) -> None:
        if writes.timers_dropped:
            await self.connection.execute(
                """DELETE FROM timer WHERE (aggregate_kind, aggregate_id, name)
                   IN (SELECT * FROM unnest($1::text[], $2::uuid[], $3::text[]))""",
                *(list(column) for column in zip(*writes.timers_dropped, strict=True)),
            )
        if writes.timers_set:
            await self.connection.execute(
                """INSERT INTO timer
                   SELECT * FROM unnest($1::text[], $2::uuid[], $3::text[], $4::int[], $5::timestamptz[],
                                        $6::uuid[], $7::uuid[], $8::bytea[])
                   ON CONFLICT (aggregate_id, aggregate_kind, name)
                   DO UPDATE SET due = excluded.due, command = excluded.command""",
                *(list(column) for column in zip(*writes.timers_set, strict=True)),
            )

    async def _write_effects(self, writes: Writes) -> None:
        if writes.effects_dropped:
            await self.connection.execute(
                """DELETE FROM effect WHERE (aggregate_kind, aggregate_id, name)
                   IN (SELECT * FROM unnest($1::text[], $2::uuid[], $3::text[]))""",
                *(list(column) for column in zip(*writes.effects_dropped, strict=True)),
            )
        await self._copy("effect", EffectRow._fields, writes.effects_set)
        if writes.effects_set:
            await self.connection.execute("NOTIFY effect")

    async def _write_live(self, writes: Writes) -> None:
        latest = {(change.topic, change.key): change.value for change in writes.live}
        kept = [(topic, key, value) for (topic, key), value in latest.items() if value is not None]
        gone = [place for place, value in latest.items() if value is None]
        if kept:
            await self.connection.execute(
                """INSERT INTO live_row SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[])
                   ON CONFLICT (topic, key) DO UPDATE SET value = excluded.value""",
                *(list(column) for column in zip(*kept, strict=True)),
            )
        if gone:
            await self.connection.execute(
                "DELETE FROM live_row WHERE (topic, key) IN (SELECT * FROM unnest($1::text[], $2::text[]))",
                *(list(column) for column in zip(*gone, strict=True)),
            )
        await self._copy(
            "live_change",
            ("topic", "key", "value", "recorded_at"),
            [(*change, writes.outbox[0].recorded_at) for change in writes.live],
        )
