"""Which services a command is for, and the settings of each: the environment's, or those of what runs here."""

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

import typer

from backbone.errors import UnusableSettings
from backbone.model import Service
from backbone.settings import Settings
from backbone.told import SECRETS, as_told
from cli.composition import USUAL, Mode, Ports, environment, migrate_url, service_of
from cli.issuer import Issuer
from cli.local import LocalStack, secret_of
from cli.stack.claim import standing
from cli.stack.errors import StackError
from cli.standing import end, ports, stack_home
from schemas.services import NAMES


@contextmanager
def ground() -> Iterator[Ports]:
    """Where Kafka and PostgreSQL of this machine answer: those that run, else started for as long as it takes."""
    if standing(stack_home()):
        yield ports()
        return
    stack = LocalStack(stack_home(), USUAL, Mode(), typer.echo)
    try:
        stack.start(services=False)
        yield USUAL
    except StackError as error:
        raise end(str(error)) from None
    finally:
        stack.stop()


@contextmanager
def databases() -> Iterator[Mapping[str, str]]:
    """Of each service, as the owner of its schema: by the secrets <service>_migrate_url, else those of this machine."""
    files = {name: SECRETS / f"{name}_migrate_url" for name in NAMES}
    if all(file.is_file() for file in files.values()):
        yield {name: file.read_text().strip() for name, file in files.items()}
        return
    with ground() as where:
        yield {name: migrate_url(name, where) for name in NAMES}


class Addressed(NamedTuple):
    """`local`: it is one of the local stack's."""

    service: Service
    local: bool

    @property
    def settings(self) -> Settings:
        """As its process is told. Ends the command where they are wrong."""
        try:
            return as_told(Settings)
        except UnusableSettings as error:
            raise end(f"{self.service.name}: {error}") from None


def chosen(service: str | None) -> Iterator[Addressed]:
    """One after another: while one is in hand, the environment holds its settings. What Kafka's library logs of what it
    tries again, nobody needs to read: the command says what came of it."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    if service is not None and service not in NAMES:
        raise end(f"There is no service {service!r}. There are: {', '.join(NAMES)}.")
    if "HUDDLE_DATABASE_URL" in os.environ:
        if service is None:
            raise end(f"HUDDLE_DATABASE_URL is set. Say whose it is: --service {'|'.join(NAMES)}")
        yield Addressed(service_of(service), local=False)
        return
    with ground() as where:
        issuer, secret = Issuer(stack_home() / "issuer"), secret_of(stack_home())
        for name in NAMES if service is None else (service,):
            os.environ.update(environment(name, where, issuer, secret, Mode()))
            yield Addressed(service_of(name), local=True)
