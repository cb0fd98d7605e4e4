"""Numbered SQL files on a real server, with several workers starting at once."""

import asyncio
from functools import partial
from pathlib import Path

import asyncpg
import pytest

from backbone.errors import Fatal
from backbone.process import patiently
from backbone.store.migrations import (
    RELEASE,
    ChangedMigration,
    NewerDatabase,
    bring_up_to_date,
    checksum,
    migrate,
)


@pytest.fixture
async def url(postgres, unique) -> str:
    name = unique.replace("-", "_")
    connection = await asyncpg.connect(postgres.url())
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
    return postgres.url(name)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    # Slow on purpose: the second worker comes while the first is at it.
    (tmp_path / "0001_one.sql").write_text("CREATE TABLE one (id int); SELECT pg_sleep(0.2)")
    (tmp_path / "0002_two.sql").write_text("ALTER TABLE one ADD two int")
    return tmp_path


async def columns(url: str) -> list[str]:
    connection = await asyncpg.connect(url)
    rows = await connection.fetch(
        "SELECT attname FROM pg_attribute WHERE attrelid = 'one'::regclass AND attnum > 0"
    )
    await connection.close()
    return [row[0] for row in rows]


async def test_of_several_workers_that_start_at_once_one_applies_each_file(url, folder):
    applied = await asyncio.gather(*(migrate(url, [folder]) for _ in range(4)))
    assert sorted(applied, key=len) == [[], [], [], ["0001_one.sql", "0002_two.sql"]]
    assert await columns(url) == ["id", "two"]


async def test_a_later_file_is_applied_to_what_is_there(url, folder):
    await migrate(url, [folder])
    (folder / "0003_three.sql").write_text("ALTER TABLE one ADD three int")
    assert await migrate(url, [folder]) == ["0003_three.sql"]


async def test_an_edited_file_ends_the_process_with_a_sentence(url, folder):
    await migrate(url, [folder])
    (folder / "0001_one.sql").write_text("CREATE TABLE one (id bigint)")
    with pytest.raises(ChangedMigration, match=r"0001_one\.sql was changed after it was applied") as ended:
        await migrate(url, [folder])
    assert ended.value.exit_code == 65


async def test_an_older_release_ends_with_a_sentence_and_changes_nothing(url, folder, tmp_path):
    await migrate(url, [folder])
    (folder / "0002_two.sql").unlink()
    (folder / "0000_older.sql").write_text("ALTER TABLE one ADD three int")
    with pytest.raises(NewerDatabase, match=r"later release \(0002_two\.sql\)") as ended:
        await bring_up_to_date(url, None, [folder])
    assert ended.value.exit_code == 65
    assert await columns(url) == ["id", "two"]


@pytest.mark.parametrize("by_owner", [True, False])
async def test_the_release_before_runs_with_what_the_later_one_says_that_it_does(
    url, folder, by_owner, caplog
):
    later = folder / "0003_three.sql"
    later.write_text(f"-- Room for more.\n-- Runs with: {RELEASE} and later.\nALTER TABLE one ADD three int")
    await migrate(url, [folder])
    later.unlink()
    assert await bring_up_to_date(url, url if by_owner else None, [folder]) == []
    assert "a later release was here" in caplog.text
    assert await columns(url) == ["id", "two", "three"]


async def test_beyond_one_release_nobody_goes_back(url, folder):
    (folder / "0003_three.sql").write_text(
        f"-- Runs with: {RELEASE} and later.\nALTER TABLE one ADD three int"
    )
    (folder / "0004_four.sql").write_text("-- Runs with: 99.0.0 and later.\nALTER TABLE one DROP two")
    await migrate(url, [folder])
    for name in ("0003_three.sql", "0004_four.sql"):
        (folder / name).unlink()
    with pytest.raises(NewerDatabase, match=r"later release \(0004_four\.sql\), with which"):
        await bring_up_to_date(url, None, [folder])


async def test_a_database_of_before_releases_were_kept_is_brought_up_to_date(url, folder):
    connection = await asyncpg.connect(url)
    await connection.execute("CREATE TABLE migration (name text PRIMARY KEY, checksum text NOT NULL)")
    await connection.execute("CREATE TABLE one (id int)")
    await connection.execute(
        "INSERT INTO migration VALUES ($1, $2)", "0001_one.sql", checksum(folder / "0001_one.sql")
    )
    await connection.close()
    assert await bring_up_to_date(url, None, [folder]) == ["0002_two.sql"]
    assert await columns(url) == ["id", "two"]


async def test_a_database_that_takes_no_writes_ends_the_process_with_a_sentence(url, folder):
    connection = await asyncpg.connect(url)
    name = await connection.fetchval("SELECT current_database()")
    await connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    await connection.close()
    with pytest.raises(Fatal, match="Name the one that takes writes"):
        await patiently(partial(bring_up_to_date, url, None, [folder]))


async def test_a_file_that_fails_leaves_nothing_behind(url, folder):
    (folder / "0003_three.sql").write_text("CREATE TABLE three (id int); SELECT 1 / 0")
    with pytest.raises(asyncpg.DivisionByZeroError):
        await migrate(url, [folder])
    (folder / "0003_three.sql").write_text("CREATE TABLE three (id int)")
    assert await migrate(url, [folder]) == ["0003_three.sql"]
