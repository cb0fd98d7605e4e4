"""What each operation promises, made exact: its problems, its headers, an example, and what every field means."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from backbone.http.problems import MEDIA_TYPE

JSON = "application/json"
Operation = dict[str, Any]
Schemas = dict[str, Any]
Meaning = Callable[[str, str], str | None]
"""Of a field: the model's name, the field's."""

PROBLEMS: Mapping[int, str] = {
    400: "Can't be read: a header, a parameter or a cursor",
    401: "No or no valid token",
    403: "Not permitted",
    404: "Not found",
    409: "Not possible now; `instead` says what is",
    412: "Another version stands",
    413: "Too large",
    422: "Not valid; every field is listed",
    428: "Say which version you saw",
    429: "Too much of yours at once",
    503: "Try again",
}
"""The problems that routes can answer with."""
ALWAYS = {400, 503}
OF_PEOPLE = {401, 403, 404, 429}
"""Where somebody asks."""
OF_CHANGES = {409, 412, 422}
OF_BODIES = {413, 422}
OF_SIGNED = {403}
"""Where no token is asked for, what changes something is signed."""
SAID = {"if-match", "idempotency-key"}
"""Headers of requests that change something."""


def problem_responses() -> dict[str, Any]:
    """`components/responses`: one of each problem."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {name_of(code): {"description": text, "content": content} for code, text in PROBLEMS.items()}


def name_of(code: int) -> str:
    return "Problem" + HTTPStatus(code).phrase.replace(" ", "")


def promise(method: str, operation: Operation, is_public: bool, is_versioned: bool, example: Any) -> None:
    """Its problems in place of all there are, the version where it must be said, an example of its body."""
    takes = [each for each in operation.pop("parameters", ()) if method != "get" or each["name"] not in SAID]
    for each in takes:
        if each["name"] == "if-match":
            each["required"] = is_versioned
    if takes:
        operation["parameters"] = takes
    changes, has_body = any(each["name"] in SAID for each in takes), "requestBody" in operation
    is_asked = any(each["in"] == "query" or has_form(each) for each in takes)
    may = (
        (True, ALWAYS),
        (not is_public, OF_PEOPLE),
        (is_public and method == "post", OF_SIGNED),
        (changes, OF_CHANGES),
        (has_body, OF_BODIES),
        (is_asked, {422}),
        (is_versioned, {428}),
    )
    codes = sorted(set[int]().union(*(some for holds, some in may if holds)))
    good = {code: answer for code, answer in operation["responses"].items() if code.startswith("2")}
    refused = {str(code): {"$ref": f"#/components/responses/{name_of(code)}"} for code in codes}
    operation["responses"] = good | refused
    if example is not None:
        operation["requestBody"]["content"][JSON]["example"] = example


def has_form(parameter: Mapping[str, Any]) -> bool:
    """Of a path: an id is any text, and where it names nothing, that is told (404)."""
    return parameter["in"] == "path" and not parameter["schema"].keys() <= {"type", "title"}


def explain(schemas: Schemas, meaning: Meaning) -> None:
    """Every field has a title; one that does not say what it means gets the words of the glossary."""
    for name, schema in schemas.items():
        for field, shape in schema.get("properties", {}).items():
            shape.setdefault("title", field.replace("_", " ").capitalize())
            if "description" not in shape and (words := meaning(name, field)):
                shape["description"] = words
