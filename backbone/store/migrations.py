"""Numbered SQL files, applied forward, once, by whoever comes first."""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import asyncpg

from backbone.errors import Fatal

BACKBONE = Path(__file__).parent / "sql"
LOCK = 7_243_117
"""Several workers start at once: one applies, the others wait."""


class ChangedMigration(Fatal):
    """A file was edited after it was applied."""

    exit_code = 65


async def migrate(database_url: str, folders: Sequence[Path]) -> list[str]:
    """Apply what is not applied yet, in order of folder and name. The names that were applied now.

    Raises ChangedMigration.
    """
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", LOCK)
        await connection.execute(
            "CREATE TABLE IF NOT EXISTS migration (name text PRIMARY KEY, checksum text NOT NULL)"
        )
        known = {row[0]: row[1] for row in await connection.fetch("SELECT name, checksum FROM migration")}
        files = [file for folder in folders for file in sorted(folder.glob("*.sql"))]
        return [file.name for file in files if await _apply(connection, file, known.get(file.name))]
    finally:
        await connection.close()


async def _apply(connection: asyncpg.Connection, file: Path, known: str | None) -> bool:
    text = file.read_text()
    checksum = sha256(text.encode()).hexdigest()
    if known == checksum:
        return False
    if known is not None:
        raise ChangedMigration(
            f"{file.name} was changed after it was applied: write a new migration instead."
        )
    async with connection.transaction():
        await connection.execute(text)
        await connection.execute("INSERT INTO migration VALUES ($1, $2)", file.name, checksum)
    return True
