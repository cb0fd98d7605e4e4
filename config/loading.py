"""From a folder of TOML files to one checked model. A model's fields are the files: field `staff` is
`staff.toml`."""

import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from config.errors import ConfigurationError

SHIPPED = Path(__file__).parent
"""The configuration of the demonstration clinic."""

M = TypeVar("M", bound=BaseModel)


def load(folder: Path, model: type[M]) -> M:
    """Read the model's files from the folder.

    Raises ConfigurationError with every problem of every file, each named with file and key.
    """
    read: dict[str, Any] = {}
    problems: list[str] = []
    for name in model.model_fields:
        try:
            read[name] = tomllib.loads((folder / f"{name}.toml").read_text("utf-8"))
        except OSError as error:
            problems.append(f"{name}.toml: can't be read: {error.strerror}")
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            problems.append(f"{name}.toml: is not TOML: {error}")
    try:
        loaded = model.model_validate(read)
    except ValidationError as error:
        problems.extend(described(error, unread=set(model.model_fields) - set(read)))
    if problems:
        raise ConfigurationError(problems)
    return loaded


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
