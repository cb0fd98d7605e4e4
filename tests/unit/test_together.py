"""Two processes that do what was collected once: each does its part, and what fails in either is told."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
CONFTEST = """
import os
from tests.support.together import Together

FIRST = os.getpid()

def pytest_configure(config):
    config.pluginmanager.register(Together(set()))
"""
WAITS = """
import os, pathlib, time
HERE = pathlib.Path(__file__)

def test_the_other_file_is_begun_meanwhile():
    HERE.with_suffix(".begun").touch()
    end = time.monotonic() + 60
    while len([*HERE.parent.glob("*.begun")]) < 2:
        assert time.monotonic() < end
        time.sleep(0.01)

def test_last():
    import conftest
    is_first = os.getpid() == conftest.FIRST
"""


def run(folder: Path, last: str) -> tuple[int, str]:
    """Two files, whose last tests end with this line."""
    (folder / "conftest.py").write_text(CONFTEST)
    for name in ("test_one.py", "test_other.py"):
        (folder / name).write_text(f"{WAITS}    {last}\n")
    without = (
        f"-pno:{plugin}" for plugin in ("cacheprovider", "xdist", "asyncio", "anyio", "hypothesispytest")
    )
    command = [sys.executable, "-m", "pytest", "-q", *without, str(folder)]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_ADDOPTS": ""}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


@pytest.mark.parametrize(
    ("last", "failed", "more"),
    [("", 0, 2), ("assert is_first", 1, 1), ("assert not is_first", 1, 2)],
)
def test_what_fails_in_either_is_told_and_what_passes_is_counted(
    tmp_path: Path, last: str, failed: int, more: int
) -> None:
    code, said = run(tmp_path, last)
    assert (code, said.count("FAILED ")) == (int(failed > 0), failed), said
    assert f"{more} more passed in the second process" in said


def test_a_second_process_that_ends_early_is_a_failure(tmp_path: Path) -> None:
    code, said = run(tmp_path, "if not is_first: os._exit(0)")
    assert code == 1 and "the second process ended before it told anything" in said
