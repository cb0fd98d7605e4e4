"""Applies each patch to a copy of the project and runs its tests there: they must fail."""

import argparse
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

HERE = Path(__file__).parent
PROJECT = HERE.parent.parent
PATIENCE_SECONDS = 150
"""A mutant that makes its test run for ever is dead too."""


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
        survivors += verdict != "killed"
        sys.stdout.write(f"{verdict:<10} {name}\n")
        sys.stdout.flush()
    sys.stdout.write(f"{len(names) - survivors} killed, {survivors} survived\n")
    return 1 if survivors else 0


def killers() -> dict[str, str]:
    """The tests that must turn red, by patch."""
    return tomllib.loads((HERE / "killers.toml").read_text())


def judge(name: str, tests: str) -> str:
    """`killed`, or what is wrong."""
    with tempfile.TemporaryDirectory(prefix="huddle-mutant-", dir="/tmp") as folder:
        copy = Path(folder) / "project"
        copy_tracked(copy)
        applied = subprocess.run(
            ["git", "apply", str(HERE / f"{name}.patch")], cwd=copy, capture_output=True, check=False
        )
        if applied.returncode != 0:
            return "DOES NOT APPLY"
        return "killed" if is_red(copy, tests) else "SURVIVED"


def is_red(copy: Path, tests: str) -> bool:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", tests]
    env = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "PYTHONPATH": str(copy)}
    env |= {"HUDDLE_HOME": str(PROJECT / ".huddle"), "HOME": folder_of_user()}
    try:
        done = subprocess.run(
            command, cwd=copy, env=env, capture_output=True, timeout=PATIENCE_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return True
    if done.returncode not in (0, 1):
        sys.stdout.write(done.stdout.decode()[-2000:])
    return done.returncode == 1


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
