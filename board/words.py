"""The words of the board: `words.toml`, read once, and what must be in it for nobody to read a code."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("words.toml")


@cache
def words() -> Mapping[str, Any]:
    """All words, as the frame gives them to the client."""
    return tomllib.loads(FILE.read_text())
