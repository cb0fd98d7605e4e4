"""The closed list of what the front door passes on: the operations for people that the services publish."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from backbone.http.problems import Problem, not_found

PUBLISHED = Path(__file__).parent.parent / "schemas" / "contracts" / "openapi"
NOT_FOR_PEOPLE = frozenset({"probes", "session", "operations", "development"})
"""Tags of what machines and those who operate the system use."""
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
PLAIN = re.compile(r"(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+", re.ASCII)
"""Paths as our services have them: nothing is escaped, no segment is empty or begins with a dot."""
PARAMETER = re.compile(r"\\\{\w+\\\}")


class Operation(NamedTuple):
    """One path of a service, and the methods that are passed on."""

    path: re.Pattern[str]
    methods: frozenset[str]


Passed = Mapping[str, tuple[Operation, ...]]


@cache
def read_passed(names: tuple[str, ...], folder: Path = PUBLISHED) -> Passed:
    """By service, from the published documents."""
    return {name: passed_of(msgspec.json.decode((folder / f"{name}.json").read_bytes())) for name in names}


def passed_of(document: Mapping[str, Any]) -> tuple[Operation, ...]:
    """What of a document is for people who are signed in."""
    return tuple(
        Operation(re.compile(PARAMETER.sub("[^/]+", re.escape(path))), frozenset(methods))
        for path, operations in document["paths"].items()
        if (methods := list(for_people(operations)))
    )


def for_people(operations: Mapping[str, Any]) -> Iterator[str]:
    """Methods that take a token and are no machine's."""
    for method, operation in operations.items():
        is_open = operation.get("security") == []
        if method.upper() in METHODS and not is_open and not NOT_FOR_PEOPLE & set(operation.get("tags", ())):
            yield method.upper()


def check_passed(passed: Passed, service: str, method: str, path: str) -> None:
    """Raises Problem 404 for what is not on the list, 405 where it is there for other methods."""
    if not PLAIN.fullmatch(path):
        raise not_found("thing")
    found = [operation for operation in passed.get(service, ()) if operation.path.fullmatch(path)]
    allowed = frozenset[str]().union(*(operation.methods for operation in found))
    if not allowed:
        raise not_found("thing")
    if method not in allowed:
        headers = {"allow": ", ".join(sorted(allowed))}
        raise Problem(405, "method-not-allowed", f"This takes {headers['allow']}.", headers=headers)
