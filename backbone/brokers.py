"""Where Kafka answers, and by what a client of ours is known there: said to every client by this alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from backbone.tls import asking


@dataclass(frozen=True, slots=True)
class Brokers:
    """`servers`: host:port, joined by commas. `security`: what aiokafka is told of transport and identity; plain text
    where it is empty."""

    servers: str
    security: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def arguments(self) -> Mapping[str, Any]:
        """What each consumer, producer and admin client of aiokafka is given first."""
        return {"bootstrap_servers": self.servers, **self.security}


def by_password(ca: Path | None, user: str | None, password: str | None) -> Mapping[str, Any]:
    """SCRAM-SHA-512 over TLS. Raises ValueError with a sentence, as the next one does."""
    return {
        "security_protocol": "SASL_SSL",
        "ssl_context": asking(ca),
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": user,
        "sasl_plain_password": password,
    }


def by_certificate(
    ca: Path | None, certificate: Path | None, key: Path | None, password: str | None
) -> Mapping[str, Any]:
    """TLS with certificates on both sides."""
    return {"security_protocol": "SSL", "ssl_context": asking(ca, certificate, key, password)}
