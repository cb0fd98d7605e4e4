"""Where everything answers on this machine, and what each process is told."""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from backbone.model import Service
from cli.issuer import AUDIENCE, ISSUER, Issuer
from cli.stack.places import PROJECT, SUPERUSER
from schemas.services import SERVICES
from simulator.sinks.gateway import ACCOUNT, NUMBER, TOKEN

PARTITIONS = 12


@dataclass(frozen=True, slots=True)
class Ports:
    """Where everything answers on 127.0.0.1."""

    kafka: int
    postgres: int
    services: Mapping[str, int]
    sinks: tuple[int, int]
    """Where messages arrive on this machine: HTTP, SMTP."""
    board: int = 8100
    issuer: int = 8107

    @property
    def board_url(self) -> str:
        """What one opens in a browser is below it."""
        return f"http://127.0.0.1:{self.board}"

    @property
    def issuer_url(self) -> str:
        return f"http://127.0.0.1:{self.issuer}"

    def url(self, service: str) -> str:
        return f"http://127.0.0.1:{self.services[service]}"


USUAL = Ports(
    19092,
    15432,
    {service.name: service.port for service in SERVICES},
    (8106, 18025),
)
"""The ports of `huddle up`. The demo takes free ones."""


@dataclass(frozen=True, slots=True)
class Mode:
    """How the clock runs (`clock_start` in RFC 3339), and how many partitions the event topics have."""

    clock: str = "wall"
    clock_start: str | None = None
    partitions: int = PARTITIONS


def service_of(name: str) -> Service:
    """What the service's own code says of it."""
    found: Service = import_module(f"services.{name}.service").SERVICE
    return found


def command_of(service: str) -> tuple[str, ...]:
    return (sys.executable, "-m", f"services.{service}")


def environment(service: str, ports: Ports, issuer: Issuer, secret: str, mode: Mode) -> Mapping[str, str]:
    """The settings of one process of the local stack."""
    return {
        **of_every_process(issuer, mode),
        **({"HUDDLE_CLOCK_START": mode.clock_start} if mode.clock_start else {}),
        **(outside(ports) if service == "notifications" else {}),
        "HUDDLE_DATABASE_URL": database_url(service, ports),
        "HUDDLE_MIGRATE_URL": migrate_url(service, ports),
        "HUDDLE_KAFKA": f"127.0.0.1:{ports.kafka}",
        "HUDDLE_PARTITIONS": str(mode.partitions),
        "HUDDLE_ID_SECRET": secret,
        "HUDDLE_HTTP_PORT": str(ports.services[service]),
    }


def board_environment(ports: Ports, issuer: Issuer, secret: str, mode: Mode) -> Mapping[str, str]:
    """The settings of the front door."""
    return {
        **of_every_process(issuer, mode),
        "HUDDLE_HTTP_PORT": str(ports.board),
        "HUDDLE_BOARD_URL": ports.board_url,
        "HUDDLE_OIDC_METADATA": f"{ports.issuer_url}/.well-known/openid-configuration",
        "HUDDLE_SESSION_SECRET": secret,
        "HUDDLE_SERVICES": json.dumps({service.name: ports.url(service.name) for service in SERVICES}),
    }


def of_every_process(issuer: Issuer, mode: Mode) -> Mapping[str, str]:
    return {
        "HUDDLE_ENVIRONMENT": "development",
        "HUDDLE_OIDC_ISSUER": ISSUER,
        "HUDDLE_OIDC_AUDIENCE": AUDIENCE,
        "HUDDLE_OIDC_JWKS": str(issuer.jwks),
        "HUDDLE_CONFIG_DIR": str(config_dir()),
        "HUDDLE_CLOCK": mode.clock,
        "PYTHONPATH": str(PROJECT),
    }


def outside(ports: Ports) -> Mapping[str, str]:
    """Messages go to the sinks of this machine and nowhere else."""
    http, smtp = ports.sinks
    return {
        "HUDDLE_SMTP_URL": f"smtp://127.0.0.1:{smtp}",
        "HUDDLE_MAIL_FROM": "clinic@harborstreet.example",
        "HUDDLE_SMS_URL": f"http://{ACCOUNT}:{TOKEN}@127.0.0.1:{http}",
        "HUDDLE_SMS_FROM": NUMBER,
        "HUDDLE_SMS_CALLBACK": ports.url("notifications"),
    }


def issuer_command(ports: Ports, keys: Path) -> tuple[str, ...]:
    """The development issuer as a provider."""
    addresses = (str(keys), str(ports.issuer), ports.issuer_url, ports.board_url)
    return (sys.executable, "-m", "cli.provider", *addresses)


def sinks_command(ports: Ports) -> tuple[str, ...]:
    return (sys.executable, "-m", "simulator.sinks", "127.0.0.1", *map(str, ports.sinks))


def database_url(service: str, ports: Ports) -> str:
    """Of the role that runs the service, which is called as it."""
    return f"postgresql://{service}@127.0.0.1:{ports.postgres}/{service}"


def migrate_url(service: str, ports: Ports) -> str:
    return f"postgresql://{SUPERUSER}@127.0.0.1:{ports.postgres}/{service}"


def config_dir() -> Path:
    """The clinic's, as the services read it; else what is shipped."""
    return Path(os.environ.get("HUDDLE_CONFIG_DIR", PROJECT / "config"))
