"""`python -m tests.contract.services`: the services' OpenAPI documents, written to `schemas/contracts/openapi`.

What breaks a promise of the committed document is named and not written.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from backbone.http.contract import JSON
from schemas.__main__ import FOLDER
from schemas.documents import resolved
from tests.contract.answers import broken
from tests.support.applications import applications

PUBLISHED = FOLDER / "openapi"
Document = dict[str, Any]


@cache
def documents() -> Mapping[str, Document]:
    """As the code of this version makes them."""
    return {name: app.openapi() for name, app in applications().items()}


def operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    """Method, path, operation."""
    for path, methods in document["paths"].items():
        yield from ((method, path, operation) for method, operation in methods.items())


def said(schema: Any) -> Any:
    """Without that it may be left out."""
    return next((each for each in schema.get("anyOf", ()) if each.get("type") != "null"), schema)


def bodies(document: Document) -> Mapping[str, Any]:
    """The schema of each body by operation id, its parts where they are used."""
    parts = document["components"]["schemas"]
    return {
        operation["operationId"]: resolved(said(operation["requestBody"]["content"][JSON]["schema"]), parts)
        for _, _, operation in operations(document)
        if "requestBody" in operation
    }


def written(document: Document) -> str:
    return json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


@cache
def committed() -> Mapping[str, Document]:
    """As they stand in the repository."""
    return {file.stem: json.loads(file.read_text()) for file in sorted(PUBLISHED.glob("*.json"))}


def main() -> None:
    before = committed()
    wrong = [problem for name, made in documents().items() for problem in broken(before.get(name), made)]
    if wrong:
        sys.exit("Promises of schemas/contracts/openapi would be broken:\n  " + "\n  ".join(wrong))
    PUBLISHED.mkdir(parents=True, exist_ok=True)
    for name, document in documents().items():
        (PUBLISHED / f"{name}.json").write_text(written(document))
    sys.stdout.write(f"{len(documents())} documents written to schemas/contracts/openapi.\n")


if __name__ == "__main__":
    main()
