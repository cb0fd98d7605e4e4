"""Looks at everything of one service. What can't be asked is a finding like any other."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from pathlib import Path

import jwt
from aiokafka.errors import KafkaError
from asyncpg import InterfaceError, PostgresError

from backbone.clock import WallClock
from backbone.errors import Retryable, UnusableSettings
from backbone.model import Service
from backbone.settings import Settings
from backbone.told import as_told
from cli.doctor.broker import of_brokers, of_lag, of_topics, topics_of
from cli.doctor.database import of_keys, of_migrations, of_retention, of_role, of_server, of_what_waits
from cli.doctor.finding import Finding, fails, ok
from cli.doctor.here import files_of, of_certificates, of_disk, of_production, of_rules
from config.errors import ConfigurationError
from config.governed import in_force

AWAY = (OSError, TimeoutError, PostgresError, InterfaceError, KafkaError, Retryable)
Look = Callable[[], Awaitable[Iterable[Finding] | Finding]]


def examined(service: Service, disk: Path) -> list[Finding]:
    """As `examine`; what the library of Kafka logs of what can't be reached is among the findings."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    return asyncio.run(examine(service, disk))


async def examine(service: Service, disk: Path) -> list[Finding]:
    """By the settings of this environment."""
    try:
        settings = as_told(Settings)
        rules = service.load_rules(settings.config_dir)
    except (UnusableSettings, ConfigurationError) as error:
        return [fails("settings", str(error))]
    now = WallClock().now()
    found = [
        *of_production(service, settings, rules),
        *of_rules(service, rules, now),
        *of_certificates(files_of(settings), now),
        of_disk(disk),
    ]
    looks: list[tuple[str, Look]] = [
        ("database", partial(of_server, settings)),
        ("role", partial(of_role, settings)),
        ("migrations", partial(of_migrations, service, settings)),
        ("keys", partial(of_keys, settings)),
        ("outbox", partial(of_what_waits, service, settings, now)),
        ("retention", partial(of_retention, settings, in_force(rules, now).retention, now)),
        ("issuer", partial(of_issuer, settings)),
        ("brokers", partial(of_brokers, settings)),
        ("topics", partial(of_topics, settings, topics_of(service, settings))),
        ("lag", partial(of_lag, service, settings)),
    ]
    for subject, look in looks:
        found += await looked(subject, look)
    return found


async def of_issuer(settings: Settings) -> Finding:
    """Without its keys nobody is let in."""
    jwks = settings.oidc_jwks
    try:
        if jwks.startswith(("http://", "https://")):
            client = jwt.PyJWKClient(jwks, timeout=5, ssl_context=settings.oidc_context)
            keys = await asyncio.to_thread(client.get_signing_keys)
        else:
            keys = jwt.PyJWKSet.from_json(Path(jwks).read_text()).keys
    except (jwt.PyJWTError, OSError, ValueError) as error:
        return fails("issuer", f"no keys at HUDDLE_OIDC_JWKS: {error}")
    return ok("issuer", f"{len(keys)} keys at {jwks}")


async def looked(subject: str, look: Look) -> list[Finding]:
    try:
        found = await look()
    except AWAY as error:
        return [fails(subject, f"it can't be asked: {type(error).__name__}: {error}")]
    return [found] if isinstance(found, Finding) else list(found)
