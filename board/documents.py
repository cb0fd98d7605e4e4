"""What forms need of the services' OpenAPI documents: each operation's address and the schema of its body."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

import schemas
from backbone.http.problems import not_found

PUBLISHED = Path(schemas.__file__).parent / "contracts" / "openapi"
JSON = "application/json"
REF = "#/components/schemas/"
READS = {"get", "head"}
KNOWN_AGAIN = {"cache-control": "private, no-cache"}
"""The browser keeps it and asks whether it is still that."""


def for_forms(document: Mapping[str, Any]) -> dict[str, Any]:
    """`operations` that change something, by id, and the `schemas` of their bodies."""
    found = {operation["operationId"]: shown(*at) for at in changes(document) for operation in [at[2]]}
    parts = document["components"]["schemas"]
    wanted = set(used(list(found.values()), parts))
    return {"operations": found, "schemas": {name: parts[name] for name in sorted(wanted)}}


def changes(document: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Method, path, operation."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method not in READS and operation.get("security") != []:
                yield method, path, operation


def shown(method: str, path: str, operation: Mapping[str, Any]) -> dict[str, Any]:
    asked = operation.get("requestBody")
    body = asked and asked["content"][JSON]["schema"]
    told = {"body": body, "optional": not asked.get("required", False)} if asked else {}
    return {"method": method.upper(), "path": path, **told}


def used(node: Any, parts: Mapping[str, Any]) -> Iterator[str]:
    """Names of the schemas that are referred to, and of those that they refer to."""
    if isinstance(node, dict):
        if str(node.get("$ref", "")).startswith(REF):
            name = node["$ref"].removeprefix(REF)
            yield name
            yield from used(parts[name], parts)
        node = list(node.values())
    if isinstance(node, list):
        for each in node:
            yield from used(each, parts)


@cache
def published(folder: Path = PUBLISHED) -> Mapping[str, bytes]:
    """What forms need, by the name of a service: read once."""
    return {
        file.stem: json.dumps(for_forms(json.loads(file.read_text())), separators=(",", ":")).encode()
        for file in sorted(folder.glob("*.json"))
    }


async def read_document(request: Request, service: str) -> Response:
    """Raises Problem 404."""
    return known_again(request, published().get(service))


def known_again(request: Request, content: bytes | None) -> Response:
    """304 for who has it already. Raises Problem 404."""
    if content is None:
        raise not_found("document")
    etag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
    headers = {"etag": etag, **KNOWN_AGAIN}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=JSON, headers=headers)


def documents() -> APIRouter:
    """For whoever is signed in: the application says how."""
    published()
    router = APIRouter()
    router.add_api_route("/board/openapi/{service}.json", read_document, methods=["GET"])
    return router
