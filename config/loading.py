"""From a folder of TOML files to one checked model. A model's fields are the files: field `staff` is
`staff.toml`."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from config.approval import FILE, approval_in, edition
from config.errors import ConfigurationError
from config.governed import GovernedFiles
from config.rules import unverified_in
from config.versions import days_of_change, effective, muddled, twice, unnumbered, unusable, versions_in

SHIPPED = Path(__file__).parent
"""The configuration of the demonstration clinic."""

M = TypeVar("M", bound=BaseModel)


def load(folder: Path, model: type[M]) -> M:
    """Read the model's files from the folder: as they apply from the first day on which every rule applies. The files
    of a clinic know those of every other day (`at`), and who approved them.

    Raises ConfigurationError with every problem of every file, each named with file and key.
    """
    names = (*(f"{name}.toml" for name in model.model_fields), FILE)
    loaded: M = checked(model, Stated(tuple(content_of(folder / name) for name in names), folder))
    return loaded


@dataclass(frozen=True)
class Stated:
    """What stands in the files of a folder, whichever that is."""

    contents: tuple[bytes | str, ...]
    folder: Path = field(compare=False)


def content_of(file: Path) -> bytes | str:
    """Or why it can't be read."""
    try:
        return file.read_bytes()
    except OSError as error:
        return str(error.strerror)


@lru_cache(maxsize=32)
def checked(model: type[M], stated: Stated) -> M:
    """Once for the same words, however many read them: nobody changes what was read."""
    folder = stated.folder
    read, problems = read_files(folder, model.model_fields)
    unread = set(model.model_fields) - set(read)
    periods = []
    for day in days_of_change(read):
        try:
            periods.append((day, model.model_validate(effective(read, day))))
        except ValidationError as error:
            problems.extend(described(error, unread))
    for found in (muddled, twice, unusable, unnumbered):
        problems.extend(found(read))
    if problems:
        raise ConfigurationError(tuple(dict.fromkeys(problems)))
    loaded = periods[0][1]
    if isinstance(loaded, GovernedFiles):
        govern(folder, read, periods)
    return loaded


def read_files(folder: Path, names: Iterable[str]) -> tuple[dict[str, Any], list[str]]:
    """What the files say, by name, and what is wrong with those that can't be read."""
    read: dict[str, Any] = {}
    problems: list[str] = []
    for name in names:
        try:
            read[name] = parsed((folder / f"{name}.toml").read_text("utf-8"))
        except OSError as error:
            problems.append(f"{name}.toml: can't be read: {error.strerror}")
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            problems.append(f"{name}.toml: is not TOML: {error}")
    return read, problems


@lru_cache(maxsize=64)
def parsed(text: str) -> dict[str, Any]:
    """Once, however many read the file: nobody changes what was read."""
    return tomllib.loads(text)


def unverified_anywhere(folder: Path) -> Mapping[str, tuple[str, ...]]:
    """What nobody has verified, by id and version of the rule: of every file in the folder, whoever reads it."""
    read, _ = read_files(folder, [file.stem for file in sorted(folder.glob("*.toml"))])
    rules = (rule for _, versions in versions_in(read) for rule in versions)
    found = {f"{rule['id']}@{rule['version']}": unverified_in(rule) for rule in rules}
    return {name: parts for name, parts in found.items() if parts}


def govern(folder: Path, read: dict[str, Any], periods: Sequence[tuple[Any, Any]]) -> None:
    """Tell the files of each day of each other, and of the approval."""
    try:
        approval = approval_in(folder)
    except ValueError as error:
        lines = described(error) if isinstance(error, ValidationError) else ["is not TOML"]
        raise ConfigurationError([f"{FILE}: {line.removeprefix(FILE + ': ')}" for line in lines]) from None
    loaded = periods[0][1]
    editions = tuple(
        edition(name, getattr(loaded, name).rule_set.version, stated, approval, loaded.staff)
        for name, stated in read.items()
        if "rule_set" in stated
    )
    for _, each in periods:
        each.governed(tuple(periods), editions)


def described(error: ValidationError, unread: Iterable[str] = ()) -> Sequence[str]:
    """One line for each error. Values are not shown: they may be addresses of people."""
    lines = []
    for each in error.errors(include_input=False, include_url=False):
        place = [str(part) for part in each["loc"]]
        what = each["msg"].removeprefix("Value error, ")
        if not place:
            lines.append(what)
        elif place[0] not in unread:
            lines.append(f"{place[0]}.toml: {'.'.join(place[1:]) or 'the whole file'}: {what}")
    return lines
