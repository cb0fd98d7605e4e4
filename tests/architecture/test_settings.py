"""No setting is there that nobody reads: whoever changes it would believe that something changes."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.test_nothing_dead import Trees, ours

SETTINGS = re.compile(r"config(\.(?!rules)\w+)?|services\..*\.rules")
"""Modules whose classes are the shapes of files."""
LABELS = {"rule_set", "licence", "verified"}
"""What people read in the file itself, as the fields of a Rule and a RuleSet: where a value comes from."""


def settings(tree: ast.Module) -> Iterator[str]:
    """Fields, but for those with one legal value: their type says what is done."""
    for model in (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)):
        for field in (each for each in model.body if isinstance(each, ast.AnnAssign)):
            if not re.fullmatch(r"_\w+: .*|\w+: Literal\[[^,]*\].*", ast.unparse(field)):
                yield ast.unparse(field.target)


def read(tree: ast.Module) -> Iterator[str]:
    """Attributes, but for what validators look at: a check is no use."""
    todo: list[ast.AST] = [tree]
    while todo:
        node = todo.pop()
        decorators = node.decorator_list if isinstance(node, ast.FunctionDef) else []
        if not any("validator" in ast.unparse(each) for each in decorators):
            todo += ast.iter_child_nodes(node)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            yield node.attr


def unread(trees: Trees) -> set[str]:
    stated = {name for module, tree in trees.items() if SETTINGS.fullmatch(module) for name in settings(tree)}
    return stated - LABELS - {name for tree in trees.values() for name in read(tree)}


def test_every_setting_is_read() -> None:
    assert unread(ours()) == set()


def test_a_setting_that_nobody_reads_is_found() -> None:
    planted = """class Offers(Values):
    days: int
    hold_hours: int
    counts: Literal[False]

    @model_validator(mode="after")
    def is_enough(self):
        assert self.hold_hours
    """
    use = ast.parse("rules.offers.days")
    assert unread({"services.x.rules": ast.parse(planted), "services.x.decide": use}) == {"hold_hours"}
