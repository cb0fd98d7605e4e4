"""Which operations of a service pass the front door: those for people, at their own address, with their own method."""

import json
from pathlib import Path

import pytest

from backbone.http.problems import Problem
from board.passed import check_passed, passed_of, read_passed

DOCUMENT = {
    "paths": {
        "/visits/{id}": {"get": {"tags": ["visits"]}, "post": {"tags": ["visits"]}, "trace": {}},
        "/visits/today": {"get": {}},
        "/alive": {"get": {"security": []}},
        "/dead-letters": {"post": {"tags": ["operations"]}},
    }
}
PASSED = {"scheduling": passed_of(DOCUMENT)}


def refused(method: str, path: str, service: str = "scheduling") -> tuple[int, str]:
    with pytest.raises(Problem) as found:
        check_passed(PASSED, service, method, path)
    return found.value.status, dict(found.value.headers or {}).get("allow", "")


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/visits/17"), ("POST", "/visits/17"), ("GET", "/visits/today")]
)
def test_what_is_published_for_people_passes(method: str, path: str) -> None:
    check_passed(PASSED, "scheduling", method, path)


@pytest.mark.parametrize("path", ["/alive", "/dead-letters", "/visits", "/visits/1/2", "/Visits/1", "", "/"])
def test_what_is_open_to_all_or_for_machines_or_not_there_is_not_found(path: str) -> None:
    assert refused("GET", path)[0] == 404


@pytest.mark.parametrize(
    "path", ["/visits/..", "/visits/%2e", "//visits/1", "/visits/1/", "/visits/a b", "/visits/ä"]
)
def test_no_path_is_read_in_two_ways(path: str) -> None:
    assert refused("GET", path)[0] == 404


def test_another_method_is_told_which_pass() -> None:
    assert refused("DELETE", "/visits/17") == (405, "GET, POST")
    assert refused("TRACE", "/visits/17") == (405, "GET, POST")


def test_a_service_that_is_none_has_nothing() -> None:
    assert refused("GET", "/visits/17", "archive")[0] == 404


def test_the_documents_are_read_by_the_names_of_the_services(tmp_path: Path) -> None:
    (tmp_path / "scheduling.json").write_text(json.dumps(DOCUMENT))
    assert read_passed(("scheduling",), tmp_path) == PASSED
