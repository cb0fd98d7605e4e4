"""What documents say of the code is there: every path, every link, and each decision under a number of its own."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
DECISIONS = sorted((ROOT / "docs/adr").glob("*.md"))
READMES = sorted(ROOT.glob("services/*/README.md"))
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "docs/safety").glob("*.md")),
    *DECISIONS,
    *READMES,
]
PATH = re.compile(r"`([\w.<>*/-]+/[\w.<>*/-]*|[\w-]+\.(?:py|toml|md|sql))`")
LINK = re.compile(r"]\(([\w./-]+)(?:#[^)]*)?\)")

OURS = {each.name for each in ROOT.iterdir() if each.is_dir() and not each.name.startswith(".")}
"""What else has a slash in it is a topic, a route or a unit."""


def paths(text: str) -> Iterator[str]:
    """What a document calls by path or by file name. What follows a folder in the same sentence lies anywhere in it."""
    for found in PATH.findall(text):
        if "/" not in found or found.split("/")[0] in OURS:
            yield found


def is_there(path: str) -> bool:
    """A bare file name: somewhere. Placeholders and patterns: at least once."""
    if "/" not in path:
        return (
            any(path == each.name for folder in OURS for each in (ROOT / folder).rglob(path))
            or (ROOT / path).exists()
        )
    return any(ROOT.glob(re.sub(r"<[\w-]+>", "*", path).rstrip("/")))


def untrue(document: Path) -> list[str]:
    text = document.read_text()
    wrong = [path for path in paths(text) if not is_there(path)]
    return wrong + [link for link in LINK.findall(text) if not (document.parent / link).exists()]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_it_names_is_there(document: Path) -> None:
    assert untrue(document) == []


def test_what_is_not_there_is_found(tmp_path: Path) -> None:
    planted = tmp_path / "planted.md"
    planted.write_text(
        "`backbone/log/lanes.py` `services/<name>/nowhere/` `gone_for_good.py` [more](nothing.md) `1/s`"
    )
    assert untrue(planted) == ["services/<name>/nowhere/", "gone_for_good.py", "nothing.md"]


def test_each_decision_has_a_number_of_its_own_and_says_it() -> None:
    numbers = Counter(each.name[:4] for each in DECISIONS)
    assert [number for number, times in numbers.items() if times > 1] == []
    assert [
        each.name for each in DECISIONS if not each.read_text().startswith(f"# {int(each.name[:4])}. ")
    ] == []
