"""TLS as all of ours speak it: whom we believe, and what we show. What a file lacks is said in a sentence."""

import ssl
from functools import cache
from pathlib import Path


def trusting(ca: Path | None) -> ssl.SSLContext:
    """Certificates that these authorities signed for the host that was asked for; None: those of the system.

    Raises ValueError.
    """
    try:
        return ssl.create_default_context(cafile=ca)
    except ssl.SSLError:
        raise ValueError(f"{ca} holds no certificate in PEM") from None


@cache
def system() -> ssl.SSLContext:
    """Who is believed where nobody said whom. Made once: every certificate of the machine is read."""
    return trusting(None)


def show(
    context: ssl.SSLContext, certificate: Path | None, key: Path | None, password: str | None = None
) -> None:
    """Let it show a certificate. Raises ValueError."""
    try:
        # Without a password OpenSSL would ask at the terminal for that of an encrypted key.
        context.load_cert_chain(str(certificate), key, password or "")
    except ssl.SSLError as error:
        raise ValueError(
            f"{certificate} and {key} are no certificate in PEM with its key, or the key's password is wrong "
            f"({error.reason})"
        ) from None
