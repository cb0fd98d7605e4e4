"""Forgets what a stack kept: its data, not its downloads. What a crash left running ends first."""

import shutil
from pathlib import Path

from cli.stack import leftovers
from cli.stack.places import for_other_users


def wipe(home: Path) -> None:
    """Remove topics, databases and logs of the stack in `home`."""
    for folder in (home, home / "kafka", for_other_users(home / "postgres"), home / "pids"):
        for file in folder.glob("*.pid"):
            leftovers.end(file)
    for folder in (home / "kafka", for_other_users(home / "postgres"), home / "logs", home / "pids"):
        shutil.rmtree(folder, ignore_errors=True)
