"""What runs once before the services in containers: topics, and the keys of the development issuer.

`python -m cli.preparing` prepares; `python -m cli.preparing <login>` prints a development token for one of the staff.
"""

import asyncio
import os
import shutil
import sys
from pathlib import Path

from backbone.settings import KafkaSettings, read
from cli.issuer import Issuer
from cli.people import members, token_of
from cli.stack.topics import ensure_topics
from schemas.services import all_topics

STATE = Path("/var/lib/huddle")


def prepare(state: Path) -> None:
    """Make what is missing; what is there stays."""
    topics = all_topics(int(os.environ["HUDDLE_RETENTION_DAYS"]))
    made = asyncio.run(
        ensure_topics(read(KafkaSettings).brokers, int(os.environ["HUDDLE_PARTITIONS"]), topics)
    )
    print(f"{len(made)} topics made, {len(topics) - len(made)} were there.")
    shutil.copyfile(Issuer(state / "issuer").jwks, state / "keys" / "jwks.json")


def token(state: Path, login: str) -> str:
    """Raises LookupError when nobody has the login."""
    for member in members():
        if member.login == login:
            return token_of(Issuer(state / "issuer"), member)
    raise LookupError(f"nobody has the login {login}")


def main() -> None:
    if len(sys.argv) > 1:
        print(token(STATE, sys.argv[1]))
    else:
        prepare(STATE)


if __name__ == "__main__":
    main()
