"""What differs between deployments, from `HUDDLE_*` variables or files of secrets. Checked at start, whole."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field, PostgresDsn, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from backbone.errors import UnusableSettings

SECRETS = Path("/run/secrets")


class Process(BaseSettings):
    """What every process is told. Each value comes from `HUDDLE_<NAME>`, or from a file `huddle_<name>` in the secrets
    directory."""

    model_config = SettingsConfigDict(env_prefix="HUDDLE_", extra="ignore")

    environment: Literal["development", "production"] = "production"
    http_host: str = "127.0.0.1"
    http_port: Annotated[int, Field(ge=0, le=65535)] = 8080
    oidc_issuer: str
    oidc_audience: str = "huddle"
    oidc_jwks: str = Field(description="URL or file of the issuer's keys")
    oidc_staff: Path | None = Field(
        None, description="file of who among the staff is meant, for an issuer whose tokens tell no roles"
    )
    oidc_staff_claim: str = Field("sub", description="the claim that the file names people by")
    config_dir: Path = Path("config")
    clock: Literal["wall", "simulated"] = "wall"
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @model_validator(mode="after")
    def _production_is_real(self) -> "Process":
        if self.environment == "production" and self.clock == "simulated":
            raise ValueError("HUDDLE_CLOCK=simulated is refused in production")
        if self.environment == "production" and "huddle-development" in self.oidc_issuer:
            raise ValueError("HUDDLE_OIDC_ISSUER is the development issuer, which is refused in production")
        return self


class Settings(Process):
    """What a service is told beside."""

    database_url: PostgresDsn
    kafka: str = Field(description="bootstrap servers, host:port, joined by commas")
    id_secret: Annotated[str, Field(min_length=16)] = Field(
        description="what opaque ids are derived under; never change it"
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
    clock_start: datetime | None = Field(None, description="where the simulated clock stands at start")


S = TypeVar("S", bound=BaseSettings)


def read_settings(**values: Any) -> Settings:
    """A service's. Raises UnusableSettings that names every wrong setting."""
    return read(Settings, **values)


def read(shape: type[S], **values: Any) -> S:
    """Raises UnusableSettings that names every wrong setting."""
    secrets: dict[str, Any] = {"_secrets_dir": SECRETS} if SECRETS.is_dir() else {}
    try:
        return shape(**secrets, **values)
    except ValidationError as error:
        problems = "; ".join(
            f"HUDDLE_{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors()
        )
        raise UnusableSettings(f"Unusable settings: {problems}.") from None
