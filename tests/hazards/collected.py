"""Which tests pytest would collect, and with which marks, told from their source: nothing is imported or run."""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

NEVER_RUN = frozenset({"skip", "skipif", "xfail", "long", "mutant"})
"""Marks of what may be left out of `make test`."""

Definition = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def all_tests(root: Path) -> Mapping[str, frozenset[str]]:
    """The marks of each test by its id, without parameters."""
    return {
        f"{file.relative_to(root)}::{name}": marks
        for file in sorted((root / "tests").rglob("test_*.py"))
        for name, marks in found_in(ast.parse(file.read_text("utf-8")), root)
    }


def found_in(module: ast.Module, root: Path) -> Iterator[tuple[str, frozenset[str]]]:
    """Functions, state machines, and what comes with a suite of `tests.support`."""
    of_all = frozenset(marks_of_module(module))
    for node in module.body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() if node.name.startswith("test_"):
                yield node.name, of_all | frozenset(marks_of(node))
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Attribute(attr="TestCase")):
                yield name, of_all
            case ast.ImportFrom(module=str(suite), names=[ast.alias(name="*")]):
                shared = ast.parse((root / f"{suite.replace('.', '/')}.py").read_text("utf-8"))
                yield from ((name, of_all | marks) for name, marks in found_in(shared, root))
            case _:
                pass


def marks_of_module(module: ast.Module) -> Iterator[str]:
    for node in module.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark":
            yield from marks_in(node.value)
        elif not isinstance(node, Definition | ast.ClassDef):
            yield from skips_in(node)


def marks_of(test: Definition) -> Iterator[str]:
    for decorator in test.decorator_list:
        if "parametrize" not in ast.unparse(decorator):
            yield from marks_in(decorator)
    yield from skips_in(test)


def marks_in(expression: ast.expr) -> Iterator[str]:
    """`long` of `pytest.mark.long`. A mark that has another name is one that decides whether it runs at all."""
    for node in ast.walk(expression):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "pytest.mark":
            yield node.attr
    if isinstance(expression, ast.Name) and expression.id.startswith("needs_"):
        yield "skipif"


def skips_in(node: ast.AST) -> Iterator[str]:
    """What decides while it runs that it doesn't."""
    for each in ast.walk(node):
        called = each.func if isinstance(each, ast.Call) else None
        is_skip = isinstance(called, ast.Attribute) and called.attr in ("skip", "importorskip")
        if called is not None and is_skip and ast.unparse(called).startswith("pytest."):
            yield "skip"
