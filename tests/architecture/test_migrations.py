"""Migrations of a service can be run one after another: none makes what an earlier one has made."""

import re
from collections import Counter
from pathlib import Path

import services
from schemas.services import NAMES

MADE = re.compile(r"CREATE (?:UNIQUE )?(?:TABLE|INDEX) (?:IF NOT EXISTS )?(\w+)", re.IGNORECASE)


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
