"""All databases as they were at one moment, in a folder; and back again. docs/adr/0028 says why they fit together."""

import asyncio
import json
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from backbone.clock import WallClock
from cli.database import connected
from cli.stack.errors import StackError
from cli.stack.programs import run

ABOUT = "backup.json"
LOCK_PATIENCE = "10s"

# Nothing of the old state may stay: what is newer than the backup would be in the way of what is in it.
EMPTY = """
DROP SCHEMA public CASCADE; CREATE SCHEMA public
"""

# Who runs the service may be another role than then: its rights are said anew by whoever migrates next.
FORGET_GRANTS = "DELETE FROM migration WHERE name LIKE 'grants to %'"

OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


@asynccontextmanager
async def cut(urls: Mapping[str, str]) -> AsyncIterator[Mapping[str, str]]:
    """A snapshot of each database, which holds as long as the block.

    No relay begins a batch while they are taken. So whatever a service has handled in its snapshot, its teller has told
    in its own: nothing was received that was not sent. What was sent and not received, the teller's journal has.
    """
    async with AsyncExitStack() as kept:
        snapshots: dict[str, str] = {}
        async with AsyncExitStack() as held:
            for url in urls.values():
                relay = await held.enter_async_context(opened(url, "read_committed"))
                await relay.execute(
                    f"SET LOCAL lock_timeout = '{LOCK_PATIENCE}'; LOCK TABLE relay_batch IN SHARE MODE"
                )
            for name, url in urls.items():
                reader = await kept.enter_async_context(opened(url, "repeatable_read"))
                snapshots[name] = await reader.fetchval("SELECT pg_export_snapshot()")
        yield snapshots


@asynccontextmanager
async def opened(url: str, isolation: str) -> AsyncIterator[Any]:
    """A transaction of a connection of its own."""
    async with connected(url) as connection, connection.transaction(isolation=isolation):
        yield connection


async def backup(urls: Mapping[str, str], folder: Path) -> Mapping[str, int]:
    """A file for each service, and what they are. The bytes of each. Raises StackError, also where one is there."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if (folder / ABOUT).exists():
        raise StackError(f"There is a backup in {folder}: name another folder.")
    async with cut(urls) as snapshots:
        at = WallClock().now()
        for name, url in urls.items():
            file = folder / f"{name}.dump"
            file.touch(mode=0o600)
            options = ["--format=custom", "--no-owner", f"--snapshot={snapshots[name]}", f"--file={file}"]
            await asyncio.to_thread(run, "pg_dump", url, options)
    sums = {name: checksum(folder / f"{name}.dump") for name in urls}
    (folder / ABOUT).write_text(json.dumps({"at": at.isoformat(), "sha256": sums}, indent=2))
    return {name: (folder / f"{name}.dump").stat().st_size for name in urls}


async def restore(urls: Mapping[str, str], folder: Path, services: Collection[str]) -> datetime:
    """These databases as the backup has them, and when that was. Raises StackError before it changes anything where the
    backup is not whole, or somebody works with one of them."""
    try:
        about = json.loads((folder / ABOUT).read_text())
    except OSError:
        raise StackError(f"{folder} holds no backup that was finished: there is no {ABOUT}.") from None
    for name in services:
        if checksum(folder / f"{name}.dump") != about["sha256"].get(name):
            raise StackError(f"{folder / name}.dump is not as it was written.")
        if others := await sessions(urls[name]):
            raise StackError(f"{others} sessions work with the database of {name}: stop the service first.")
    for name in services:
        await restore_one(urls[name], folder / f"{name}.dump")
    return datetime.fromisoformat(about["at"]).astimezone(UTC)


async def restore_one(url: str, file: Path) -> None:
    async with connected(url) as connection:
        await connection.execute(EMPTY)
    options = ["--no-owner", "--exit-on-error", "--single-transaction", str(file)]
    await asyncio.to_thread(run, "pg_restore", url, options)
    async with connected(url) as connection:
        await connection.execute(FORGET_GRANTS)


async def sessions(url: str) -> int:
    async with connected(url) as connection:
        count: int = await connection.fetchval(OTHERS)
        return count


def checksum(file: Path) -> str | None:
    """None where there is none."""
    if not file.exists():
        return None
    with file.open("rb") as opened_file:
        digest = sha256()
        while part := opened_file.read(1024 * 1024):
            digest.update(part)
    return digest.hexdigest()
