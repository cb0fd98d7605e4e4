"""`huddle doctor`: examines the service that the environment's settings are for, or all of the local stack."""

import os
from pathlib import Path

import typer

from cli.addressed import chosen
from cli.doctor.examining import examined
from cli.doctor.finding import Finding, code_of, told
from cli.stack.places import home
from cli.standing import running


def doctor(service: str | None, as_json: bool) -> None:
    """Ends with code 1 where something fails."""
    found: list[Finding] = []
    if "HUDDLE_DATABASE_URL" not in os.environ:
        running()
    for each in chosen(service):
        findings = examined(each.service, home() if each.local else Path("/"))
        for line in told(each.service.name, findings, as_json):
            typer.echo(line)
        found += findings
    if code := code_of(found):
        raise typer.Exit(code)
