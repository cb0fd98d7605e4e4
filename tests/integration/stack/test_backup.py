"""Backup and restore of all databases with PostgreSQL's own programs, on a real server."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from backbone.store.migrations import BACKBONE, migrate
from backbone.store.undeliverable import STAMP
from cli.backup import backup, cut, restore
from cli.database import connected
from cli.stack.errors import StackError
from tests.support.databases import RUNS, Databases

WRITE = "INSERT INTO outbox (topic, key, value, headers, recorded_at) VALUES ('t', 'k', $1, '{}', now())"
ALL = "SELECT convert_from(value, 'UTF8')::int FROM outbox"
CUTS = 12


@pytest.fixture
async def urls(databases: Databases) -> Mapping[str, str]:
    return {name: await databases.new("backed_up") for name in ("teller", "reader")}


async def execute(url: str, statement: str, *arguments: Any) -> list[Any]:
    async with connected(url) as connection:
        return list(await connection.fetch(statement, *arguments))


async def test_what_is_restored_is_what_was_there(urls, tmp_path: Path):
    folder = tmp_path / "backup"
    await execute(urls["teller"], WRITE, b"1")
    sizes = await backup(urls, folder)
    assert sizes.keys() == urls.keys() and min(sizes.values()) > 1_000
    assert all(file.stat().st_mode & 0o077 == 0 for file in folder.glob("*.dump")), "patients' data"
    await execute(urls["teller"], "DELETE FROM outbox")
    await execute(urls["teller"], "CREATE TABLE newer ()")
    await execute(urls["reader"], WRITE, b"7")
    await restore(urls, folder, ["teller"])
    assert [row[0] for row in await execute(urls["teller"], ALL)] == [1]
    assert (await execute(urls["teller"], "SELECT to_regclass('newer')"))[0][0] is None
    assert [row[0] for row in await execute(urls["reader"], ALL)] == [7], "nobody asked for it"


async def test_who_runs_may_what_it_may_again(urls, tmp_path: Path):
    folder = tmp_path / "backup"
    await backup(urls, folder)
    await restore(urls, folder, list(urls))
    await migrate(urls["teller"], [BACKBONE], RUNS)
    runs = Databases.as_who_runs(urls["teller"])
    await execute(runs, WRITE, b"1")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await execute(runs, "DELETE FROM journal")


async def test_nothing_is_changed_while_somebody_works_or_a_file_is_not_whole(urls, tmp_path: Path):
    folder = tmp_path / "backup"
    await backup(urls, folder)
    await execute(urls["teller"], WRITE, b"1")
    async with connected(urls["reader"]):
        with pytest.raises(StackError, match="1 sessions work with the database of reader"):
            await restore(urls, folder, list(urls))
    (folder / "reader.dump").write_bytes(b"cut off")
    with pytest.raises(StackError, match=r"reader.dump is not as it was written"):
        await restore(urls, folder, list(urls))
    assert [row[0] for row in await execute(urls["teller"], ALL)] == [1]
    with pytest.raises(StackError, match="There is a backup"):
        await backup(urls, folder)


async def tell(urls: Mapping[str, str]) -> None:
    """For ever: decided by the one, stamped as its relay does, then handled by the other."""
    async with connected(urls["teller"]) as teller, connected(urls["reader"]) as reader:
        number = 0
        while True:
            number += 1
            await teller.execute(WRITE, str(number).encode())
            await teller.execute("UPDATE outbox SET batch = NULL")
            await teller.fetch(STAMP, 0, 1_000, number)
            await reader.execute(WRITE, str(number).encode())


async def last_in(url: str, snapshot: str) -> int:
    async with connected(url) as connection, connection.transaction(isolation="repeatable_read"):
        await connection.execute(f"SET TRANSACTION SNAPSHOT '{snapshot}'")
        return max([row[0] for row in await connection.fetch(ALL)], default=0)


async def test_nobody_knows_in_a_backup_what_its_teller_does_not(urls):
    telling = asyncio.ensure_future(tell(urls))
    told = 0
    for _ in range(CUTS):
        async with cut(urls) as snapshots:
            heard, told = [await last_in(urls[name], snapshots[name]) for name in ("reader", "teller")]
            assert heard <= told
    telling.cancel()
    with suppress(asyncio.CancelledError):
        await telling
    assert told > CUTS
