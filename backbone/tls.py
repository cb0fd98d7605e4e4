"""TLS as all of ours speak it: whom we believe, and what we show. What a file lacks is said in a sentence; a new file
holds from the next connection on."""

import logging
import ssl
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

log = logging.getLogger("huddle.tls")
Stamp = tuple[int, int, int]
"""What tells one state of a file from the next."""


class Renewed(ssl.SSLContext):
    """Looks for each connection whether its files are others now; while the new ones can't be used, such as a
    certificate without its key yet, those of before go on. A connection is asked for in one of
    two ways: both are here."""

    def __new__(cls, protocol: int, *_: Any) -> "Renewed":
        return super().__new__(cls, protocol)

    def __init__(self, protocol: int, make: Callable[[], ssl.SSLContext], files: Sequence[Path]) -> None:
        """Raises what `make` raises: ValueError, OSError."""
        self._make, self._files = make, files
        self._protocols: list[str] = []
        self._stamps = [stamp_of(file) for file in files]
        self._current = make()

    def wrap_bio(self, *arguments: Any, **named: Any) -> ssl.SSLObject:
        return self._looked_at().wrap_bio(*arguments, **named)

    def wrap_socket(self, *arguments: Any, **named: Any) -> ssl.SSLSocket:
        return self._looked_at().wrap_socket(*arguments, **named)

    def set_alpn_protocols(self, alpn_protocols: Iterable[str]) -> None:
        self._protocols = list(alpn_protocols)
        self._current.set_alpn_protocols(self._protocols)

    def _looked_at(self) -> ssl.SSLContext:
        stamps = [stamp_of(file) for file in self._files]
        if stamps == self._stamps:
            return self._current
        self._stamps = stamps
        try:
            renewed = self._make()
        except (ValueError, OSError) as error:
            log.warning("new certificates can't be used, those of before go on", extra={"error": str(error)})
            return self._current
        if self._protocols:
            renewed.set_alpn_protocols(self._protocols)
        self._current = renewed
        log.info("certificates were read anew")
        return renewed


def stamp_of(file: Path) -> Stamp | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino, found.st_size


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


def asking(
    ca: Path | None, certificate: Path | None = None, key: Path | None = None, password: str | None = None
) -> ssl.SSLContext:
    """Of who asks: whom they believe, and the certificate that they show, if any. Raises ValueError, OSError."""

    def made() -> ssl.SSLContext:
        context = trusting(ca)
        if certificate:
            show(context, certificate, key, password)
        return context

    files = [file for file in (ca, certificate, key) if file]
    return Renewed(ssl.PROTOCOL_TLS_CLIENT, made, files) if files else system()


def answering(certificate: Path, key: Path) -> ssl.SSLContext:
    """Of who is asked. Raises ValueError, OSError."""

    def made() -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        show(context, certificate, key)
        return context

    return Renewed(ssl.PROTOCOL_TLS_SERVER, made, [certificate, key])


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
