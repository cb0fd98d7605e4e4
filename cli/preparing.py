"""What runs once before the services in containers: topics, databases, and the keys of the development issuer.

`python -m cli.preparing` prepares; `python -m cli.preparing <login>` prints a development token for one of the staff.
"""

import asyncio
import os
import shutil
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from backbone.errors import Fatal
from backbone.process import patiently
from backbone.settings import SECRETS, KafkaSettings, read
from backbone.store.migrations import BACKBONE, bring_up_to_date
from cli.composition import service_of
from cli.issuer import Issuer
from cli.lanes import grow
from cli.people import members, token_of
from cli.stack.topics import ensure_topics
from schemas.services import NAMES, all_topics

STATE = Path("/var/lib/huddle")


def prepare(state: Path) -> None:
    """Make what is missing; what is there stays."""
    topics = all_topics(int(os.environ["HUDDLE_RETENTION_DAYS"]))
    made = asyncio.run(
        ensure_topics(read(KafkaSettings).brokers, int(os.environ["HUDDLE_PARTITIONS"]), topics)
    )
    print(f"{len(made)} topics made, {len(topics) - len(made)} were there.")
    for service in NAMES:
        applied = asyncio.run(migrate_as_owner(service, SECRETS))
        print(f"{service}: {len(applied)} migrations applied.")
    for topic in asyncio.run(
        grow(read(KafkaSettings).brokers, int(os.environ["HUDDLE_PARTITIONS"]), topics, owners())
    ):
        print(f"{topic}: has more partitions now.")
    shutil.copyfile(Issuer(state / "issuer").jwks, state / "keys" / "jwks.json")


def owners() -> Mapping[str, str]:
    """URLs of the databases, as who owns them."""
    return {name: (SECRETS / f"{name}_migrate_url").read_text().strip() for name in NAMES}


async def migrate_as_owner(service: str, secrets: Path) -> list[str]:
    """By the secrets `<service>_migrate_url` and `<service>_database_url`. The names that were applied now."""
    owns, runs = ((secrets / f"{service}_{kind}_url").read_text().strip() for kind in ("migrate", "database"))
    folders = [BACKBONE, *service_of(service).sql]
    return await patiently(partial(bring_up_to_date, runs, owns, folders))


def token(state: Path, login: str) -> str:
    """Raises LookupError when nobody has the login."""
    for member in members():
        if member.login == login:
            return token_of(Issuer(state / "issuer"), member)
    raise LookupError(f"nobody has the login {login}")


def main() -> None:
    if len(sys.argv) > 1:
        print(token(STATE, sys.argv[1]))
        return
    try:
        prepare(STATE)
    except Fatal as error:
        sys.exit(f"prepare: {error}")


if __name__ == "__main__":
    main()
