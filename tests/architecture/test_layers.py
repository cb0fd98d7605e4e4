"""Imports go one way. Each contract is seen to break on a planted import."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("schemas", "config", "backbone", "services", "cli", "simulator", "bench")
SKELETON = (
    *PACKAGES,
    *("services/referral", "services/referral/patient", "services/worklist", "services/worklist/item"),
    *(f"backbone/{room}" for room in ("http", "log", "engine", "store", "model")),
)
MODULES = tuple(
    f"backbone/{name}"
    for name in (
        *("process", "production", "tracing", "telemetry", "ids", "clock", "settings"),
        *("databases", "brokers", "hardware", "masters", "told", "errors", "tls"),
    )
)


def said_of(project: Path) -> tuple[int, str]:
    """The verdict on a project: exit code and report."""
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program, "--no-cache"], cwd=project, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def skeleton(tmp_path: Path) -> Path:
    """A project of empty packages under the contracts of this one."""
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    for package in SKELETON:
        (tmp_path / package).mkdir(parents=True, exist_ok=True)
        (tmp_path / package / "__init__.py").touch()
    for module in MODULES:
        (tmp_path / f"{module}.py").touch()
    return tmp_path


def test_imports_go_one_way():
    code, report = said_of(ROOT)
    assert code == 0, report


def test_an_empty_project_keeps_every_contract(skeleton):
    code, report = said_of(skeleton)
    assert code == 0, report


@pytest.mark.parametrize(
    ("module", "planted", "broken"),
    [
        ("backbone/x.py", "import services.referral", "One direction"),
        ("schemas/x.py", "import backbone", "One direction"),
        ("services/referral/x.py", "import cli", "One direction"),
        ("config/x.py", "import backbone", "One direction"),
        ("simulator/x.py", "import bench", "One direction"),
        ("backbone/store/x.py", "import backbone.engine", "The runtime's rooms"),
        ("backbone/engine/x.py", "import backbone.log", "The runtime's rooms"),
        ("services/referral/x.py", "import services.worklist", "No service imports another"),
        ("services/referral/patient/decide.py", "import asyncpg", "The domain is pure"),
        ("services/referral/patient/states.py", "from backbone import clock", "The domain is pure"),
        ("services/worklist/item/reactions.py", "import httpx", "The domain is pure"),
        ("schemas/x.py", "import msgspec", "Contracts are pure"),
    ],
)
def test_a_planted_import_breaks_its_contract(skeleton, module, planted, broken):
    (skeleton / module).write_text(f"{planted}\n")
    code, report = said_of(skeleton)
    assert code != 0
    assert [line for line in report.splitlines() if line.startswith(broken) and "BROKEN" in line], report
