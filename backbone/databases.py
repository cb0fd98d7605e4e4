"""How a database is reached, as its URL says it: libpq's options, which asyncpg reads as well."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from backbone.tls import trusting

VERIFIED, PLAIN = "verify-full", "disable"
"""Of `sslmode`: encrypted, to the server of this name by its certificate; neither, and somebody said so."""


def options_of(url: str) -> Mapping[str, str]:
    return dict(parse_qsl(urlsplit(url).query))


def is_said(url: str) -> bool:
    """Whether the URL decides on transport. All other modes speak to whoever answers, or in plain text if asked to."""
    return options_of(url).get("sslmode") in (VERIFIED, PLAIN)


def check(url: str) -> None:
    """Raises ValueError with a sentence when who signed the server's certificate can't be known."""
    options = options_of(url)
    if not options.get("sslmode", "").startswith("verify"):
        return
    if "sslrootcert" not in options:
        raise ValueError(
            f"sslmode={options['sslmode']} needs sslrootcert=FILE, a PEM file of who signed the server's"
        )
    try:
        trusting(Path(options["sslrootcert"]))
    except OSError as error:
        raise ValueError(f"{options['sslrootcert']} can't be read: {error.strerror}") from None
