"""What the front door is told, from `HUDDLE_*` variables or files of secrets. Checked at start, whole."""

import ssl
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, StringConstraints

from backbone.settings import Process
from backbone.tls import asking
from backbone.told import File
from schemas.services import SERVICES

Origin = Annotated[str, StringConstraints(pattern=r"^https?://[^/?#\s@]+$")]
Secret = Annotated[str, StringConstraints(min_length=32)]


class BoardSettings(Process):
    """The session's secret must be the same in each process that stands for one address, and be known to nobody."""

    http_port: Annotated[int, Field(ge=0, le=65535)] = 8100
    board_url: Origin = Field(
        "http://127.0.0.1:8100", description="the address that browsers use, without a path"
    )
    oidc_metadata: str | None = Field(
        None,
        description="URL of the provider's discovery document, where it is not below the issuer's address",
    )
    oidc_client_id: str = "huddle-board"
    oidc_client_secret: str | None = Field(None, description="where the provider asks for one")
    oidc_scope: str = "openid profile email offline_access"
    oidc_token: Literal["access_token", "id_token"] = Field(
        "access_token", description="which of the provider's tokens the services are shown"
    )
    session_secret: Secret
    session_secret_before: Secret | None = Field(
        None, description="the secret until now: sessions under it go on while it is changed"
    )
    session_idle_minutes: Annotated[int, Field(ge=1)] = 60
    session_hours: Annotated[int, Field(ge=1, le=24)] = 12
    services_ca: File | None = Field(
        None, description="PEM file of who signed the services' certificates; those that the system trusts"
    )
    services: Mapping[str, Origin] = Field(
        {service.name: f"http://127.0.0.1:{service.port}" for service in SERVICES},
        description='where the services answer, as JSON: {"referral": "http://referral:8080", …}',
    )

    def refusals(self) -> Iterator[str]:
        yield from super().refusals()
        if not self.is_encrypted:
            yield "HUDDLE_BOARD_URL must be an https address in production"
        if self.http_security == "tls" and (
            plain := [url for url in self.services.values() if url.startswith("http:")]
        ):
            yield f"HUDDLE_SERVICES must be https addresses where HUDDLE_HTTP_SECURITY is tls: {', '.join(plain)}"
        if self.metadata_url.startswith("http://"):
            yield "HUDDLE_OIDC_METADATA must be an https address: who is on the way could sign in as anybody"

    @cached_property
    def services_context(self) -> ssl.SSLContext:
        """Whom we believe to be the services."""
        return asking(self.services_ca)

    @property
    def is_encrypted(self) -> bool:
        return urlsplit(self.board_url).scheme == "https"

    @property
    def metadata_url(self) -> str:
        return self.oidc_metadata or f"{self.oidc_issuer.rstrip('/')}/.well-known/openid-configuration"

    @property
    def secrets(self) -> tuple[str, ...]:
        """What cookies are opened with; new ones are sealed with the first."""
        return (self.session_secret, *([self.session_secret_before] if self.session_secret_before else ()))

    def model_post_init(self, context: Any) -> None:
        unknown = set(self.services) - {service.name for service in SERVICES}
        if unknown:
            raise ValueError(f"HUDDLE_SERVICES names no service of ours: {', '.join(sorted(unknown))}")
