"""What a database holds from before it had keys, sealed afterwards: nothing readable is left behind."""

from collections.abc import Sequence
from typing import Any

from backbone.store.rows import Once
from backbone.store.sealing import (
    MARK,
    NOBODY,
    Seals,
    Text,
    answer_place,
    bare,
    content_place,
    parked_place,
    whose,
)

AT_ONCE = 500
Connection = Any
"""An asyncpg connection."""

CONTENT = """
SELECT ref::text, lane_key::text, body FROM content WHERE body IS NOT NULL AND substr(body, 1, 4) <> $1
ORDER BY ref LIMIT $2
"""
PARKED = """
SELECT record_id::text, key, value, error FROM parked
WHERE substr(error, 1, 4) <> $1 OR substr(value, 1, 4) <> $1 ORDER BY id LIMIT $2
"""
# Whose an answer is, was not kept; it is deleted after a week anyway.
ANSWERS = "SELECT scope, key, answer FROM idempotency WHERE substr(answer, 1, 4) <> $1 LIMIT $2"


async def seal_what_is_readable(connection: Connection, seals: Seals) -> int:
    """While the service may run. How many rows."""
    done = 0
    for some in (_contents, _parked, _answers):
        while count := await some(connection, seals):
            done += count
    for table in ("content", "parked", "idempotency"):
        await connection.execute(f"VACUUM {table}")
    return done


async def _contents(connection: Connection, seals: Seals) -> int:
    rows = await connection.fetch(CONTENT, MARK, AT_ONCE)
    bodies = await seals.sealed([Text(content_place(row[0]), row[1] or NOBODY, row[2]) for row in rows])
    update = "UPDATE content SET body = $2 WHERE ref = $1"
    await connection.executemany(update, [(row[0], body) for row, body in zip(rows, bodies, strict=True)])
    return len(rows)


async def _parked(connection: Connection, seals: Seals) -> int:
    rows = await connection.fetch(PARKED, MARK, AT_ONCE)
    for record_id, key, value, error in rows:
        texts = [Text(parked_place(record_id, "error"), whose(key), bare(error))]
        texts += (
            [Text(parked_place(record_id, "value"), whose(key), bare(value))] if value is not None else []
        )
        said, *told = await seals.sealed(texts)
        update = "UPDATE parked SET error = $2, value = $3 WHERE record_id = $1"
        await connection.execute(update, record_id, said, told[0] if told else None)
    return len(rows)


async def _answers(connection: Connection, seals: Seals) -> int:
    rows: Sequence[Any] = await connection.fetch(ANSWERS, MARK, AT_ONCE)
    texts = [Text(answer_place(Once(row[1], row[0], "")), NOBODY, row[2]) for row in rows]
    update = "UPDATE idempotency SET answer = $3 WHERE scope = $1 AND key = $2"
    bodies = await seals.sealed(texts)
    await connection.executemany(update, [(r[0], r[1], body) for r, body in zip(rows, bodies, strict=True)])
    return len(rows)
