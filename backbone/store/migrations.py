"""Numbered SQL files, applied forward, once, by whoever comes first; then what the role that runs may do.

A file says which releases run with what it makes (`-- Runs with: 0.1.0 and later.`), and that is kept in the database:
so the release before knows of files that it does not have whether it may go on. Where nothing is said, it does not.

One role owns a service's schema and migrates, another runs the service: `grants.sql` says what that one may. Where
there is only one, it does both.
"""

import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote, urlsplit

import asyncpg

from backbone.errors import Fatal
from backbone.telemetry import log

BACKBONE = Path(__file__).parent / "sql"
GRANTS = Path(__file__).parent / "grants.sql"
LOCK = 7_243_117
"""Several workers start at once: one applies, the others wait."""
Applied = Mapping[str, str]
"""Checksums by name."""
RELEASE = "0.1.0"
SAYS = re.compile(r"^-- Runs with: (\d+\.\d+\.\d+) and later\.$", re.MULTILINE)
TABLE = """
-- What was applied, and the oldest release that runs with it.
CREATE TABLE IF NOT EXISTS migration (name text PRIMARY KEY, checksum text NOT NULL);
ALTER TABLE migration ADD COLUMN IF NOT EXISTS runs_with text;
"""
APPLIED = "INSERT INTO migration (name, checksum, runs_with) VALUES ($1, $2, $3)"
# By the row as JSON: the column may lack yet.
RUN_WITH = (
    "SELECT name, to_jsonb(migration) ->> 'runs_with' FROM migration WHERE name LIKE '%.sql' ORDER BY name"
)


class ChangedMigration(Fatal):
    """A file was edited after it was applied."""

    exit_code = 65


class NewerDatabase(Fatal):
    """A later release was here, and this one does not run with what it changed."""

    exit_code = 65


async def bring_up_to_date(database_url: str, migrate_url: str | None, folders: Sequence[Path]) -> list[str]:
    """Migrate as the owner of the schema. Without one: as who runs, where something is missing. The names that were
    applied now. Raises Fatal when it may not.
    """
    later = await unknown(migrate_url or database_url, folders)  # who runs may have no rights yet
    if beyond := [name for name, runs_with in later.items() if not runs(RELEASE, runs_with)]:
        raise NewerDatabase(
            f"The database was changed by a later release ({', '.join(beyond)}), with which {RELEASE} does not run. "
            "Start the release that did, or a later one."
        )
    if later:
        log.warning(
            "a later release was here; this one runs with what it changed", extra={"count": len(later)}
        )
    if migrate_url is not None:
        return await migrate(migrate_url, folders, role_of(database_url))
    try:
        return await migrate(database_url, folders) if await missing(database_url, folders) else []
    except asyncpg.InsufficientPrivilegeError as error:
        raise Fatal(
            f"The database is not as this version needs it, and {role_of(database_url)} may not change it ({error}): "
            "migrate it first as its owner (HUDDLE_MIGRATE_URL, docs/deployment.md)."
        ) from None
    except asyncpg.ReadOnlySQLTransactionError as error:
        raise Fatal(
            f"The database can't be written ({error}): it is a standby, or read-only. Name the one that takes writes."
        ) from None


async def migrate(database_url: str, folders: Sequence[Path], runs: str | None = None) -> list[str]:
    """Apply what is not applied yet, in order of folder and name, and say what the role `runs` may do. The names that
    were applied now.

    Raises ChangedMigration, Fatal.
    """
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", LOCK)
        await connection.execute(TABLE)
        applied = await applied_to(connection)
        files = pending(applied, folders)
        for file in files:
            async with connection.transaction():
                await connection.execute(file.read_text())
                await connection.execute(APPLIED, file.name, checksum(file), runs_with_of(file))
        if runs not in (None, await connection.fetchval("SELECT current_user")):
            await grant(connection, str(runs), applied, files_in(folders))
        return [file.name for file in files]
    finally:
        await connection.close()


async def missing(database_url: str, folders: Sequence[Path]) -> list[str]:
    """The names that are not applied yet, as who runs sees it. Raises ChangedMigration."""
    return [file.name for file in pending(await applied_at(database_url), folders)]


async def unknown(database_url: str, folders: Sequence[Path]) -> Mapping[str, str | None]:
    """The names that are applied and none of ours: a later release was here. Which releases run with each."""
    ours = {file.name for file in files_in(folders)}
    connection = await asyncpg.connect(database_url)
    try:
        there = await connection.fetchval("SELECT to_regclass('migration') IS NOT NULL")
        rows = await connection.fetch(RUN_WITH) if there else []
    finally:
        await connection.close()
    return {name: runs_with for name, runs_with in rows if name not in ours}


def runs_with_of(file: Path) -> str | None:
    """The oldest release that runs with what the file makes, as it says itself."""
    found = SAYS.search(file.read_text())
    return found[1] if found else None


def runs(release: str, runs_with: str | None) -> bool:
    return runs_with is not None and numbers(release) >= numbers(runs_with)


def numbers(release: str) -> tuple[int, ...]:
    return tuple(map(int, release.split(".")))


async def applied_at(database_url: str) -> Applied:
    connection = await asyncpg.connect(database_url)
    try:
        there = await connection.fetchval("SELECT to_regclass('migration') IS NOT NULL")
        return await applied_to(connection) if there else {}
    finally:
        await connection.close()


async def grant(connection: asyncpg.Connection, runs: str, applied: Applied, files: Sequence[Path]) -> None:
    """Once for each state of the schema and of `grants.sql`. Raises Fatal when nobody has made the role."""
    name = f"grants to {runs}"
    state = sha256("".join(map(checksum, [GRANTS, *files])).encode()).hexdigest()
    if applied.get(name) == state:
        return
    async with connection.transaction():
        await connection.execute("SELECT set_config('huddle.runs', $1, true)", runs)
        try:
            await connection.execute(GRANTS.read_text())
        except asyncpg.UndefinedObjectError as error:
            raise Fatal(f"{error}: make it first (CREATE ROLE … LOGIN, docs/deployment.md).") from None
        await connection.execute(
            """INSERT INTO migration (name, checksum) VALUES ($1, $2)
               ON CONFLICT (name) DO UPDATE SET checksum = excluded.checksum""",
            name,
            state,
        )


async def applied_to(connection: asyncpg.Connection) -> Applied:
    return {row[0]: row[1] for row in await connection.fetch("SELECT name, checksum FROM migration")}


def pending(applied: Applied, folders: Sequence[Path]) -> list[Path]:
    """Files that are not applied yet. Raises ChangedMigration for one that is, and was another then."""
    files = files_in(folders)
    for file in files:
        if applied.get(file.name, checksum(file)) != checksum(file):
            raise ChangedMigration(
                f"{file.name} was changed after it was applied: write a new migration instead."
            )
    return [file for file in files if file.name not in applied]


def files_in(folders: Sequence[Path]) -> list[Path]:
    return [file for folder in folders for file in sorted(folder.glob("*.sql"))]


def checksum(file: Path) -> str:
    return sha256(file.read_bytes()).hexdigest()


def role_of(database_url: str) -> str:
    return unquote(urlsplit(database_url).username or "")
