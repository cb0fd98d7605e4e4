"""`huddle secrets` and `huddle acl`: who is somebody to the brokers and the others, and who may do what there."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

import typer
from aiokafka.errors import KafkaError

from cli.acl import OPERATOR, SENDER, SUBSCRIBER, given, rights
from cli.secret_files import GIVEN_BY_OTHERS, fill
from cli.stack.access import bring_about
from cli.stack.errors import StackError
from cli.standing import brokers, end
from schemas.topics import queue_topic

SHORT_ROLES = (OPERATOR, SENDER, SUBSCRIBER, queue_topic("QUEUE"))


def fill_secrets(folder: Path, hosts: Mapping[str, str], also: Sequence[str], anew: Sequence[str]) -> None:
    """Says what was made, and what somebody has to write there."""
    try:
        made = fill(folder, hosts, also, anew)
    except StackError as error:
        raise end(str(error)) from None
    typer.echo(f"{len(made)} files made in {folder}; what was there is as it was.")
    if empty := [name for name in GIVEN_BY_OTHERS if not (folder / name).read_text().strip()]:
        typer.echo(f"Empty, for you to write: {', '.join(empty)}.")
    typer.echo(
        "Keep authority.key elsewhere: whoever has it can be any service. It makes the next certificates."
    )
    typer.echo("Keep a copy of master_keys apart from the backups: without it nobody reads what they hold.")


def show(known_as: str, give: Sequence[str], apply: bool) -> None:
    """Prints a line for each right. With `apply` Kafka has them afterwards, or the command ends with a sentence."""
    if "{name}" not in known_as:
        raise end(f"{known_as!r} must name the service: User:{{name}}, or User:huddle-{{name}}.")
    try:
        wanted = rights(known_as, given(give))
    except ValueError as error:
        raise end(str(error)) from None
    for right in wanted:
        typer.echo(str(right))
    if not apply:
        return
    try:
        changed = asyncio.run(bring_about(brokers(), wanted))
    except KafkaError as error:
        raise end(str(error)) from None
    typer.echo(f"{changed.given} given, {changed.taken} taken, {len(wanted) - changed.given} were there.")
