"""What differs between deployments, by kind of process. Checked at start, whole."""

import json
import ssl
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AnyHttpUrl, Field, PostgresDsn

from backbone import databases
from backbone.brokers import Brokers, by_certificate, by_password
from backbone.hardware import MasterKeysInToken
from backbone.masters import MasterKeys, MasterKeysTold
from backbone.tls import answering, asking
from backbone.told import File, Told

DEVELOPMENT_ISSUER, DEVELOPMENT_KEY = "urn:huddle-development", "development"
"""The issuer that lets one be anybody, and what its key is called."""


def is_development_key(jwks: str) -> bool:
    """Of a file that can be read."""
    try:
        keys = json.loads(Path(jwks).read_text())["keys"]
        return any(key.get("kid") == DEVELOPMENT_KEY for key in keys)
    except (OSError, ValueError, KeyError):
        return False


class HttpSettings(Told):
    """Where a process answers, and how."""

    http_host: str = "127.0.0.1"
    http_port: Annotated[int, Field(ge=0, le=65535)] = 8080
    http_security: Literal["tls", "plaintext"] | None = Field(
        None, description="TLS here, or plain text to a proxy that has it; must be said in production"
    )
    http_certificate: File | None = Field(None, description="with tls: PEM file")
    http_key: File | None = Field(None, description="with tls: PEM file of its key")
    ops_port: Annotated[int, Field(ge=0, le=65535)] | None = Field(
        None, description="of probes, metrics and documentation, in plain text; must be said in production"
    )

    def problems(self) -> Iterator[str]:
        yield from super().problems()
        if self.http_security == "tls" and not (self.http_certificate and self.http_key):
            yield "HUDDLE_HTTP_SECURITY=tls needs HUDDLE_HTTP_CERTIFICATE and HUDDLE_HTTP_KEY"
            return
        try:
            _ = self.http_context
        except ValueError as error:
            yield str(error)

    @cached_property
    def http_context(self) -> ssl.SSLContext | None:
        """What the public port shows; None where it speaks plain text."""
        if self.http_security != "tls" or self.http_certificate is None or self.http_key is None:
            return None
        return answering(self.http_certificate, self.http_key)

    def refusals(self) -> Iterator[str]:
        yield from super().refusals()
        if self.http_security is None:
            yield (
                "HUDDLE_HTTP_SECURITY must be said in production: tls; plaintext only where a proxy adds TLS and "
                "nobody else can reach this port"
            )
        if self.ops_port is None:
            yield "HUDDLE_OPS_PORT must be said in production: metrics and documentation are not for everybody"


class Process(HttpSettings):
    """What every process of ours is told beside: who speaks for people, whose rules hold, what time it is."""

    oidc_issuer: str
    oidc_audience: str = "huddle"
    oidc_jwks: str = Field(description="URL or file of the issuer's keys")
    oidc_ca: File | None = Field(
        None, description="PEM file of who signed the issuer's certificate; those that the system trusts"
    )
    oidc_staff: Path | None = Field(
        None, description="file of who among the staff is meant, for an issuer whose tokens tell no roles"
    )
    oidc_staff_claim: str = Field("sub", description="the claim that the file names people by")
    config_dir: Path = Path("config")
    clock: Literal["wall", "simulated"] = "wall"
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    def problems(self) -> Iterator[str]:
        yield from super().problems()
        try:
            _ = self.oidc_context
        except ValueError as error:
            yield str(error)

    @cached_property
    def oidc_context(self) -> ssl.SSLContext:
        """Whom we believe to be the issuer."""
        return asking(self.oidc_ca)

    def refusals(self) -> Iterator[str]:
        yield from super().refusals()
        if self.clock == "simulated":
            yield "HUDDLE_CLOCK=simulated is refused in production"
        if self.oidc_issuer == DEVELOPMENT_ISSUER:
            yield "HUDDLE_OIDC_ISSUER is the development issuer, which is refused in production"
        for name in ("oidc_issuer", "oidc_jwks"):
            if getattr(self, name).startswith("http://"):
                yield f"HUDDLE_{name.upper()} must be an https address: who is on the way could sign as anybody"
        if is_development_key(self.oidc_jwks):
            yield "HUDDLE_OIDC_JWKS is the key of the development issuer, which signs for anybody"


class KafkaSettings(Told):
    """What every client of Kafka is told: services, and the commands that make topics and lists of access."""

    kafka: str = Field(description="bootstrap servers, host:port, joined by commas")
    kafka_security: Literal["scram", "mtls", "plaintext"] | None = Field(
        None, description="SCRAM-SHA-512 over TLS, or certificates on both sides; must be said in production"
    )
    kafka_user: str | None = Field(None, description="with scram: the service's own")
    kafka_password: str | None = Field(None, description="with scram", repr=False)
    kafka_ca: File | None = Field(
        None, description="PEM file of who signed the brokers' certificates; those that the system trusts"
    )
    kafka_certificate: File | None = Field(None, description="with mtls: PEM file of the service's own")
    kafka_key: File | None = Field(None, description="with mtls: PEM file of its key")
    kafka_key_password: str | None = Field(None, description="where the key is encrypted", repr=False)
    replication: Annotated[int, Field(ge=1, le=9)] | None = Field(
        None, description="copies of each record; 3, in development 1"
    )

    @property
    def copies(self) -> int:
        return self.replication or (3 if self.environment == "production" else 1)

    def refusals(self) -> Iterator[str]:
        yield from super().refusals()
        if self.kafka_security is None:
            yield (
                "HUDDLE_KAFKA_SECURITY must be said in production: scram or mtls; plaintext only where nobody "
                "else can reach or hear the brokers"
            )

    def problems(self) -> Iterator[str]:
        yield from super().problems()
        needed = {"scram": ("kafka_user", "kafka_password"), "mtls": ("kafka_certificate", "kafka_key")}
        if lacking := [name for name in needed.get(self.kafka_security or "", ()) if not getattr(self, name)]:
            names = " and ".join(f"HUDDLE_{name.upper()}" for name in lacking)
            yield f"HUDDLE_KAFKA_SECURITY={self.kafka_security} needs {names}"
            return
        try:
            _ = self.brokers
        except ValueError as error:
            yield str(error)

    @cached_property
    def brokers(self) -> Brokers:
        return Brokers(self.kafka, self._security())

    def _security(self) -> Mapping[str, Any]:
        match self.kafka_security:
            case "scram":
                return by_password(self.kafka_ca, self.kafka_user, self.kafka_password)
            case "mtls":
                own = self.kafka_certificate, self.kafka_key, self.kafka_key_password
                return by_certificate(self.kafka_ca, *own)
            case "plaintext" | None:
                return {}


class MasterSettings(Told):
    """What wraps persons' keys, and where it is."""

    master_keys: str | None = Field(
        None,
        description="name:key (32 bytes in base64), of several the first; with a token, the labels of its keys",
        repr=False,
    )
    hsm_module: File | None = Field(
        None, description="library of PKCS#11 by which a token is reached that shows its keys to nobody"
    )
    hsm_token: str | None = Field(None, description="with it: the token's label")
    hsm_pin: str | None = Field(None, description="with it", repr=False)

    def problems(self) -> Iterator[str]:
        yield from super().problems()
        if self.hsm_module and not (self.master_keys and self.hsm_token and self.hsm_pin):
            yield "HUDDLE_HSM_MODULE needs HUDDLE_HSM_TOKEN, HUDDLE_HSM_PIN and labels of keys in HUDDLE_MASTER_KEYS"
            return
        try:
            _ = self.masters
        except ValueError as error:
            yield f"HUDDLE_MASTER_KEYS: {error}"

    @cached_property
    def masters(self) -> MasterKeys | None:
        if self.master_keys is None:
            return None
        if self.hsm_module and self.hsm_token and self.hsm_pin:
            return MasterKeysInToken(self.master_keys, self.hsm_module, self.hsm_token, self.hsm_pin)
        return MasterKeysTold(self.master_keys)


class Settings(Process, KafkaSettings, MasterSettings):
    """What a service is told beside."""

    database_url: PostgresDsn = Field(description="of the role that runs the service")
    migrate_url: PostgresDsn | None = Field(
        None, description="of the role that owns the schema and migrates, where it is another"
    )
    id_secret: Annotated[str, Field(min_length=16)] = Field(
        description="what opaque ids are derived under; never change it"
    )
    keys_url: PostgresDsn | None = Field(
        None, description="of the database of persons' keys; without it, what is kept of them is not sealed"
    )
    partitions: Annotated[int, Field(ge=1, le=1000)] = 12
    retention_days: Annotated[int, Field(ge=1)] = 30
    host: Literal["faust", "plain"] = "faust"
    instance: str | None = Field(
        None, description="group.instance.id for static membership; unique per process"
    )
    session_timeout: Annotated[int, Field(ge=6, le=300)] = Field(10, description="seconds")
    outbox_patience: Annotated[int, Field(ge=1)] = Field(
        60, description="seconds that an outbox may stand still before /readyz says so"
    )
    lead_patience: Annotated[int, Field(ge=30, le=3600)] = Field(
        600, description="seconds that Kafka may take at most until it lets this process send"
    )
    traces: AnyHttpUrl | None = Field(
        None,
        description="where an OpenTelemetry collector takes spans (OTLP over HTTP, …/v1/traces); none: off",
    )
    traces_ratio: Annotated[float, Field(ge=0, le=1)] = Field(
        0.05,
        description="of the traces that begin here, the share that is told of; a caller's own say so themselves",
    )
    clock_start: datetime | None = Field(None, description="where the simulated clock stands at start")

    @property
    def urls(self) -> Mapping[str, str]:
        """Of the database, by the name of the setting."""
        given = {
            "HUDDLE_DATABASE_URL": self.database_url,
            "HUDDLE_MIGRATE_URL": self.migrate_url,
            "HUDDLE_KEYS_URL": self.keys_url,
        }
        return {name: str(url) for name, url in given.items() if url is not None}

    def problems(self) -> Iterator[str]:
        yield from super().problems()
        for name, url in self.urls.items():
            try:
                databases.check(url)
            except ValueError as error:
                yield f"{name}: {error}"
        if (self.keys_url is None) != (self.master_keys is None):
            yield "HUDDLE_KEYS_URL and HUDDLE_MASTER_KEYS go together: one names where keys are, the other opens them"

    def refusals(self) -> Iterator[str]:
        yield from super().refusals()
        if self.keys_url is None:
            yield (
                "HUDDLE_KEYS_URL and HUDDLE_MASTER_KEYS must be said in production: else whoever has a copy of a "
                "database reads what people said, and nobody can be forgotten"
            )
        for name, url in self.urls.items():
            if not databases.is_said(url):
                yield (
                    f"{name} must say ?sslmode={databases.VERIFIED}&sslrootcert=FILE in production; "
                    f"sslmode={databases.PLAIN} only where nobody else can reach or hear the server"
                )
