"""The clinic's folder, changed for a test."""

import re
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from config.approval import Approval, checksum, written
from config.loading import SHIPPED, read_files


def rules_in(folder: Path, load_rules: Callable[[Path], Any]) -> Any:
    """The shipped files are read once for all tests; nobody changes them."""
    return shipped(load_rules) if folder == SHIPPED else load_rules(folder)


@cache
def shipped(load_rules: Callable[[Path], Any]) -> Any:
    return load_rules(SHIPPED)


def copied(to: Path) -> Path:
    """The shipped files."""
    for file in SHIPPED.glob("*.toml"):
        shutil.copy(file, to)
    return to


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text, old
    file.write_text(text.replace(old, new, 1))


def another_version(file: Path, table: str, since: str, old: str, new: str, version: int = 2) -> None:
    """A second version of the rule in this table, effective from a day, in which `old` is `new`."""
    text = file.read_text()
    begin = text.index(f"[{table}]\n")
    after = re.search(rf"^\[{{1,2}}(?!\[|{re.escape(table)}[.\]])", text[begin:], re.MULTILINE)
    end = begin + after.start() if after else len(text)
    first = text[begin:end].replace(f"[{table}]", f"[[{table}]]", 1)
    second = re.sub(r"effective_from = \S+", f"effective_from = {since}", first)
    second = second.replace("version = 1", f"version = {version}", 1)
    assert old in second, old
    file.write_text(text[:begin] + first + second.replace(old, new) + text[end:])


def approve(folder: Path, who: str = "edith.brandt", on: str = "2026-11-26") -> Approval:
    """Every file that holds rules."""
    read, _ = read_files(folder, [file.stem for file in folder.glob("*.toml")])
    checksums = {name: checksum(stated) for name, stated in read.items() if "rule_set" in stated}
    approval = Approval.model_validate({"approved_by": who, "approved_on": on, "checksums": checksums})
    (folder / "approval.toml").write_text(written(approval))
    return approval
