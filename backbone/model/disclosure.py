"""What went out of the house about a person."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple


class Disclosure(NamedTuple):
    """When what was shown or sent to whom, for what; `way` is how it went out, `resource` what it was."""

    at: datetime
    to_kind: str
    to_id: str
    purpose: str | None
    kind: str
    way: str
    resource: str


async def nothing_sent(runtime: Any, lane_keys: Sequence[str]) -> Sequence[Disclosure]:
    return ()
