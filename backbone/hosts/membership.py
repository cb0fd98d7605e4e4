"""What a host needs to know to join its group."""

from typing import NamedTuple


class Membership(NamedTuple):
    """`kafka`: bootstrap servers, joined by commas. `instance`: unique per process, None for a dynamic member.
    `session_timeout` in seconds: how long a dead member keeps its partitions."""

    kafka: str
    group: str
    instance: str | None = None
    session_timeout: int = 10
