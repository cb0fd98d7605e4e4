"""The secret of the ids is one for the life of a database: under another, whoever is known would be somebody new."""

import hmac
from typing import Any

from backbone.errors import UnusableSettings

ANOTHER = (
    "HUDDLE_ID_SECRET is not the one under which the ids of this database were derived: with another, whoever is sent "
    "again would be somebody new. Give the one of before."
)


async def keep_to(connection: Any, secret: str) -> None:
    """The first secret is remembered. Raises UnusableSettings for another."""
    await connection.execute("INSERT INTO id_secret (mark) VALUES ($1) ON CONFLICT DO NOTHING", mark(secret))
    if await is_another(connection, secret):
        raise UnusableSettings(ANOTHER)


async def is_another(connection: Any, secret: str) -> bool:
    kept = await connection.fetchval("SELECT mark FROM id_secret")
    return kept is not None and not hmac.compare_digest(kept, mark(secret))


def mark(secret: str) -> bytes:
    return hmac.digest(secret.encode(), b"the secret of the ids", "sha256")
