"""`python -m schemas`: writes the contracts anew into `schemas/contracts`."""

import json
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from schemas.documents import documents

FOLDER, EXAMPLES = Path(__file__).parent / "contracts", Path(__file__).parent / "examples"


def examples() -> Mapping[str, Any]:
    """One payload of each fact and message: what is frozen with it, and what its document shows."""
    return {file.stem: json.loads(file.read_text()) for file in EXAMPLES.glob("*.json")}


def main() -> None:
    """All that is made here, so that what is gone from the code is gone from it too. `openapi` is the services'."""
    for folder in ("facts", "messages"):
        shutil.rmtree(FOLDER / folder, ignore_errors=True)
    made = documents(examples())
    for name, document in made.items():
        file = FOLDER / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n")
    sys.stdout.write(f"{len(made)} documents written to schemas/contracts.\n")


if __name__ == "__main__":
    main()
