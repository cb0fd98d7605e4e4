"""`huddle acl`: shows the rights that Kafka should know, and brings its access lists to them."""

import asyncio
from collections.abc import Iterator, Sequence

import typer
from aiokafka.errors import KafkaError

from cli.acl import OPERATOR, ROLES, SENDER, SUBSCRIBER, rights
from cli.stack.access import bring_about
from cli.standing import brokers, end
from schemas.topics import queue_topic

SHORT_ROLES = (OPERATOR, SENDER, SUBSCRIBER, queue_topic("QUEUE"))


def show(known_as: str, give: Sequence[str], apply: bool) -> None:
    """Prints a line for each right. With `apply` Kafka has them afterwards, or the command ends with a sentence."""
    if "{name}" not in known_as:
        raise end(f"{known_as!r} must name the service: User:{{name}}, or User:huddle-{{name}}.")
    wanted = rights(known_as, given(give))
    for right in wanted:
        typer.echo(str(right))
    if not apply:
        return
    try:
        changed = asyncio.run(bring_about(brokers(), wanted))
    except KafkaError as error:
        raise end(str(error)) from None
    typer.echo(f"{changed.given} given, {changed.taken} taken, {len(wanted) - changed.given} were there.")


def given(give: Sequence[str]) -> Iterator[tuple[str, str]]:
    for each in give:
        role, _, principal = each.partition("=")
        if role not in ROLES:
            raise end(f"There is no role {role!r}. There are: {', '.join(ROLES)}.")
        if not principal.startswith("User:"):
            raise end(f"Say who is {role}: {role}=User:NAME.")
        yield role, principal
