"""What the command's exit code says."""

import os
import subprocess
import sys
from pathlib import Path

INTERRUPTED_WHILE_A_CLASS_IS_MADE = """
import sys
from cli import __main__ as entry

def app():
    try:
        exec("raise KeyboardInterrupt")  # as where a dataclass is made
    except KeyboardInterrupt:
        sys.exit(130)

entry.app = app
entry.main()
"""


def test_who_is_interrupted_while_a_class_is_made_ends_with_its_own_code(tmp_path: Path) -> None:
    (tmp_path / "interrupted.py").write_text(INTERRUPTED_WHILE_A_CLASS_IS_MADE)
    env = {**os.environ, "PYTHONPATH": str(tmp_path)}
    ended = subprocess.run([sys.executable, "-m", "interrupted"], env=env, check=False)
    assert ended.returncode == 130
