"""The containers are as they must be, as far as their files tell. `make compose-test` runs them."""

import json
import re
from inspect import signature
from pathlib import Path
from typing import Any

import pytest
import yaml

from backbone.settings import Settings
from backbone.store.keys import CONNECTIONS
from backbone.store.postgres import open_pool
from board.settings import BoardSettings
from cli import acl
from cli.keeping import Erased
from cli.preparing import Preparing
from cli.secret_files import fill
from schemas.services import NAMES
from services.notifications.gateway.outside import Providers

ROOT = Path(__file__).parent.parent.parent


class Loader(yaml.SafeLoader):
    """Of Compose: `!override` takes the place of what the first file says."""

    def override(self, node: yaml.SequenceNode) -> list[Any]:
        return self.construct_sequence(node)


Loader.add_constructor("!override", Loader.override)


def read(file: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.load((ROOT / file).read_text(), Loader)
    return found


COMPOSE = read("docker-compose.yml")
CONTAINERS: dict[str, Any] = COMPOSE["services"]
PRODUCTION = read("docker-compose.production.yml")
ADDED: dict[str, Any] = PRODUCTION["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text().splitlines()
OPERATOR = (ROOT / "deploy" / "operator" / "Dockerfile").read_text().splitlines()

OWN_SECRETS = {"notifications": {"huddle_smtp_url": "smtp_url", "huddle_sms_url": "sms_url"}}


def test_there_are_the_containers_of_the_services_and_what_they_need():
    assert set(CONTAINERS) == {"kafka", "postgres", "prepare", "sinks", "board", "issuer", "operator", *NAMES}


@pytest.mark.parametrize("name", sorted(CONTAINERS))
def test_a_container_is_bounded_and_seen_from_this_machine_only(name):
    container = CONTAINERS[name]
    assert container["mem_limit"]
    assert container["restart"] == {"prepare": "on-failure", "operator": "no"}.get(name, "unless-stopped")
    assert all(port.startswith("127.0.0.1:") for port in container.get("ports", ()))


@pytest.mark.parametrize("name", [name for name in sorted(CONTAINERS) if name not in ("prepare", "operator")])
def test_a_lasting_container_tells_its_health(name):
    """And has time for its first start, on a slow machine too: what is unhealthy ends `up` for all that need it."""
    assert CONTAINERS[name]["healthcheck"]["test"] and CONTAINERS[name]["healthcheck"]["start_period"]


def test_no_probe_is_a_child_of_the_database() -> None:
    """A container's first process inherits orphans, and PostgreSQL takes the end of one for a crash of its own."""
    postgres = CONTAINERS["postgres"]
    assert postgres["init"] is True and postgres["healthcheck"]["test"][0] == "CMD", "no shell in between"


@pytest.mark.parametrize("service", NAMES)
def test_a_service_starts_when_what_it_needs_is_healthy(service):
    container = CONTAINERS[service]
    conditions = {name: needed["condition"] for name, needed in container["depends_on"].items()}
    assert conditions == {
        "kafka": "service_healthy",
        "postgres": "service_healthy",
        "prepare": "service_completed_successfully",
    }
    assert container["build"]["args"] == {"SERVICE": service}


@pytest.mark.parametrize("service", NAMES)
def test_a_service_has_its_secrets_from_files_and_knows_each_of_its_settings(service):
    container = CONTAINERS[service]
    secrets = {secret["target"]: secret["source"] for secret in container["secrets"]}
    own = OWN_SECRETS.get(service, {})
    assert secrets == {
        "huddle_database_url": f"{service}_database_url",
        "huddle_id_secret": "id_secret",
        "huddle_keys_url": f"{service}_keys_url",
        "huddle_master_keys": "master_keys",
        **own,
    }
    assert all((ROOT / "deploy" / "secrets" / source).is_file() for source in secrets.values())
    given = {name.removeprefix("HUDDLE_").lower() for name in container["environment"]}
    fields = Settings.model_fields | (Providers.model_fields if service == "notifications" else {})
    assert given <= set(fields)
    required = {name for name, field in fields.items() if field.is_required()}
    assert required <= given | {name.removeprefix("huddle_") for name in secrets}


def test_what_opens_patients_keys_has_nobody_but_services_and_who_operates():
    holders = {
        name
        for name, container in CONTAINERS.items()
        for secret in container.get("secrets", ())
        if isinstance(secret, dict) and secret["source"] == "master_keys"
    }
    assert holders == {*NAMES, "operator"}
    assert not [
        name for name in ("postgres", "prepare") if "keys_migrate_url" not in CONTAINERS[name]["secrets"]
    ]


def test_who_operates_can_wrap_keys_again_and_destroy_them_again():
    secrets = [secret for secret in CONTAINERS["operator"]["secrets"] if isinstance(secret, dict)]
    given = {secret["target"].removeprefix("huddle_"): secret["source"] for secret in secrets}
    assert given == {
        "keys_url": "keys_migrate_url",
        "master_keys": "master_keys",
        "database_url": "referral_migrate_url",
    }
    assert set(given) == {name for name, field in Erased.model_fields.items() if field.is_required()}


def test_the_board_has_its_secrets_from_files_and_reaches_each_service():
    container = CONTAINERS["board"]
    secrets = {secret["target"]: secret["source"] for secret in container["secrets"]}
    assert secrets == {
        "huddle_session_secret": "session_secret",
        "huddle_oidc_client_secret": "oidc_client_secret",
    }
    assert all((ROOT / "deploy" / "secrets" / source).is_file() for source in secrets.values())
    given = {name.removeprefix("HUDDLE_").lower() for name in container["environment"]}
    fields = BoardSettings.model_fields
    assert given <= set(fields)
    assert {name for name, field in fields.items() if field.is_required()} <= given | {"session_secret"}
    services = json.loads(container["environment"]["HUDDLE_SERVICES"])
    assert services == {name: f"http://{name}:8080" for name in NAMES}


@pytest.mark.parametrize("name", [*NAMES, "board", "issuer", "operator", "prepare", "sinks"])
def test_a_container_of_ours_can_write_nothing_and_has_no_privilege(name):
    container = CONTAINERS[name]
    assert container["read_only"] is True
    assert container["cap_drop"] == ["ALL"]
    assert container["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("lines", [DOCKERFILE, OPERATOR], ids=["ours", "operator"])
def test_our_images_do_not_run_as_root(lines: list[str]) -> None:
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert users == ["huddle"]
    last_change = max(number for number, line in enumerate(lines) if line.startswith(("RUN ", "COPY ")))
    assert lines.index("USER huddle") > last_change


@pytest.mark.parametrize("lines", [DOCKERFILE, OPERATOR], ids=["ours", "operator"])
def test_the_image_needs_nothing_but_its_base_image_and_locked_packages(lines: list[str]) -> None:
    assert not [line for line in lines if line.startswith("# syntax")]
    assert any("--require-hashes" in line for line in lines)


def told(name: str) -> dict[str, str]:
    """The settings of a container in production, by their names without HUDDLE_."""
    whole = CONTAINERS[name]["environment"] | ADDED[name]["environment"]
    return {key.removeprefix("HUDDLE_").lower(): value for key, value in whole.items()}


@pytest.mark.parametrize("name", [*NAMES, "board"])
def test_in_production_everything_that_comes_and_goes_is_encrypted(name: str) -> None:
    said = told(name)
    assert said["environment"] == "production"
    assert said["http_security"] == "tls"
    assert "ops_port" in said
    shape = BoardSettings if name == "board" else Settings
    known = {*shape.model_fields, *(Providers.model_fields if name == "notifications" else ())}
    assert set(said) <= known
    if name == "board":
        assert set(json.loads(said["services"])) == set(NAMES)
        assert all(url.startswith("https://") for url in json.loads(said["services"]).values())
    else:
        assert said["kafka_security"] == "mtls"


@pytest.mark.parametrize("name", [*NAMES, "board", "prepare", "operator"])
def test_in_production_everybody_is_somebody_of_their_own(name: str) -> None:
    assert ADDED[name]["secrets"] == [
        "authority.pem",
        {"source": f"{name}.pem", "target": "own.pem"},
        {"source": f"{name}.key", "target": "own.key"},
    ]


def test_every_secret_of_production_is_made_by_one_command(tmp_path: Path) -> None:
    fill(tmp_path, {})
    wanted = {secret["file"].rpartition("/")[2] for secret in PRODUCTION["secrets"].values()}
    wanted |= {secret["file"].rpartition("/")[2] for secret in COMPOSE["secrets"].values()}
    assert wanted <= {file.name for file in tmp_path.iterdir()}
    assert set(PRODUCTION["secrets"]) == {
        named["source"] if isinstance(named, dict) else named
        for container in ADDED.values()
        for named in container.get("secrets", ())
    }


def test_in_production_the_brokers_know_their_people_and_let_nobody_else_do_anything() -> None:
    kafka = ADDED["kafka"]["environment"]
    assert {each.partition(":")[2] for each in kafka["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"].split(",")} == {
        "SSL"
    }
    assert kafka["KAFKA_SSL_CLIENT_AUTH"] == "required"
    assert kafka["KAFKA_AUTHORIZER_CLASS_NAME"].endswith(".StandardAuthorizer")
    assert kafka["KAFKA_ALLOW_EVERYONE_IF_NO_ACL_FOUND"] == "false"
    assert kafka["KAFKA_SUPER_USERS"] == "User:kafka;User:prepare"
    prepare = told("prepare")
    assert prepare["kafka_acl"] == "true"
    assert set(prepare) - set(told("referral")) <= set(Preparing.model_fields)
    roles = dict(acl.given(prepare["kafka_give"].partition("$")[0].split()))
    assert roles[acl.OPERATOR] == "User:operator"


def test_in_production_nobody_comes_to_a_database_in_plain_text() -> None:
    assert "--ssl=on" in ADDED["postgres"]["command"]
    lines = (ROOT / "deploy" / "postgres" / "pg_hba.conf").read_text().splitlines()
    assert {line.split()[0] for line in lines if not line.startswith("#")} == {"local", "hostssl"}


def test_in_production_there_is_nothing_of_development_and_figures_are_for_this_machine() -> None:
    assert all(ADDED[name] == {"profiles": ["development"]} for name in ("issuer", "sinks"))
    for name in NAMES:
        assert ADDED[name]["ports"] == ["127.0.0.1::8081"]


@pytest.mark.parametrize("name", NAMES)
def test_a_service_may_have_several_processes_for_none_takes_a_port_that_another_has(name: str) -> None:
    ports = [*CONTAINERS[name]["ports"], *ADDED[name]["ports"]]
    unset = [re.sub(r"\$\{\w+-\}", "", port) for port in ports]
    assert unset == ["127.0.0.1::8080", "127.0.0.1::8081"]
    assert "container_name" not in CONTAINERS[name] | ADDED[name]


def test_the_database_has_a_connection_for_three_processes_of_each_service() -> None:
    for said in (CONTAINERS["postgres"]["command"], ADDED["postgres"]["command"]):
        assert "--max_connections=300" in said
    pooled = signature(open_pool).parameters["size"].default + CONNECTIONS
    assert 3 * len(NAMES) * (pooled + len(("relay", "what it hears", "what effects hear"))) + 20 < 300


def test_prometheus_asks_every_process_of_every_service_at_its_port_of_operations() -> None:
    told = yaml.safe_load((ROOT / "deploy" / "monitoring" / "prometheus.yml").read_text())
    [job] = told["scrape_configs"]
    [asked] = job["dns_sd_configs"]
    assert (set(asked["names"]), asked["type"]) == (set(NAMES), "A")
    assert asked["port"] == int(PRODUCTION["x-everybody"]["HUDDLE_OPS_PORT"])
    assert job["relabel_configs"] == [{"source_labels": ["__meta_dns_name"], "target_label": "service"}]


@pytest.mark.parametrize("lines", [DOCKERFILE, OPERATOR], ids=["ours", "operator"])
def test_an_image_says_what_it_is(lines: list[str]) -> None:
    [version] = [
        line for line in (ROOT / "pyproject.toml").read_text().splitlines() if line.startswith("version")
    ]
    labels = {line.split("=")[0].split(".")[-1] for line in lines if "org.opencontainers.image." in line}
    assert {"title", "description", "licenses", "version", "revision"} <= labels
    assert f"VERSION={version.split(chr(34))[1]}" in "\n".join(lines)
