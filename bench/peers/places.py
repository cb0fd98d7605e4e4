"""What a peer's process is told in its environment."""

import os
from typing import NamedTuple


class Places(NamedTuple):
    """`name` is the consumer group; the facts go to `<name>.events`."""

    name: str
    kafka: str
    database_url: str

    @property
    def output(self) -> str:
        return f"{self.name}.events"


def places() -> Places:
    return Places(os.environ["BENCH_NAME"], os.environ["HUDDLE_KAFKA"], os.environ["HUDDLE_DATABASE_URL"])
