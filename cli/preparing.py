"""What runs once before the services in containers: topics, access lists, databases, the table of patients' keys, and
the keys of the development issuer.

`python -m cli.preparing` prepares; `python -m cli.preparing <login>` prints a development token for one of the staff.
"""

import asyncio
import shutil
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Annotated

from aiokafka.errors import KafkaError
from pydantic import Field

from backbone.errors import Fatal
from backbone.process import patiently
from backbone.settings import KafkaSettings
from backbone.store.keys import make_table
from backbone.store.migrations import BACKBONE, bring_up_to_date, role_of
from backbone.told import SECRETS, read
from cli.acl import given, rights
from cli.composition import service_of
from cli.issuer import Issuer
from cli.lanes import grow
from cli.people import members, token_of
from cli.stack.access import bring_about
from cli.stack.topics import ensure_topics
from schemas.services import NAMES, all_topics

STATE = Path("/var/lib/huddle")


class Preparing(KafkaSettings):
    """As an administrator of the brokers, or whoever may make topics."""

    partitions: Annotated[int, Field(ge=1, le=1000)] = 12
    retention_days: Annotated[int, Field(ge=1)] = 30
    kafka_acl: bool = Field(False, description="bring the brokers' access lists to what services need")
    kafka_give: str = Field("", description="ROLE=PRINCIPAL, with blanks between: who else is given what")


def prepare(state: Path, told: Preparing) -> None:
    """Make what is missing; what is there stays."""
    topics = all_topics(told.retention_days)
    made = asyncio.run(ensure_topics(told.brokers, told.partitions, topics, told.copies))
    print(f"{len(made)} topics made, {len(topics) - len(made)} were there.")
    if told.kafka_acl:
        changed = asyncio.run(bring_about(told.brokers, rights(given=given(told.kafka_give.split()))))
        print(f"{changed.given} rights given at the brokers, {changed.taken} taken.")
    for service in NAMES:
        applied = asyncio.run(migrate_as_owner(service, SECRETS))
        print(f"{service}: {len(applied)} migrations applied.")
    asyncio.run(make_table_of_keys(SECRETS))
    print("keys: the table is there.")
    for topic in asyncio.run(grow(told.brokers, told.partitions, topics, owners())):
        print(f"{topic}: has more partitions now.")
    if told.environment == "development":
        shutil.copyfile(Issuer(state / "issuer").jwks, state / "keys" / "jwks.json")


def owners() -> Mapping[str, str]:
    """URLs of the databases, as who owns them."""
    return {name: told_in(SECRETS, f"{name}_migrate_url") for name in NAMES}


def told_in(secrets: Path, name: str) -> str:
    return (secrets / name).read_text().strip()


async def migrate_as_owner(service: str, secrets: Path) -> list[str]:
    """By the secrets `<service>_migrate_url` and `<service>_database_url`. The names that were applied now."""
    owns, runs = (told_in(secrets, f"{service}_{kind}_url") for kind in ("migrate", "database"))
    folders = [BACKBONE, *service_of(service).sql]
    return await patiently(partial(bring_up_to_date, runs, owns, folders))


async def make_table_of_keys(secrets: Path) -> None:
    """By the secret `keys_migrate_url`, for the roles that run services: they are called the same there."""
    roles = [role_of(told_in(secrets, f"{name}_database_url")) for name in NAMES]
    await patiently(partial(make_table, told_in(secrets, "keys_migrate_url"), roles))


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
        prepare(STATE, read(Preparing))
    except (Fatal, KafkaError, ValueError) as error:
        sys.exit(f"prepare: {error}")


if __name__ == "__main__":
    main()
