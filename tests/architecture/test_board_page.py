"""`docs/board.md`: each promise of the board has a test that is there, or a reason why it has none."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.hazards.collected import all_tests

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs/board.md"
TEST = re.compile(r"`([\w/]+/test_\w+\.py)(?:::(\w+))?`")
ROW = re.compile(r"^\| (?!promise \|)(.+?) \| (.*) \|$", re.MULTILINE)


def missing(page: str, known: frozenset[str]) -> Iterator[str]:
    """Of each row what is named and is not there, and rows that name nothing."""
    for promise, shown in ROW.findall(page):
        named = TEST.findall(shown)
        if not named and not shown.startswith("left, because "):
            yield f"{promise}: neither a test nor why there is none"
        for file, test in named:
            name = f"tests/{file}" + (f"::{test}" if test else "")
            if name not in known:
                yield f"{promise}: {name} does not exist"


def known_tests() -> frozenset[str]:
    """By id, and by their files."""
    found = all_tests(ROOT)
    return frozenset(found) | {name.partition("::")[0] for name in found}


def test_each_promise_has_a_test_that_is_there_or_a_reason() -> None:
    text = PAGE.read_text("utf-8")
    assert len(ROW.findall(text)) > 50
    assert [*missing(text, known_tests())] == []


def test_what_is_not_there_is_found() -> None:
    rows = (
        "promise | shown by",
        "a | `browser/test_b.py::test_c`",
        "d | somebody looked",
        "e | left, because f",
    )
    planted = "".join(f"| {row} |\n" for row in rows)
    assert [*missing(planted, frozenset())] == [
        "a: tests/browser/test_b.py::test_c does not exist",
        "d: neither a test nor why there is none",
    ]
    assert [*missing(planted, frozenset({"tests/browser/test_b.py::test_c"}))] == [
        "d: neither a test nor why there is none"
    ]
