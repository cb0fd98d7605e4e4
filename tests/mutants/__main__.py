"""Applies each patch to a copy of the project and runs its tests there: they must fail."""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
PROJECT = HERE.parent.parent
PATIENCE_SECONDS = 150
"""A mutant that makes its test run for ever is dead too."""


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
        red = turned_red(copy, tests)
        return Verdict("killed", red) if red else Verdict("SURVIVED")


def turned_red(copy: Path, tests: str) -> str:
    """The first test that failed, if any did."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", tests]
    env = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "PYTHONPATH": str(copy)}
    env |= {"HUDDLE_HOME": str(PROJECT / ".huddle"), "HOME": folder_of_user()}
    try:
        done = subprocess.run(
            command, cwd=copy, env=env, capture_output=True, timeout=PATIENCE_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return tests
    said = done.stdout.decode()
    if done.returncode not in (0, 1):
        sys.stdout.write(said[-2000:])
    if done.returncode != 1:
        return ""
    failed = re.search(r"^(?:FAILED|ERROR) (tests/.+?)(?: - |$)", said, re.MULTILINE)
    return failed[1] if failed else tests


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
