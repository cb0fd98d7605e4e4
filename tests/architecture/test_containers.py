"""The containers are as they must be, as far as their files tell. `make compose-test` runs them."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from backbone.settings import Settings
from board.settings import BoardSettings
from schemas.services import NAMES
from services.notifications.gateway.outside import Providers

ROOT = Path(__file__).parent.parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
CONTAINERS: dict[str, Any] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text().splitlines()

OWN_SECRETS = {"notifications": {"huddle_smtp_url": "smtp_url", "huddle_sms_url": "sms_url"}}


def test_there_are_the_containers_of_the_services_and_what_they_need():
    assert set(CONTAINERS) == {"kafka", "postgres", "prepare", "sinks", "board", "issuer", *NAMES}


@pytest.mark.parametrize("name", sorted(CONTAINERS))
def test_a_container_is_bounded_and_seen_from_this_machine_only(name):
    container = CONTAINERS[name]
    assert container["mem_limit"]
    assert container["restart"] == ("on-failure" if name == "prepare" else "unless-stopped")
    assert all(port.startswith("127.0.0.1:") for port in container.get("ports", ()))


@pytest.mark.parametrize("name", [name for name in sorted(CONTAINERS) if name != "prepare"])
def test_a_lasting_container_tells_its_health(name):
    assert CONTAINERS[name]["healthcheck"]["test"]


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
        **own,
    }
    assert all((ROOT / "deploy" / "secrets" / source).is_file() for source in secrets.values())
    given = {name.removeprefix("HUDDLE_").lower() for name in container["environment"]}
    fields = Settings.model_fields | (Providers.model_fields if service == "notifications" else {})
    assert given <= set(fields)
    required = {name for name, field in fields.items() if field.is_required()}
    assert required <= given | {name.removeprefix("huddle_") for name in secrets}


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


@pytest.mark.parametrize("name", [*NAMES, "board", "issuer", "prepare", "sinks"])
def test_a_container_of_ours_can_write_nothing_and_has_no_privilege(name):
    container = CONTAINERS[name]
    assert container["read_only"] is True
    assert container["cap_drop"] == ["ALL"]
    assert container["security_opt"] == ["no-new-privileges:true"]


def test_our_images_do_not_run_as_root():
    users = [line.split()[1] for line in DOCKERFILE if line.startswith("USER ")]
    assert users == ["huddle"]
    last_change = max(number for number, line in enumerate(DOCKERFILE) if line.startswith(("RUN ", "COPY ")))
    assert DOCKERFILE.index("USER huddle") > last_change


def test_the_image_needs_nothing_but_its_base_image_and_locked_packages():
    assert not [line for line in DOCKERFILE if line.startswith("# syntax")]
    assert any("--require-hashes" in line for line in DOCKERFILE)
