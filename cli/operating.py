"""What operations staff do with the running services, over their HTTP interface."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

import httpx
import typer

from cli.issuer import Issuer
from cli.standing import OPERATOR, answered, end, operations, ports
from schemas.services import NAMES


def chosen(service: str | None) -> Iterator[tuple[str, str]]:
    """(service, its URL)."""
    if service is not None and service not in NAMES:
        raise end(f"There is no service {service!r}. There are: {', '.join(NAMES)}.")
    known = ports()
    for name in NAMES if service is None else (service,):
        yield name, known.url(name)


def verify() -> bool:
    """Prints what differs and what was compared. Is everything as the journals say?"""
    clean, notices = True, dict[str, None]()
    with operations() as client:
        for _, url in chosen(None):
            notices |= dict.fromkeys(client.get(f"{url}/readyz").json().get("notices", ()))
            for line in client.get(f"{url}/verification").raise_for_status().text.splitlines():
                found = json.loads(line)
                if "compared" in found:
                    typer.echo(
                        f"{found['service']}: {found['compared']} aggregates compared, {found['different']} differ"
                    )
                    clean = clean and found["different"] == 0
                else:
                    typer.echo(f"  {found['kind']} {found['id']}: {found['problem']}")
    for notice in notices:
        typer.echo(notice)
    return clean


async def verified(http: httpx.AsyncClient, issuer: Issuer, urls: Sequence[str]) -> bool:
    """Is every state of these services what its journal says?"""
    headers = {"authorization": f"Bearer {issuer.token(OPERATOR, roles=['operations'])}"}
    answers = [await http.get(f"{url}/verification", headers=headers) for url in urls]
    return all(
        json.loads(answer.raise_for_status().text.splitlines()[-1])["different"] == 0 for answer in answers
    )


IN, OUT = "dead-letters", "undeliverable"
"""Records that can't be handled, and rows and effects that can't get out: by their keys, and by their places."""


def list_keys(service: str | None) -> None:
    with operations() as client:
        found = [
            (name, row["key"] if way == IN else row["place"], row)
            for name, url in chosen(service)
            for way in (IN, OUT)
            for row in answered(client.get(f"{url}/{way}"))
        ]
    for name, key, row in found:
        count = f"parked: {row['records']}" if "records" in row else f"to send: {row['rows']}"
        typer.echo(f"{name:<13} {key}  {count}  {row['reason']}  since {row['since']}")
    if not found:
        typer.echo("Nothing is parked, and everything can be sent.")


def show_key(key: str, service: str | None) -> None:
    with operations() as client:
        for name, url, way in holding(client, key, service):
            for row in answered(client.get(f"{url}/{way}/{quote(key, safe='')}")):
                if way == IN:
                    place = f"{row['topic']}/{row['partition']}@{row['record_offset']}"
                    said = f"{row['reason']:<18} {row['error']:<24} {row['record_id']}"
                else:
                    place, said = f"{row['topic']}/{row['key']}", f"{row['reason']:<18} {row['id']}"
                typer.echo(f"{name:<13} {place:<28} {said}")


def retry_key(key: str, service: str | None) -> None:
    """Ends with code 1 where something still waits."""
    still = 0
    with operations() as client:
        for name, url, way in holding(client, key, service):
            done = answered(client.post(f"{url}/{way}/{quote(key, safe='')}/retry"))
            still += done.get("waiting", 0)
            said = (
                f"{done['handled']} handled, {done['waiting']} still wait. {done['error'] or ''}"
                if way == IN
                else f"{done['again']} will be sent again. What is refused again comes back to the list."
            )
            typer.echo(f"{name}: {said}".rstrip())
    if still:
        raise typer.Exit(1)


def retry_reason(reason: str, service: str | None) -> None:
    """Every key that is parked for this reason, each by itself. Ends with code 1 where something still waits."""
    with operations() as client:
        keys = parked_for(client, reason, service)
        done = [answered(client.post(f"{key}/retry")) for key in keys]
    told_of(f"{len(keys)} keys retried", done)


def skip_reason(reason: str, service: str | None) -> None:
    """In one service: of every key that is parked there for this reason the first record, and the rest is retried."""
    if service is None:
        raise end("Say in which service the records are to be dropped: --service NAME")
    with operations() as client:
        keys = parked_for(client, reason, service)
        done = []
        for key in keys:
            answered(client.post(f"{key}/skip"))
            done.append(answered(client.post(f"{key}/retry")))
    told_of(f"{len(keys)} records dropped, one of each key; of what waited behind them", done)


def parked_for(client: httpx.Client, reason: str, service: str | None) -> list[str]:
    """Where each key is that is parked for it. Ends the command when there is none."""
    keys = [
        f"{url}/{IN}/{quote(row['key'], safe='')}"
        for _, url in chosen(service)
        for row in answered(client.get(f"{url}/{IN}"))
        if row["reason"] == reason
    ]
    if not keys:
        raise end(f"Nothing is parked as {reason}. `huddle dead-letters list` shows what is.")
    return keys


def told_of(what: str, done: Sequence[Mapping[str, Any]]) -> None:
    """Ends with code 1 where something still waits."""
    handled, waiting = (sum(each[count] for each in done) for count in ("handled", "waiting"))
    typer.echo(f"{what}: {handled} records handled, {waiting} still wait.")
    if waiting:
        raise typer.Exit(1)


def skip_key(key: str, service: str | None) -> None:
    """In one service: what is dropped is gone there for good, and what one can't handle another may be able to."""
    with operations() as client:
        [(name, url, way), *others] = holding(client, key, service)
        if others:
            names = ", ".join([name, *(other for other, _, _ in others)])
            raise end(f"{key} waits in {names}. Say in which one to drop its first record: --service {name}")
        done = answered(client.post(f"{url}/{way}/{quote(key, safe='')}/skip"))
    typer.echo(f"{name}: {done['skipped']} was dropped. Now retry the rest: huddle dead-letters retry {key}")


def holding(client: httpx.Client, key: str, service: str | None) -> list[tuple[str, str, str]]:
    """The services in which the key is parked or the place waits. Ends the command when there is none."""
    found = [
        (name, url, way)
        for name, url in chosen(service)
        for way, named in ((IN, "key"), (OUT, "place"))
        if any(row[named] == key for row in answered(client.get(f"{url}/{way}")))
    ]
    if not found:
        raise end(f"Nothing waits under {key}. `huddle dead-letters list` shows what does.")
    return found
