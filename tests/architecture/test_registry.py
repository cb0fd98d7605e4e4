"""One registry: a service is a row of `schemas/services.py`, and everything that has to follow from it does."""

import re
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
import yaml

import schemas
from backbone.engine.generic import kinds_of
from cli.composition import service_of as code_of
from schemas.fact import Fact, PrivateFact
from schemas.registry import declared, facts, modules
from schemas.services import NAMES, SERVICES, Service, all_topics

ROOT = Path(__file__).parent.parent.parent
NEW = Service("laboratory", 8199, "results of the laboratory")


def forgotten(row: Service, root: Path = ROOT) -> list[str]:
    """What a service's row asks for and nobody has made."""
    compose = yaml.safe_load((root / "docker-compose.yml").read_text())
    held = (f"{row.name}_database_url", f"{row.name}_migrate_url")
    container = compose["services"].get(row.name, {})
    port = f"127.0.0.1:${{HUDDLE_{row.name.upper()}_PORT-}}:8080"
    readme = f"| `{row.name}` | {row.does} | `:{row.port}/docs` | [README](services/{row.name}/README.md) |"
    asked = {
        f"services/{row.name}/__main__.py": (root / "services" / row.name / "__main__.py").is_file(),
        f"schemas/{row.name}/v1": (root / "schemas" / row.name / "v1" / "__init__.py").is_file(),
        f"docker-compose.yml: the container {row.name}": bool(container),
        f"docker-compose.yml: {row.name}: ports: {port}": port in container.get("ports", ()),
        f"README.md: {readme}": readme in (root / "README.md").read_text().splitlines(),
    }
    holders = [compose["services"][name]["secrets"] for name in ("postgres", "prepare")]
    asked |= {
        f"docker-compose.yml: postgres, prepare: {secret}": all(secret in each for each in holders)
        for secret in held
    }
    for secret in (*held, f"{row.name}_keys_url"):
        asked |= {
            f"docker-compose.yml: secrets: {secret}": secret in compose["secrets"],
            f"deploy/secrets/{secret}": (root / "deploy" / "secrets" / secret).is_file(),
        }
    return [step for step, is_done in asked.items() if not is_done] + unmentioned(row, root)


def unmentioned(row: Service, root: Path) -> list[str]:
    """Where a service is named besides: production, the front door, Kubernetes, what watches."""
    name, own = row.name, row.name.replace("_", "-")
    base = "deploy/kubernetes/base"
    wanted = (
        ("docker-compose.yml", f'"{name}": "http://{name}:8080"'),
        ("docker-compose.production.yml", f"  {name}:"),
        ("docker-compose.production.yml", f'"{name}": "https://{name}:8080"'),
        ("docker-compose.production.yml", f"{name}.pem:"),
        ("docker-compose.production.yml", f"{name}.key:"),
        ("deploy/monitoring/prometheus.yml", name),
        (f"{base}/kustomization.yaml", f"- {own}"),
        (f"{base}/kustomization.yaml", f'"{name}": "http://{own}:8080"'),
        (f"{base}/{own}/kustomization.yaml", f"app.kubernetes.io/name: {name}"),
        ("deploy/kubernetes/README.md", f"| `{own}` |"),
        ("deploy/kubernetes/README.md", f"`{name}_database_url`, `{name}_migrate_url`"),
    )
    return [f"{file}: {text.strip()}" for file, text in wanted if not says(root / file, text)]


def says(file: Path, text: str) -> bool:
    """As words of its own."""
    return file.is_file() and bool(re.search(rf"(?<!\w){re.escape(text)}(?!\w)", file.read_text()))


def unregistered(package: ModuleType) -> list[str]:
    """Fact classes under the package that no registered service publishes under its own name."""
    return [
        f"{fact.__module__}.{fact.__name__}"
        for module in modules(package)
        for fact in declared(module)
        if facts().get(fact.wire_type) is not fact or fact.__module__.split(".")[1] != service_of(fact)
    ]


def service_of(fact: type[Fact]) -> str:
    return fact.wire_type.partition(".")[0]


def folders(of: Path) -> set[str]:
    return {folder.name for folder in of.iterdir() if (folder / "__init__.py").is_file()}


def test_every_step_of_a_registered_service_is_done():
    missing = [step for row in SERVICES for step in forgotten(row)]
    assert not missing, "\n".join(["still to be made:", *missing])


def test_every_forgotten_step_of_a_new_service_is_named():
    assert len(forgotten(NEW)) == 24
    assert "services/laboratory/__main__.py" in forgotten(NEW)


def test_no_service_has_a_folder_or_contracts_without_being_registered():
    assert folders(ROOT / "services") == set(NAMES)
    assert {folder.parent.name for folder in (ROOT / "schemas").glob("*/v1")} == set(NAMES)


def test_services_have_names_and_ports_of_their_own():
    assert len({row.name for row in SERVICES}) == len({row.port for row in SERVICES}) == len(SERVICES)


def test_every_fact_class_under_schemas_is_found():
    assert unregistered(schemas) == []
    assert len(facts()) > 100


@pytest.fixture
def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """A package of contracts with a fact of a service that nobody registered."""
    module = tmp_path / "planted" / "laboratory" / "v1" / "result.py"
    module.parent.mkdir(parents=True)
    for folder in (module.parent, *module.parent.parents[:2]):
        (folder / "__init__.py").touch()
    module.write_text(
        "from typing import Literal\nfrom schemas.fact import Fact\n\n"
        "class ResultCame(Fact):\n"
        "    type: Literal['laboratory.result_came.v1'] = 'laboratory.result_came.v1'\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    yield import_module("planted")
    for name in [name for name in sys.modules if name.startswith("planted")]:
        del sys.modules[name]


def test_a_planted_fact_that_nobody_registered_is_found(planted):
    assert unregistered(planted) == ["planted.laboratory.v1.result.ResultCame"]


def test_what_a_service_reads_and_publishes_stands_among_its_topics():
    known = {topic.name: topic.owner for topic in all_topics()}
    for service in map(code_of, NAMES):
        assert set(service.topics) <= set(known)
        assert known[service.events_topic] == service.name
        assert {known[topic] for topic in service.live} <= {service.name}
        assert {service_of(fact) for fact in service.local} <= {service.name, "backbone"}


def forgotten_proof(name: str, root: Path = ROOT) -> list[str]:
    """What of a service nobody tries or describes."""
    wanted = (
        f"tests/component/access/test_{name}.py",
        f"tests/support/walks/{name}.py",
        f"tests/unit/{name}/__init__.py",
    )
    return [path for path in wanted if not (root / path).is_file()]


def test_every_service_has_its_table_of_access_its_walks_and_unit_tests():
    missing = [path for name in NAMES for path in forgotten_proof(name)]
    assert not missing, "\n".join(["still to be written:", *missing])
    assert len(forgotten_proof("laboratory")) == 3


def test_what_a_command_shows_that_changed_nothing_is_a_read_on_record():
    silent = [name for name in NAMES if code_of(name).shows is None]
    assert silent == [], "say in `shows` which kind of content of config/access.toml its answers are"


def private(of: type[Fact] = PrivateFact) -> Iterator[type[Fact]]:
    """The private facts of services; not what several of them begin with."""
    for below in of.__subclasses__():
        if below.wire_type and below.__module__.startswith("services."):
            yield below
        yield from private(below)


def test_every_fact_has_a_row_in_an_evolve_table_of_its_service():
    evolved = {
        fact for name in NAMES for kind in kinds_of(code_of(name)).values() for _, fact in kind.evolve.rows
    }
    stuck = [fact.wire_type for fact in (*facts().values(), *private()) if fact not in evolved]
    assert stuck == [], "say what state each makes: a function in the evolve table of its aggregate"


@pytest.mark.parametrize("name", NAMES)
def test_every_command_belongs_to_one_kind(name: str) -> None:
    """Ids of commands and of their facts follow from cause, tag and target: two kinds that share an id would give two
    facts one id, and of those the second is dropped as a repetition."""
    tags = [tag for kind in kinds_of(code_of(name)).values() for tag in kind.commands]
    assert sorted(tags) == sorted(set(tags))
