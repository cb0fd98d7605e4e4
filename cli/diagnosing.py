"""`huddle doctor`: examines the service that the environment's settings are for, or all of the local stack."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import typer

from cli.composition import Mode, environment, service_of
from cli.doctor.examining import examined
from cli.doctor.finding import Finding, code_of, told
from cli.issuer import Issuer
from cli.local import secret_of
from cli.stack.places import home
from cli.standing import end, ports, stack_home
from schemas.services import NAMES


def doctor(service: str | None, as_json: bool) -> None:
    """Ends with code 1 where something fails."""
    found: list[Finding] = []
    for name, settings in chosen(service):
        os.environ.update(settings)
        findings = examined(service_of(name), home() if settings else Path("/"))
        for line in told(name, findings, as_json):
            typer.echo(line)
        found += findings
    if code := code_of(found):
        raise typer.Exit(code)


def chosen(service: str | None) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Services, and what the environment lacks to be theirs."""
    if service is not None and service not in NAMES:
        raise end(f"There is no service {service!r}. There are: {', '.join(NAMES)}.")
    if "HUDDLE_DATABASE_URL" in os.environ:
        if service is None:
            raise end(f"HUDDLE_DATABASE_URL is set. Say whose it is: --service {'|'.join(NAMES)}")
        yield service, {}
        return
    where, folder = ports(), stack_home()
    issuer, secret = Issuer(folder / "issuer"), secret_of(folder)
    for name in NAMES if service is None else (service,):
        yield name, environment(name, where, issuer, secret, Mode())
