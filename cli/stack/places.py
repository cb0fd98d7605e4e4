"""Where the local stack keeps its files (`HUDDLE_HOME`, or `.huddle` in the project), and whose its database is."""

import os
import tempfile
from hashlib import sha256
from pathlib import Path

from cli.stack.errors import StackError

PROJECT = Path(__file__).parent.parent.parent
SUPERUSER = "huddle"
"""Of the local PostgreSQL."""


def home() -> Path:
    """The folder of everything that the stack writes."""
    return Path(os.environ.get("HUDDLE_HOME") or PROJECT / ".huddle").resolve()


def cache() -> Path:
    """What was downloaded; shared by the stack, the tests and the benchmarks."""
    return home() / "cache"


def as_root() -> bool:
    return os.geteuid() == 0


def reachable_by_all(path: Path) -> bool:
    """May every user walk down to the path? Folders that don't exist yet count as reachable."""
    return all(step.stat().st_mode & 0o001 for step in (path, *path.parents) if step.exists())


def for_other_users(wanted: Path) -> Path:
    """`wanted`; a substitute in the temporary folder where others can't reach it (a project below /root).

    Raises StackError when somebody else owns that folder.
    """
    if not as_root() or reachable_by_all(wanted.resolve()):
        return wanted
    substitute = (
        Path(tempfile.gettempdir()) / f"huddle-{sha256(str(wanted.resolve()).encode()).hexdigest()[:12]}"
    )
    substitute.mkdir(mode=0o755, exist_ok=True)
    if substitute.is_symlink() or substitute.stat().st_uid != 0:
        raise StackError(
            f"{substitute} belongs to somebody else: set HUDDLE_HOME to a folder that all can reach."
        )
    return substitute
