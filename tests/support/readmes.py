"""The parts of a service's README that the code itself knows. `make readmes` writes them, a test compares them.

A part stands between `<!-- name -->` and `<!-- end -->`.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from backbone.model import Aggregate, Service, group_of, tag_of
from tests.support import catalogue, news
from tests.support.moves import SEEN, diagram

ROOT = Path(__file__).parent.parent.parent
PART = re.compile(r"<!-- (?P<name>[a-z_ ]+) -->\n(?P<body>.*?)<!-- end -->", re.DOTALL)
WIDTH = 118
OF_ONE: Mapping[str, Callable[[], Mapping[str, str]]] = {
    "worklist": catalogue.parts,
    "notifications": news.parts,
}
"""Parts that only these services have."""


def services() -> Mapping[str, Service]:
    """Every service by name."""
    found = sorted(path.parent.name for path in (ROOT / "services").glob("*/service.py"))
    return {name: import_module(f"services.{name}.service").SERVICE for name in found}


def readme_of(service: Service) -> Path:
    return ROOT / "services" / service.name / "README.md"


def parts(text: str) -> Mapping[str, str]:
    return {found["name"]: found["body"] for found in PART.finditer(text)}


def written(text: str, bodies: Mapping[str, str]) -> str:
    """The text with these parts anew."""

    def part(found: re.Match[str]) -> str:
        name = found["name"]
        return f"<!-- {name} -->\n{bodies.get(name, found['body'])}<!-- end -->"

    return PART.sub(part, text)


def generated(service: Service) -> Mapping[str, str]:
    """Everything but the diagrams: they are what tests saw."""
    found = {"facts in": facts_in(service), "facts out": facts_out(service), "tables": tables(service)}
    found["journal only"] = listed(names_of(service, public=False))
    for aggregate in service.aggregates:
        found[f"commands of {aggregate.kind}"] = commands(aggregate)
    return {**found, **OF_ONE.get(service.name, dict)()}


def diagrams(service: Service) -> Mapping[str, str]:
    """From what tests of this session saw."""
    return {
        f"states of {aggregate.kind}": diagram(aggregate, SEEN[id(aggregate)])
        for aggregate in service.aggregates
    }


def commands(aggregate: Aggregate[Any]) -> str:
    """One row for each command that people give, and for whom; rights that follow from the state say so."""
    rows: dict[tuple[str, str], list[str]] = {}
    for (state, command), decide in aggregate.decide.rows.items():
        whom: Any = getattr(decide, "whom", None)
        if whom is not None:
            name = "as the state says" if callable(whom) else str(group_of(decide).name)  # type: ignore[union-attr]
            rows.setdefault((tag_of(command), name), []).append(tag_of(state))
    head = "| command | while | who |\n|---|---|---|\n"
    return head + "".join(
        f"| `{command}` | {', '.join(states)} | {who} |\n" for (command, who), states in rows.items()
    )


def facts_in(service: Service) -> str:
    """Facts of other services, and its own that it takes over Kafka."""
    names = (name.removesuffix(".v1") for name in service.consumed)
    return listed(sorted(dict.fromkeys(names)))


def facts_out(service: Service) -> str:
    return listed(names_of(service, public=True))


def names_of(service: Service, *, public: bool) -> list[str]:
    """Names of facts in the order of the tables, each once."""
    facts: Iterable[Any] = (fact for each in service.aggregates for fact in each.evolve.rights)
    return list(dict.fromkeys(fact.wire_type.split(".")[1] for fact in facts if fact.public is public))


def listed(names: Iterable[str]) -> str:
    """As prose that fits the page."""
    lines, line = [], ""
    for name in (f"`{name}`" for name in names):
        longer = f"{line}, {name}" if line else name
        if len(longer) > WIDTH:
            lines.append(f"{line},")
            longer = name
        line = longer
    return "\n".join([*lines, line]) + "\n" if line else "None.\n"


def tables(service: Service) -> str:
    """State tables with the columns by which rows are found."""
    rows = (
        f"| `{each.kind}` | {', '.join(f'`{name}`' for name in each.column) or '–'} |\n"
        for each in service.aggregates
    )
    return "| table | found by |\n|---|---|\n" + "".join(rows)


def write(bodies: Callable[[Service], Mapping[str, str]]) -> list[str]:
    """Write the parts that changed. The READMEs that were written."""
    changed = []
    for service in services().values():
        file = readme_of(service)
        before = file.read_text("utf-8")
        after = written(before, bodies(service))
        if after != before:
            file.write_text(after, "utf-8")
            changed.append(service.name)
    return changed
