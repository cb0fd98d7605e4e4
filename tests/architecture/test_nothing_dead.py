"""Nothing is defined that nobody names. Tests are no users: what only they name is dead as well."""

import ast
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from tests.support.house_rules import every, parsed

ROOT = Path(__file__).parent.parent.parent
OURS = ("schemas", "config", "backbone", "services", "board", "cli", "simulator", "bench")
NAMED_ELSEWHERE = {
    "backbone.log.hosts.faust.serve": "the host is chosen by the name of its module",
    "backbone.log.hosts.plain.serve": "as above",
    "backbone.store.memory.MemoryStore": "the twin that every suite of the store runs on",
    "config.loading.SHIPPED": "the files that tests start from",
    "schemas.documents.contracts": "what `make contracts` freezes",
}
Trees = Mapping[str, ast.Module]


@cache
def ours() -> Trees:
    """Every module by its name."""
    files = [file.relative_to(ROOT) for folder in OURS for file in (ROOT / folder).rglob("*.py")]
    name = {file: ".".join(file.with_suffix("").parts).removesuffix(".__init__") for file in files}
    return {name[file]: parsed((ROOT / file).read_text()) for file in files}


def defined(node: ast.stmt) -> set[str]:
    """But for functions that a decorator takes into an object of ours, as a command of the command line."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        calls = [each.func for each in node.decorator_list if isinstance(each, ast.Call)]
        return set() if any(isinstance(each, ast.Attribute) for each in calls) else {node.name}
    if isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names = {each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)}
        return names - {"__all__"}
    return set()


def imports(trees: Trees) -> Mapping[str, str]:
    """What a name of a module stands for."""
    return {
        f"{module}.{each.asname or each.name}": f"{getattr(node, 'module', '')}.{each.name}".lstrip(".")
        for module, tree in trees.items()
        for node in every(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for each in node.names
    }


def dead(trees: Trees) -> list[str]:
    """An import alone is no use, wherever it leads."""
    imported = imports(trees)

    def origin(name: str) -> str:
        return origin(imported[name]) if imported.get(name, name) != name else name

    used, found = set(), set()
    for module, tree in trees.items():
        for top in tree.body:
            own = defined(top)
            found |= {f"{module}.{name}" for name in own}
            for node in ast.walk(top):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id not in own:
                    used.add(origin(f"{module}.{node.id}"))
                elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                    used.add(origin(f"{origin(f'{module}.{node.value.id}')}.{node.attr}"))
    return sorted(found - used)


def test_everything_is_used_by_something_else() -> None:
    found = set(dead(ours()))
    assert found - set(NAMED_ELSEWHERE) == set(), (
        "list it where its kind is listed (service.py, a table), or it goes"
    )
    assert set(NAMED_ELSEWHERE) - found == set(), "NAMED_ELSEWHERE has what is used"


def test_what_nobody_uses_is_found() -> None:
    one = ast.parse("A = 1\ndef f(): return f() + A\ndef g(): ...\n@app.command()\ndef h(): ...")
    two = "import one\nfrom one import g as k\nB = 1\n"
    assert dead({"one": one, "two": ast.parse(two)}) == ["one.f", "one.g", "two.B"]
    assert dead({"one": one, "two": ast.parse(f"{two}print(one.f, k, B)")}) == []
