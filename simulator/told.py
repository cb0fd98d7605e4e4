"""A fact as whoever counts finds it on a topic."""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Told(NamedTuple):
    """A fact as a read_committed reader found it."""

    id: str
    type: str
    subject: str
    cause: str
    kind: str = ""
    """Of its aggregate."""
    patient: str | None = None
    referral: str | None = None
    at: str = ""
    """When it became true."""
    said: Mapping[str, Any] = {}
    """What a fact says that is read here."""
