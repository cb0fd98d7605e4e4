"""What the fields of requests mean, by their names, and an example of each request: the words of the OpenAPI documents.

A field that says for itself what it means keeps its own words. `fields.toml`: a name, or `<Model>.<name>` where one
name means two things. `examples/requests/<service>.json`: a body by operation id.
"""

import json
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
REQUESTS = FOLDER / "examples" / "requests"


@cache
def meanings() -> Mapping[str, str]:
    found: Mapping[str, str] = tomllib.loads((FOLDER / "fields.toml").read_text())
    return found


@cache
def bodies(service: str) -> Mapping[str, Any]:
    """An example of each operation's body; none for a service that publishes none."""
    file = REQUESTS / f"{service}.json"
    return json.loads(file.read_text()) if file.exists() else {}


def meaning(model: str, name: str) -> str | None:
    """`model`: the schema's name, without what FastAPI puts before names that it finds twice."""
    known = meanings()
    return known.get(f"{model.rpartition('__')[2]}.{name}") or known.get(name)
