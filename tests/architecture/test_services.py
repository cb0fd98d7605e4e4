"""Every service has the same files with the same names: knowing one is knowing all."""

from pathlib import Path

import pytest

SERVICES = Path(__file__).parent.parent.parent / "services"
NAMES = sorted(folder.name for folder in SERVICES.iterdir() if (folder / "__init__.py").exists())
FILES = (
    "__main__.py",
    "service.py",
    "reactions.py",
    "api.py",
    "queries.py",
    "README.md",
    "domain/facts.py",
    "domain/rules.py",
    "sql/0001_{}.sql",
)
OF_AN_AGGREGATE = ("aggregate.py", "states.py")
LONGEST_ENTRY_POINT = 20


def missing(service: Path) -> list[str]:
    """The files that a service lacks, those of its aggregates included."""
    wanted = [service / name.format(service.name) for name in FILES]
    aggregates = [folder for folder in (service / "domain").glob("*/") if (folder / "__init__.py").exists()]
    wanted += [folder / name for folder in aggregates for name in OF_AN_AGGREGATE]
    return [str(file.relative_to(service)) for file in wanted if not file.is_file()]


def test_there_are_services_to_look_at():
    assert {"referral", "worklist"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_service_has_the_files_that_every_service_has(name):
    assert missing(SERVICES / name) == []


@pytest.mark.parametrize("name", NAMES)
def test_an_entry_point_only_reads_settings_builds_and_runs(name):
    assert len((SERVICES / name / "__main__.py").read_text().splitlines()) <= LONGEST_ENTRY_POINT


def test_a_planted_service_without_its_files_is_found(tmp_path):
    (tmp_path / "domain" / "thing").mkdir(parents=True)
    (tmp_path / "domain" / "thing" / "__init__.py").touch()
    assert {"service.py", "README.md", "domain/thing/states.py"} <= set(missing(tmp_path))
