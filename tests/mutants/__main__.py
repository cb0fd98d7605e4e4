"""Applies each patch to a copy of the project and runs its tests there: they must fail."""

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import tomllib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
PROJECT = HERE.parent.parent
PATIENCE_SECONDS = 600
"""For a test that ends in seconds. One that is still running then shows nothing: its mutant counts as alive."""


@dataclass(frozen=True)
class Verdict:
    """`killed` and the test that turned red, or what is wrong."""

    word: str
    by: str = ""

    @property
    def killed(self) -> bool:
        return self.word == "killed"


def main() -> int:
    """The exit code: 0 when every mutant was killed."""
    known = killers()
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="patches by name (all, if none is named)")
    names = parser.parse_args().names or list(known)
    if unknown := set(names) - known.keys():
        parser.error(f"no patch has this name: {', '.join(sorted(unknown))}")
    survivors = 0
    for name in names:
        verdict = judge(name, known[name])
        survivors += not verdict.killed
        sys.stdout.write(f"{verdict.word:<10} {name}\n")
        sys.stdout.flush()
    sys.stdout.write(f"{len(names) - survivors} killed, {survivors} survived\n")
    return 1 if survivors else 0


def killers() -> dict[str, str]:
    """The tests that must turn red, by patch."""
    return tomllib.loads((HERE / "killers.toml").read_text())


def judge(name: str, tests: str) -> Verdict:
    with tempfile.TemporaryDirectory(prefix="huddle-mutant-", dir="/tmp") as folder:
        copy = Path(folder) / "project"
        copy_tracked(copy)
        applied = subprocess.run(
            ["git", "apply", str(HERE / f"{name}.patch")], cwd=copy, capture_output=True, check=False
        )
        if applied.returncode != 0:
            return Verdict("DOES NOT APPLY")
        try:
            red = turned_red(copy, tests)
        except TimeoutError:
            return Verdict("TIMED OUT")
        return Verdict("killed", red) if red else Verdict("SURVIVED")


def turned_red(copy: Path, tests: str, patience: float = PATIENCE_SECONDS) -> str:
    """The first test that failed, if any did. Raises TimeoutError when they don't end."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", tests]
    env = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "PYTHONPATH": str(copy)}
    env |= {"HUDDLE_HOME": str(PROJECT / ".huddle"), "HOME": folder_of_user()}
    with subprocess.Popen(
        command, cwd=copy, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
    ) as running:
        try:
            said = running.communicate(timeout=patience)[0].decode()
        except subprocess.TimeoutExpired as slow:
            raise TimeoutError(tests) from slow
        finally:
            end(running)
    if running.returncode not in (0, 1):
        sys.stdout.write(said[-2000:])
    if running.returncode != 1:
        return ""
    failed = re.search(r"^(?:FAILED|ERROR) (tests/.+?)(?: - |$)", said, re.MULTILINE)
    return failed[1] if failed else tests


def end(running: subprocess.Popen[bytes]) -> None:
    """With every broker and database that the tests had started and did not live to stop."""
    with suppress(ProcessLookupError):
        os.killpg(running.pid, signal.SIGKILL)


def folder_of_user() -> str:
    return str(Path.home())


def copy_tracked(copy: Path) -> None:
    """The files that git tracks, as they are in the work tree."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, check=True
    ).stdout.decode()
    for name in filter(None, listed.split("\0")):
        source = PROJECT / name
        if source.is_file():
            target = copy / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)


if __name__ == "__main__":
    sys.exit(main())
