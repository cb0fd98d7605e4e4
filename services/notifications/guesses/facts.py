"""Private facts of wrong codes."""

from typing import Literal

from schemas.fact import Code, Id, Instant, PrivateFact


class WrongCodeCounted(PrivateFact):
    """`since`: when the window began in which it counts. `key`: what a reply must name from now on."""

    type: Literal["notifications.wrong_code_counted.v1"] = "notifications.wrong_code_counted.v1"
    inbound_id: Id
    since: Instant
    key: Code | None = None
