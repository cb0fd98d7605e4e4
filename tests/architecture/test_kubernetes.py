"""The manifests of `deploy/kubernetes`, rendered and held against the API's schemas, the registry and the settings."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import kubernetes_validate
import pytest

from backbone.settings import Settings
from backbone.told import Told, as_told
from board.settings import BoardSettings
from cli.authority import Authority
from cli.preparing import Preparing
from schemas.services import NAMES
from services.notifications.gateway.outside import Providers
from tests.support.manifests import (
    FOLDER,
    KUBECTL,
    environment,
    labels,
    of_kind,
    processes,
    rendered,
    secrets,
    selects,
)

VERSION = "1.32"
"""The oldest that the manifests are for: pods that wait before they end, by the kubelet itself."""
if KUBECTL is None:
    pytest.skip("kubectl comes with `make setup` on Linux only", allow_module_level=True)
ROW = re.compile(r"^\| `([a-z-]+)` \| (.*) \|$", re.MULTILINE)
TOLD: Mapping[str, tuple[type[Told], ...]] = {
    "board": (BoardSettings,),
    "notifications": (Settings, Providers),
    "prepare": (Preparing,),
}


def files_of(secret: str) -> list[str]:
    """As the README lists them."""
    listed = {names: set(re.findall(r"`([a-z_.]+)`", line)) for names, line in listing()}
    return sorted(listed[secret])


def listing() -> Iterator[tuple[str, str]]:
    yield from ROW.findall((FOLDER / "README.md").read_text())


@pytest.mark.parametrize(
    "document", rendered(), ids=lambda each: f"{each['kind']}-{each['metadata']['name']}"
)
def test_the_api_takes_each_object(document):
    kubernetes_validate.validate(document, VERSION, strict=True)


def test_there_are_the_services_and_what_they_need():
    assert set(processes()) == {"board", "prepare", *NAMES}


@pytest.mark.parametrize("name", ["board", "prepare", *NAMES])
def test_a_container_can_write_nothing_and_has_no_privilege(name):
    pod = processes()[name]
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    [container] = pod["containers"]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert set(container["resources"]["limits"]) == {"cpu", "memory"}
    assert not {"latest", None} & {container["image"].rpartition(":")[2]}


@pytest.mark.parametrize("name", ["board", *NAMES])
def test_what_lasts_is_probed_and_may_be_moved_one_at_a_time(name):
    own = name.replace("_", "-")
    deployment, budget = of_kind("Deployment")[own], of_kind("PodDisruptionBudget")[own]
    assert labels(deployment).items() >= budget["spec"]["selector"]["matchLabels"].items()
    assert labels(deployment).items() >= of_kind("Service")[own]["spec"]["selector"].items()
    assert budget["spec"]["selector"]["matchLabels"]["app.kubernetes.io/name"] == name
    assert deployment["spec"]["replicas"] > budget["spec"]["maxUnavailable"] == 1
    [container] = processes()[name]["containers"]
    ports = {port["name"] for port in container["ports"]}
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        assert container[probe]["httpGet"]["port"] in ports


@pytest.mark.parametrize("name", ["board", "prepare", *NAMES])
def test_nobody_is_reached_or_reaches_anybody_unless_it_is_said(name):
    mine = [each["spec"] for each in of_kind("NetworkPolicy").values() if selects(each["spec"], name)]
    assert {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]} in mine
    assert not [rule for policy in mine for rule in policy.get("ingress", ()) if not rule.get("from")]
    assert not [rule for policy in mine for rule in policy.get("egress", ()) if not rule.get("ports")]


@pytest.mark.parametrize("name", ["board", "prepare", *NAMES])
def test_production_takes_what_a_process_is_told(name, tmp_path, monkeypatch):
    """Every name is a setting (`prepare` is given what services are); production refuses nothing."""
    told = TOLD.get(name, (Settings,))
    shapes: Sequence[type[Told]] = (*told, Settings)
    known = {f"HUDDLE_{field.upper()}" for shape in shapes for field in shape.model_fields}
    given = environment(name)
    assert set(given) <= known | {"SERVICE"}
    for variable, value in given.items():
        monkeypatch.setenv(variable, str(at_hand(value, tmp_path)))
    for file in (each for secret in secrets(name) for each in files_of(secret)):
        monkeypatch.setenv(file.upper(), secret_like(file))
    for shape in told:
        assert list(as_told(shape).refusals()) == []


def at_hand(value: str, folder: Path) -> str | Path:
    """A file that is mounted, as one that can be read here."""
    if not value.startswith("/etc/huddle/"):
        return value
    return Authority(folder).ca


def secret_like(file: str) -> str:
    if file == "huddle_smtp_url":
        return "smtps://clinic:secret@mail.clinic.example"
    if file == "huddle_sms_url":
        return "https://account:secret@gateway.example"
    if file.endswith("_url"):
        return "postgresql://a:secret@db.clinic.example/a?sslmode=disable"
    if file == "huddle_master_keys":
        return f"of-its-own:{'A' * 43}="
    return "a secret that is long enough for everything"


def test_each_secret_is_listed_with_its_files():
    mounted = {secret for name in processes() for secret in secrets(name)}
    assert mounted | {"board-certificate"} == {name for name, _ in listing()}
    wanted = {f"{service}_{kind}_url" for service in NAMES for kind in ("database", "migrate")}
    assert wanted | {"keys_migrate_url"} <= set(files_of("prepare"))
    assert not of_kind("Secret"), "their content is kept elsewhere"
