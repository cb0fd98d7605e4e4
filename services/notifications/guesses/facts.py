"""Private facts of wrong codes."""

from typing import Literal

from schemas.fact import Id, Instant, PrivateFact


class WrongCodeCounted(PrivateFact):
    """`since`: when the window began in which it counts."""

    type: Literal["notifications.wrong_code_counted.v1"] = "notifications.wrong_code_counted.v1"
    inbound_id: Id
    since: Instant
