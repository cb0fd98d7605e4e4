"""Every answer of a service is held against its published document: its status, its kind, and the schema of its body.

What was done is noted, so that operations that no test performs can be named.
"""

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple

import httpx
import jsonschema_rs

from schemas.__main__ import FOLDER
from tests.support.performed import PERFORMED

Document = Mapping[str, Any]
KINDS = ("application/json", "application/problem+json")
"""Other kinds are text for machines, streams, and what the referrer sent."""


class Operation(NamedTuple):
    name: str
    document: Document


def held(service: str) -> Callable[[httpx.Response], Any]:
    """A hook of a client: raises AssertionError for an answer that the service's document does not promise."""

    async def hold(answer: httpx.Response) -> None:
        if operation := operation_of(service, answer.request.method, answer.request.url.path):
            await answer.aread()
            assert (wrong := unpromised(service, operation, answer)) is None, (
                f"{service} {operation.name} {answer.status_code}: {wrong}: {answer.text[:2000]}"
            )
            if answer.is_success:
                PERFORMED.add(f"{service} {operation.name}")

    return hold


def unpromised(service: str, operation: Operation, answer: httpx.Response) -> str | None:
    """What is wrong with it."""
    promise = operation.document["responses"].get(str(answer.status_code))
    if promise is None:
        return "its document knows no such status"
    promise = referred(service, promise)
    kind = answer.headers.get("content-type", "").partition(";")[0]
    if kind not in promise.get("content", {kind: {}}):
        return f"{kind} instead of {', '.join(promise['content'])}"
    if kind not in KINDS or "content" not in promise:
        return "something where nothing is promised" if answer.content and kind in KINDS else None
    return next(iter(faults(service, operation.name, answer.status_code, kind, answer.content)), None)


def faults(service: str, operation: str, status: int, kind: str, content: bytes) -> list[str]:
    validator = validator_of(service, operation, status, kind)
    value = json.loads(content)
    return (
        []
        if validator.is_valid(value)
        else [f"{each.instance_path}: {each.message}" for each in validator.iter_errors(value)]
    )


@cache
def validator_of(service: str, operation: str, status: int, kind: str) -> Any:
    """Compiled once. What it refers to is looked up in the service's schemas, which are read once for all of them."""
    promise = referred(service, by_id(service)[operation].document["responses"][str(status)])
    schema = json.dumps(promise["content"][kind]["schema"]).replace('"#/', f'"{address(service)}#/')
    return jsonschema_rs.Draft202012Validator(
        json.loads(schema), validate_formats=True, registry=schemas_of(service)
    )


def address(service: str) -> str:
    return f"urn:huddle:{service}"


@cache
def schemas_of(service: str) -> jsonschema_rs.Registry:
    schemas = published()[service]["components"]["schemas"]
    return jsonschema_rs.Registry([(address(service), {"components": {"schemas": schemas}})])


@cache
def published() -> Mapping[str, Document]:
    return {file.stem: json.loads(file.read_text()) for file in sorted((FOLDER / "openapi").glob("*.json"))}


def referred(service: str, promise: Document) -> Document:
    name = promise.get("$ref", "").rpartition("/")[2]
    found: Document = published()[service]["components"]["responses"][name] if name else promise
    return found


@cache
def by_id(service: str) -> Mapping[str, Operation]:
    return {each.name: each for _, _, each in addresses(service)}


@cache
def addresses(service: str) -> tuple[tuple[str, re.Pattern[str], Operation], ...]:
    """Method, form of the path, operation; those with fewer parts that may be anything come first."""
    found = [
        (method.upper(), path, Operation(operation["operationId"], operation))
        for path, methods in published()[service]["paths"].items()
        for method, operation in methods.items()
    ]
    found.sort(key=lambda each: each[1].count("{"))
    return tuple(
        (method, re.compile(re.sub(r"{[^}]+}", "[^/]+", path)), each) for method, path, each in found
    )


def operation_of(service: str, method: str, path: str) -> Operation | None:
    return next(
        (each for asked, form, each in addresses(service) if asked == method and form.fullmatch(path)), None
    )
