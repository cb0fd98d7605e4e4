"""What a cluster would find out by itself: that a probe asks where nothing answers, a port that nobody listens at, a
volume that is not there, an address that a policy shuts."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from backbone.http.doors import OPERATIONS
from backbone.http.operations import PROBES
from board.application import routes as routes_of_the_board
from schemas.services import NAMES
from tests.support.manifests import KUBECTL, environment, of_kind, processes, rendered, selects

if KUBECTL is None:
    pytest.skip("kubectl comes with `make setup` on Linux only", allow_module_level=True)

LASTING = ("board", *NAMES)
EVERYBODY = (*LASTING, "prepare")
DNS, POSTGRES, ISSUER, SUBMISSION = 53, 5432, 443, 465
LABEL, PORT_NAME = 63, 15
"""Characters, at most (RFC 1123, RFC 6335)."""


def container_of(name: str) -> Mapping[str, Any]:
    [container] = processes()[name]["containers"]
    found: Mapping[str, Any] = container
    return found


def egress(name: str) -> Iterator[tuple[Mapping[str, Any], int]]:
    """To whom (nothing: to anybody), and at which port."""
    for policy in of_kind("NetworkPolicy").values():
        if selects(policy["spec"], name):
            for rule in policy["spec"].get("egress", ()):
                yield from ((to, port["port"]) for to in rule.get("to", [{}]) for port in rule["ports"])


@pytest.mark.parametrize("name", LASTING)
def test_each_probe_asks_for_a_route_at_the_port_where_it_is_answered(name: str) -> None:
    """With a port for operations the probes are answered there, and nowhere else (`backbone/http/doors.py`)."""
    container, given = container_of(name), environment(name)
    ports = {each["name"]: str(each["containerPort"]) for each in container["ports"]}
    assert ports == {"http": given["HUDDLE_HTTP_PORT"], "ops": given["HUDDLE_OPS_PORT"]}
    routes = paths_of_the_board() if name == "board" else {route.path for route in PROBES}
    for kind in ("startupProbe", "livenessProbe", "readinessProbe"):
        asked = container[kind]["httpGet"]
        assert asked["path"] in routes & OPERATIONS and asked["port"] == "ops", kind
    assert given["HUDDLE_HTTP_HOST"] == "0.0.0.0", "the kubelet asks from outside"


def paths_of_the_board() -> set[str]:
    app = FastAPI()
    routes_of_the_board(app)
    return {route.path for route in app.routes if isinstance(route, APIRoute)}


@pytest.mark.parametrize("name", EVERYBODY)
def test_what_is_mounted_is_there_and_only_what_is_lost_with_the_pod_can_be_written(name: str) -> None:
    volumes = {each["name"]: each for each in processes()[name]["volumes"]}
    mounts = {each["name"]: each for each in container_of(name)["volumeMounts"]}
    assert set(volumes) == set(mounts)
    for volume, mount in mounts.items():
        assert ("emptyDir" in volumes[volume]) is not bool(mount.get("readOnly")), volume
        assert "subPath" not in mount, "a new certificate would not be seen"
    assert mounts["tmp"]["mountPath"] == "/tmp"
    assert processes()[name]["securityContext"]["fsGroup"] == 10001, "who runs reads the secrets of mode 0440"


def test_what_is_named_is_there() -> None:
    """Services to ports of pods, the ingress to services, the board to services, all within what names may be."""
    for name, service in of_kind("Service").items():
        [port] = service["spec"]["ports"]
        container = container_of(name.replace("-", "_"))
        assert port["targetPort"] in {each["name"] for each in container["ports"]}
    for ingress in of_kind("Ingress").values():
        for path in (path for rule in ingress["spec"]["rules"] for path in rule["http"]["paths"]):
            behind = of_kind("Service")[path["backend"]["service"]["name"]]
            assert path["backend"]["service"]["port"]["name"] in {
                each["name"] for each in behind["spec"]["ports"]
            }
    for each in rendered():
        assert len(each["metadata"]["name"]) <= LABEL and each["metadata"]["namespace"] == "huddle"
    names = [port["name"] for name in LASTING for port in container_of(name)["ports"]]
    assert all(len(name) <= PORT_NAME for name in names)


def test_the_board_knows_every_service_by_its_name_in_the_cluster() -> None:
    for name, url in json.loads(environment("board")["HUDDLE_SERVICES"]).items():
        address = urlsplit(url)
        [port] = of_kind("Service")[str(address.hostname)]["spec"]["ports"]
        assert (address.hostname, address.port) == (name.replace("_", "-"), port["port"])
        assert port["port"] in {at for to, at in egress("board") if to.get("podSelector")}


@pytest.mark.parametrize("name", EVERYBODY)
def test_policies_leave_the_way_to_what_a_process_needs(name: str) -> None:
    ways = list(egress(name))
    assert {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}} in [
        to for to, port in ways if port == DNS
    ]
    wanted = {ISSUER} if name == "board" else {*brokers(environment(name)), POSTGRES}
    wanted |= {ISSUER} if name in NAMES else set()
    wanted |= {SUBMISSION} if name == "notifications" else set()
    assert wanted <= {port for to, port in ways if not to}


def brokers(given: Mapping[str, str]) -> Sequence[int]:
    return [int(each.rpartition(":")[2]) for each in given["HUDDLE_KAFKA"].split(",")]


@pytest.mark.parametrize("name", EVERYBODY)
def test_no_secret_stands_in_a_manifest(name: str) -> None:
    """They are files in /run/secrets: environment and arguments are shown to whoever may look at a pod."""
    secret = (
        "PASSWORD",
        "SECRET",
        "DATABASE_URL",
        "MIGRATE_URL",
        "KEYS_URL",
        "SMTP_URL",
        "SMS_URL",
        "MASTER_KEYS",
    )
    assert [each for each in environment(name) if each.endswith(secret)] == []
    assert not [
        each for each in container_of(name).get("env", ()) if "secretKeyRef" in each.get("valueFrom", {})
    ]
