"""What forms are given of a document: what changes something, with the parts that its bodies are made of, no more."""

import json
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request

from backbone.http.problems import Problem
from board.documents import changes, documents, for_forms, known_again, published, used

PARTS = {
    "Letter": {"properties": {"to": {"$ref": "#/components/schemas/Person"}}},
    "Person": {"properties": {"name": {"type": "string"}}},
    "Answer": {"properties": {"id": {"type": "string"}}},
}


def body(name: str) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}}


def a_document(**paths: Any) -> dict[str, Any]:
    return {
        "paths": {f"/{path}": methods for path, methods in paths.items()},
        "components": {"schemas": PARTS},
    }


def asking(**headers: str) -> Request:
    told = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "headers": told})


def test_only_what_changes_something_is_there_and_nothing_that_is_open_to_anybody() -> None:
    document = a_document(
        letters={
            "get": {"operationId": "read_letter"},
            "head": {"operationId": "look_at_letter"},
            "post": {"operationId": "write_letter"},
        },
        alive={"post": {"operationId": "tell", "security": []}},
    )
    assert [(method, path) for method, path, _ in changes(document)] == [("post", "/letters")]


def test_an_operation_has_its_address_and_its_body_with_all_that_the_body_refers_to() -> None:
    document = a_document(
        letters={"put": {"operationId": "write", "requestBody": body("Letter") | {"required": True}}}
    )
    found = for_forms(document)
    assert found["operations"] == {
        "write": {
            "method": "PUT",
            "path": "/letters",
            "body": {"$ref": "#/components/schemas/Letter"},
            "optional": False,
        }
    }
    assert found["schemas"].keys() == {"Letter", "Person"}


def test_a_body_that_may_be_left_out_says_so_and_one_that_is_none_has_no_schema() -> None:
    document = a_document(
        letters={
            "post": {"operationId": "write", "requestBody": body("Person")},
            "delete": {"operationId": "drop"},
        }
    )
    operations = for_forms(document)["operations"]
    assert operations["write"]["optional"]
    assert operations["drop"] == {"method": "DELETE", "path": "/letters"}


def test_parts_are_found_wherever_they_stand() -> None:
    node = {"anyOf": [{"items": {"$ref": "#/components/schemas/Person"}}, {"type": "null"}]}
    assert list(used(node, PARTS)) == ["Person"]


def test_every_document_that_is_published_stands_by_the_name_of_its_service(tmp_path: Path) -> None:
    for name in ("letters", "visits"):
        (tmp_path / f"{name}.json").write_text(json.dumps(a_document()))
    assert json.loads(published(tmp_path)["visits"]) == {"operations": {}, "schemas": {}}
    assert published(tmp_path).keys() == {"letters", "visits"}


def test_who_has_it_already_is_told_so_without_it() -> None:
    first = known_again(asking(), b"{}")
    again = known_again(asking(if_none_match=first.headers["etag"]), b"{}")
    other = known_again(asking(if_none_match=first.headers["etag"]), b"{ }")
    assert (first.status_code, first.body, first.headers["cache-control"]) == (
        200,
        b"{}",
        "private, no-cache",
    )
    assert (again.status_code, again.body) == (304, b"")
    assert (other.status_code, other.body) == (200, b"{ }")


def test_what_there_is_not_is_not_found() -> None:
    with pytest.raises(Problem) as refused:
        known_again(asking(), None)
    assert refused.value.status == 404


def test_they_have_one_address_each() -> None:
    assert [route.path for route in documents().routes] == ["/board/openapi/{service}.json"]  # type: ignore[attr-defined]
