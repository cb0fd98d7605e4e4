"""Every aggregate is played by a hypothesis state machine."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def aggregates(module: str, source: str) -> Iterator[str]:
    """`NAME = Aggregate[…](…)`, by module and name."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.value).startswith("Aggregate["):
            yield f"{module}.{ast.unparse(node.targets[0])}"


def imported(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{each.name}" for each in node.names)


def played(sources: Iterable[str]) -> set[str]:
    """What those that have a machine take from elsewhere."""
    return {name for source in sources if ".TestCase" in source for name in imported(source)}


def unplayed() -> set[str]:
    files = [(file, file.read_text()) for file in (ROOT / "services").rglob("*.py")]
    modules = [(".".join(file.relative_to(ROOT).with_suffix("").parts), text) for file, text in files]
    found = {name for module, text in modules if "Aggregate[" in text for name in aggregates(module, text)}
    return found - played(file.read_text() for file in (ROOT / "tests").rglob("test_*.py"))


def test_every_aggregate_is_played_by_a_state_machine() -> None:
    assert unplayed() == set(), "prove it with a hypothesis state machine (tests/support/machines.py)"


def test_an_aggregate_that_no_machine_takes_is_found() -> None:
    [name] = aggregates(
        "services.x.thing.aggregate", 'THING = Aggregate[Thing]("thing", Nothing())\nOTHER = 1'
    )
    use = "from services.x.thing.aggregate import THING\n"
    assert name not in played([use])
    assert name in played([use + "TestThings = Things.TestCase"])
