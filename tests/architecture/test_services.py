"""Every service has rooms by subject with the same file names in each: knowing one is knowing all."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.services import NAMES
from tests.support.house_rules import nodes

ROOT = Path(__file__).parent.parent.parent
SERVICES = ROOT / "services"

OF_A_SERVICE = {"__init__.py", "__main__.py", "service.py", "rules.py", "roles.py", "README.md"}
LAYERS = (
    {"service"},
    {"routes", "outside"},
    {"documents", "queries", "live"},
    {"reactions"},
    {"aggregate"},
    {"decide", "evolve"},
    {"states", "commands", "content", "facts"},
    {"rules", "roles"},
)
"""Kinds of files, each above what it may import. `outside`: handlers of effects; `live`: an open view."""
KINDS = {kind: height for height, layer in enumerate(reversed(LAYERS)) for kind in layer}
PACKAGES = {"decide", "evolve", "reactions"}
"""What may be a package, whose files are named after what they are about."""
LONGEST_ENTRY_POINT = 20


def strangers(service: Path) -> list[str]:
    """What lies where nobody would look for it, and what is missing."""
    allowed = OF_A_SERVICE | {"sql", "__pycache__"}
    rooms = [each for each in service.iterdir() if each.is_dir() and each.name not in allowed]
    lost = [each.name for each in service.iterdir() if each.is_file() and each.name not in allowed]
    for room in rooms:
        kinds = set(KINDS) - {"service", "rules", "roles"} | {"__init__", "__pycache__"}
        lost += [f"{room.name}/{each.name}" for each in room.iterdir() if each.stem not in kinds]
        lost += [f"{room.name}/{each.name}" for each in room.glob("*/") if each.name not in PACKAGES | kinds]
    wanted = OF_A_SERVICE - {"roles.py"} | {f"sql/0001_{service.name}.sql"}
    return sorted(lost) + [f"no {name}" for name in sorted(wanted) if not (service / name).is_file()]


def kind_of(parts: tuple[str, ...]) -> str | None:
    """The kind of a module of a service, by its file or its package."""
    return next((part for part in parts if part in KINDS), None)


def imported(source: str) -> Iterator[tuple[str, ...]]:
    """Modules that a file names, with what it takes from them."""
    for node in nodes(source):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from ((*node.module.split("."), each.name) for each in node.names)


def climbs(service: Path) -> list[str]:
    """Imports of a file that lies above the one that imports."""
    found = []
    for file in sorted(service.rglob("*.py")):
        own = kind_of(file.relative_to(service).with_suffix("").parts)
        for parts in imported(file.read_text()):
            other = kind_of(parts[2:]) if parts[:2] == ("services", service.name) else None
            if own and other and KINDS[other] > KINDS[own]:
                found.append(f"{file.relative_to(service)} imports {'.'.join(parts[2:])}")
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_service_has_nothing_but_rooms_with_the_same_names(name):
    assert strangers(SERVICES / name) == []


@pytest.mark.parametrize("name", NAMES)
def test_no_file_imports_one_that_lies_above_it(name):
    assert climbs(SERVICES / name) == []


@pytest.mark.parametrize("name", NAMES)
def test_an_entry_point_only_reads_settings_builds_and_runs(name):
    assert len((SERVICES / name / "__main__.py").read_text().splitlines()) <= LONGEST_ENTRY_POINT


def test_a_planted_stranger_is_found(tmp_path):
    (tmp_path / "thing" / "reacting").mkdir(parents=True)
    (tmp_path / "helpers.py").touch()
    (tmp_path / "thing" / "api.py").touch()
    assert {"helpers.py", "thing/api.py", "thing/reacting", "no service.py"} <= set(strangers(tmp_path))


def test_a_planted_climb_is_found(tmp_path):
    folder = tmp_path / "sample"
    (folder / "thing" / "decide").mkdir(parents=True)
    planted = "from services.sample.thing.routes import ROUTES\nfrom services.sample.rules import Rules\n"
    (folder / "thing" / "decide" / "opening.py").write_text(planted)
    assert climbs(folder) == ["thing/decide/opening.py imports thing.routes.ROUTES"]
