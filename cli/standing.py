"""What runs in the usual home, for the commands that talk to it."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import typer

from backbone.brokers import Brokers
from backbone.errors import UnusableSettings
from backbone.ids import ROOT, derive
from backbone.settings import KafkaSettings
from backbone.told import read
from cli.composition import Ports
from cli.issuer import Issuer
from cli.stack import places
from cli.stack.claim import standing

OPERATOR = derive(ROOT, "operations staff of the local stack")


def stack_home() -> Path:
    """Where `huddle up` keeps its state."""
    return places.home() / "stack"


def running() -> Mapping[str, Any]:
    """The published facts of the running stack. Ends the command with a sentence when none runs."""
    found = standing(stack_home())
    if not found:
        raise end("Nothing runs here: start it with `huddle up`.")
    return found


def ports() -> Ports:
    found = running()
    return Ports(
        found["kafka"],
        found["postgres"],
        found["services"],
        tuple(found["sinks"]),
        found["board"],
        found["issuer"],
    )


def brokers() -> Brokers:
    """Those that HUDDLE_KAFKA names, reached as the other HUDDLE_KAFKA_… say; without it those that run here."""
    if "HUDDLE_KAFKA" not in os.environ:
        return Brokers(f"127.0.0.1:{ports().kafka}")
    try:
        return read(KafkaSettings).brokers
    except UnusableSettings as error:
        raise end(str(error)) from None


def end(sentence: str) -> typer.Exit:
    """Say why, on standard error, and end with 1."""
    typer.echo(sentence, err=True)
    return typer.Exit(1)


@contextmanager
def operations() -> Iterator[httpx.Client]:
    """A client with the rights of operations staff."""
    token = Issuer(stack_home() / "issuer").token(OPERATOR, roles=["operations"])
    headers = {"authorization": f"Bearer {token}"}
    with httpx.Client(headers=headers, timeout=300, trust_env=False) as client:
        yield client


def answered(response: httpx.Response) -> Any:
    """The body; a problem ends the command with its sentence."""
    if response.is_error:
        raise end(response.json().get("detail", response.text))
    return response.json()
