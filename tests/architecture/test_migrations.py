"""Migrations of a service can be run one after another: none makes what an earlier one has made, and together they make
the table of each aggregate with its columns."""

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

import services
from backbone.engine.generic import kinds_of
from backbone.store.migrations import BACKBONE, RELEASE, runs, runs_with_of
from backbone.store.statements import KindStatements
from cli.composition import service_of
from schemas.services import NAMES

MADE = re.compile(r"CREATE (?:UNIQUE )?(?:TABLE|INDEX) (?:IF NOT EXISTS )?(\w+)", re.IGNORECASE)


def test_the_release_is_the_one_that_the_project_states() -> None:
    project = tomllib.loads((Path(services.__file__).parent.parent / "pyproject.toml").read_text())
    assert project["project"]["version"] == RELEASE


def test_what_a_migration_says_of_releases_can_be_read_and_is_no_release_to_come() -> None:
    root = Path(services.__file__).parent
    files = [file for folder in (BACKBONE, *root.glob("*/sql")) for file in sorted(folder.glob("*.sql"))]
    saying = [file for file in files if "runs with:" in file.read_text().lower()]
    assert all(runs(RELEASE, runs_with_of(file)) for file in saying), saying


def test_no_migration_makes_what_another_has_made() -> None:
    root = Path(services.__file__).parent
    twice = []
    for name in NAMES:
        made = Counter(
            each
            for file in sorted((root / name / "sql").glob("*.sql"))
            for each in MADE.findall(file.read_text())
        )
        twice += [f"{name}: {each}" for each, times in made.items() if times > 1]
    assert not twice


TABLE = re.compile(r"CREATE TABLE (?:IF NOT EXISTS )?(\w+) \((.*?)\n\)", re.IGNORECASE | re.DOTALL)
REMARK = re.compile(r"--.*|\([^()]*\)")
ADDED = re.compile(r"ALTER TABLE (\w+) ([^;]*)", re.IGNORECASE)
COLUMN = re.compile(r"ADD COLUMN (?:IF NOT EXISTS )?(\w+)", re.IGNORECASE)


def tables(migrations: Iterable[str]) -> dict[str, set[str]]:
    """The columns of each table, when all were run."""
    found: dict[str, set[str]] = defaultdict(set)
    for text in migrations:
        for table, body in TABLE.findall(text):
            found[table] |= set(re.findall(r"(?:^|,)\s*(\w+)", REMARK.sub("", body)))
        for table, changes in ADDED.findall(text):
            found[table] |= set(COLUMN.findall(changes))
    return found


def lacking(name: str) -> list[str]:
    """Columns that the service writes and no migration makes."""
    service = service_of(name)
    folders = (BACKBONE, *service.sql)
    made = tables(file.read_text() for folder in folders for file in sorted(folder.glob("*.sql")))
    return [
        f"{name}: {kind}.{column}"
        for kind, aggregate in kinds_of(service).items()
        for column in KindStatements(aggregate).columns
        if column not in made[kind]
    ]


def test_migrations_make_the_table_of_each_aggregate() -> None:
    missing = [each for name in NAMES for each in lacking(name)]
    assert missing == [], "the next file in its sql/ makes these columns (CONTRIBUTING: a migration)"


def test_a_column_that_no_migration_makes_is_found() -> None:
    first, second = (
        "CREATE TABLE thing (\n  id uuid, version int, -- of it, and\n  body text\n);",
        "ALTER TABLE thing ADD COLUMN a text, ADD COLUMN b text;",
    )
    assert tables([first, second])["thing"] == {"id", "version", "body", "a", "b"}
    assert tables([first])["thing"] == {"id", "version", "body"} and not tables([first])["things"]
