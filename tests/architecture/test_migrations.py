"""Migrations of a service can be run one after another: none makes what an earlier one has made."""

import re
import tomllib
from collections import Counter
from pathlib import Path

import services
from backbone.store.migrations import BACKBONE, RELEASE, runs, runs_with_of
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
