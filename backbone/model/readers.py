"""Which functions of a service read which rule: from its source, so that nobody keeps a list of it."""

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from pydantic import BaseModel

from backbone.model.service import Service
from config.governed import GovernedFiles

HOLDERS = {"settings", "rules", "self", "measures", "escalations", "values", "_rules"}
"""What functions call the files of rules, or one of them, where they don't spell the path out."""
CALLED = ""
"""What holds a function that is called by its name alone."""
Reading = tuple[str, str]
"""(what holds the setting, the setting): `rules.scheduling.offers` is ("scheduling", "offers")."""


def readers_of(service: Service, files: GovernedFiles) -> Mapping[tuple[str, str], list[str]]:
    """By (file, place) of the rule, in order of their names; none for what other services read."""
    package = service.load_rules.__module__.rpartition(".")[0]
    functions = by_reading(package)
    found = {}
    for placed in files.all_versions:
        section = placed.file.removesuffix(".toml")
        names = {(section, attribute(files, section, placed.place.partition(".")[0]))}
        offered = offers(package, type(getattr(files, section)).__module__, frozenset(names))
        names |= {(holder, each) for each in offered for holder in ("rules", section, CALLED)}
        readers = {name for each in as_read(names) for name in functions.get(each, ())}
        found[placed.file, placed.place] = sorted(readers)
    return found


@cache
def by_reading(package: str) -> Mapping[Reading, Sequence[str]]:
    """The functions of the package and of the runtime that read a setting."""
    functions = {
        **reading(package),
        **{f"backbone.{name}": reads for name, reads in reading("backbone").items()},
    }
    found: dict[Reading, list[str]] = {}
    for name, reads in functions.items():
        for each in reads:
            found.setdefault(each, []).append(name)
    return found


def attribute(files: GovernedFiles, section: str, key: str) -> str:
    """The field that is written as `key` in the file."""
    shape: type[BaseModel] = type(getattr(files, section))
    fields = shape.model_fields
    return next(name for name, info in fields.items() if key in (name, info.alias))


def as_read(names: Iterable[Reading]) -> frozenset[Reading]:
    """The settings as functions read them: by their section, or from whatever holds them."""
    return frozenset((holder, name) for section, name in names for holder in (section, *HOLDERS))


@cache
def offers(package: str, shape: str, names: frozenset[Reading]) -> frozenset[str]:
    """What the rules of the service, or the module of the file's shape, offer that is made of these settings."""
    known = (f"{package}.rules", "config.files", shape)
    modules = [sys.modules[each] for each in known if each in sys.modules]
    offered = {
        name.rpartition(".")[2]: reads for each in modules for name, reads in functions_in(file_of(each))
    }
    wanted = as_read(names)
    return frozenset(name for name, reads in offered.items() if not wanted.isdisjoint(reads))


@cache
def reading(package: str) -> Mapping[str, frozenset[Reading]]:
    """What each function of the package reads, by its name below the package; the rules themselves left out."""
    root = file_of(sys.modules[package]).parent
    return {
        f"{'.'.join(file.relative_to(root).with_suffix('').parts)}.{name}": reads
        for file in sorted(root.rglob("*.py"))
        if file != root / "rules.py"
        for name, reads in functions_in(file)
    }


def file_of(module: object) -> Path:
    return Path(str(getattr(module, "__file__", None)))


@cache
def functions_in(file: Path) -> Sequence[tuple[str, frozenset[Reading]]]:
    """Read once: each rule asks the modules that hold rules."""
    return tuple(functions_of(ast.parse(file.read_text("utf-8"))))


def functions_of(module: ast.Module) -> Iterator[tuple[str, frozenset[Reading]]]:
    """Functions, and tables of the module."""
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, read_in(node)
    for table in module.body:
        if isinstance(table, ast.Assign | ast.AnnAssign):
            yield (
                ast.unparse(table.targets[0] if isinstance(table, ast.Assign) else table.target),
                read_in(table),
            )


def read_in(node: ast.AST) -> frozenset[Reading]:
    attributes = [each for each in ast.walk(node) if isinstance(each, ast.Attribute)]
    calls = [
        each.func.id
        for each in ast.walk(node)
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Name)
    ]
    return frozenset((holder(each), each.attr) for each in attributes) | {(CALLED, each) for each in calls}


def holder(node: ast.Attribute) -> str:
    value = node.value
    return value.attr if isinstance(value, ast.Attribute) else value.id if isinstance(value, ast.Name) else ""
