"""`python -m schemas`: writes the contracts anew into `schemas/contracts`."""

import json
import shutil
import sys
from pathlib import Path

from schemas.documents import documents

FOLDER = Path(__file__).parent / "contracts"


def main() -> None:
    """The whole folder, so that what is gone from the code is gone from it too."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    made = documents()
    for name, document in made.items():
        file = FOLDER / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n")
    sys.stdout.write(f"{len(made)} documents written to schemas/contracts.\n")


if __name__ == "__main__":
    main()
