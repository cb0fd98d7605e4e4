"""Looks at everything of one service. What can't be asked is a finding like any other."""

from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from pathlib import Path

from aiokafka.errors import KafkaError
from asyncpg import InterfaceError, PostgresError

from backbone.clock import WallClock
from backbone.errors import Retryable, UnusableSettings
from backbone.model import Service
from backbone.settings import Settings, as_told
from cli.doctor.broker import of_brokers, of_lag, topics_of
from cli.doctor.database import of_migrations, of_role, of_server, of_what_waits
from cli.doctor.finding import Finding, fails
from cli.doctor.here import files_of, of_certificates, of_disk, of_production, of_rules
from config.errors import ConfigurationError

AWAY = (OSError, TimeoutError, PostgresError, InterfaceError, KafkaError, Retryable)
Look = Callable[[], Awaitable[Iterable[Finding] | Finding]]


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
        ("outbox", partial(of_what_waits, service, settings, now)),
        ("brokers", partial(of_brokers, settings, topics_of(service, settings))),
        ("lag", partial(of_lag, service, settings)),
    ]
    for subject, look in looks:
        found += await looked(subject, look)
    return found


async def looked(subject: str, look: Look) -> list[Finding]:
    try:
        found = await look()
    except AWAY as error:
        return [fails(subject, f"it can't be asked: {type(error).__name__}: {error}")]
    return [found] if isinstance(found, Finding) else list(found)
