"""What operations staff do with the running services, over their HTTP interface."""

import json
from collections.abc import Iterator, Sequence
from urllib.parse import quote

import httpx
import typer

from cli.composition import SERVICES
from cli.issuer import Issuer
from cli.standing import OPERATOR, answered, end, operations, ports


def chosen(service: str | None) -> Iterator[tuple[str, str]]:
    """(service, its URL)."""
    if service is not None and service not in SERVICES:
        raise end(f"There is no service {service!r}. There are: {', '.join(SERVICES)}.")
    known = ports()
    for name in SERVICES if service is None else (service,):
        yield name, known.url(name)


def verify() -> bool:
    """Prints what differs and what was compared. Is everything as the journals say?"""
    clean = True
    with operations() as client:
        for _, url in chosen(None):
            for line in client.get(f"{url}/verification").raise_for_status().text.splitlines():
                found = json.loads(line)
                if "compared" in found:
                    typer.echo(
                        f"{found['service']}: {found['compared']} aggregates compared, {found['different']} differ"
                    )
                    clean = clean and found["different"] == 0
                else:
                    typer.echo(f"  {found['kind']} {found['id']}: {found['problem']}")
    return clean


async def verified(http: httpx.AsyncClient, issuer: Issuer, urls: Sequence[str]) -> bool:
    """Is every state of these services what its journal says?"""
    headers = {"authorization": f"Bearer {issuer.token(OPERATOR, roles=['operations'])}"}
    answers = [await http.get(f"{url}/verification", headers=headers) for url in urls]
    return all(
        json.loads(answer.raise_for_status().text.splitlines()[-1])["different"] == 0 for answer in answers
    )


def list_keys(service: str | None) -> None:
    with operations() as client:
        found = [
            (name, row)
            for name, url in chosen(service)
            for row in answered(client.get(f"{url}/dead-letters"))
        ]
    for name, row in found:
        typer.echo(
            f"{name:<10} {row['key']}  {row['records']} records  {row['reason']}  since {row['since']}"
        )
    if not found:
        typer.echo("Nothing is parked.")


def show_key(key: str, service: str | None) -> None:
    with operations() as client:
        for name, url in holding(client, key, service):
            for row in answered(client.get(f"{url}/dead-letters/{quote(key, safe='')}")):
                place = f"{row['topic']}/{row['partition']}@{row['record_offset']}"
                typer.echo(
                    f"{name:<10} {place:<28} {row['reason']:<18} {row['error']:<24} {row['record_id']}"
                )


def retry_key(key: str, service: str | None) -> None:
    with operations() as client:
        for name, url in holding(client, key, service):
            done = answered(client.post(f"{url}/dead-letters/{quote(key, safe='')}/retry"))
            typer.echo(
                f"{name}: {done['handled']} handled, {done['waiting']} still wait. {done['error'] or ''}".rstrip()
            )


def skip_key(key: str, service: str | None) -> None:
    with operations() as client:
        for name, url in holding(client, key, service):
            done = answered(client.post(f"{url}/dead-letters/{quote(key, safe='')}/skip"))
            typer.echo(
                f"{name}: {done['skipped']} was dropped. Now retry the rest: huddle dead-letters retry {key}"
            )


def holding(client: httpx.Client, key: str, service: str | None) -> list[tuple[str, str]]:
    """The services in which the key is parked. Ends the command when there is none."""
    found = [
        (name, url)
        for name, url in chosen(service)
        if any(row["key"] == key for row in answered(client.get(f"{url}/dead-letters")))
    ]
    if not found:
        raise end(f"Nothing is parked under {key}. `huddle dead-letters list` shows what is.")
    return found
