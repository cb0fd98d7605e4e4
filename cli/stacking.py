"""`huddle up` and what goes with it: the stack that is left running for work."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import psutil
import typer
from rich.console import Console
from rich.table import Column, Table

from cli.composition import PARTITIONS, USUAL
from cli.stack.children import start, tail
from cli.stack.claim import standing
from cli.stack.tools import missing_tools
from cli.standing import end, ports, running, stack_home
from schemas.services import NAMES, all_topics
from schemas.topics import partitions

PATIENCE_SECONDS = 300
STOP_SECONDS = 40


def up() -> None:
    """Starts the keeper, which outlives this command, and shows what it says until the stack is ready."""
    if missing := missing_tools():
        raise end("Huddle needs " + " and ".join(missing) + ".")
    home = stack_home()
    if standing(home) is not None:
        raise end("It runs already: `huddle status` shows it, `huddle down` stops it.")
    log = home / "logs" / "keeper.log"
    log.unlink(missing_ok=True)
    keeper = start(
        [sys.executable, "-m", "cli.keeper", str(home), os.environ.get("HUDDLE_CLOCK", "wall")],
        log,
        bound=None,
    )
    if not _ready(keeper, log):
        raise typer.Exit(1)
    typer.echo(f"The board: {USUAL.board_url}/board")
    for service in NAMES:
        typer.echo(f"  {service:<13} {USUAL.url(service)}/docs")
    typer.echo(f"  {'sinks':<13} http://127.0.0.1:{USUAL.sinks[0]}/arrived, what was sent to whom")
    typer.echo(f"  {'kafka':<13} 127.0.0.1:{USUAL.kafka}")
    typer.echo(f"  {'postgres':<13} 127.0.0.1:{USUAL.postgres}, databases {', '.join(NAMES)}")
    typer.echo(f"  {'issuer':<13} {USUAL.issuer_url}, where one signs in as anybody of the staff")
    typer.echo("Try: huddle token cora.lind, huddle watch nursing, huddle tail. Stop: huddle down.")


def _ready(keeper: subprocess.Popen[bytes], log: Path) -> bool:
    """Shows the keeper's lines until it is ready (True) or has given up (False)."""
    shown, limit = 0, time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < limit:
        ended = keeper.poll() is not None
        lines = log.read_text().splitlines()
        for line in lines[shown:]:
            if line == "READY":
                return True
            typer.echo(line.removeprefix("ERROR "), err=line.startswith("ERROR"))
        shown = len(lines)
        if ended:
            return False
        time.sleep(0.1)
    typer.echo(f"It did not start within {PATIENCE_SECONDS} s: see `huddle logs keeper`.", err=True)
    return False


def down() -> None:
    """Asks the keeper to end and waits until nothing is left."""
    found = running()
    keeper = psutil.Process(found["pid"])
    keeper.send_signal(signal.SIGTERM)
    try:
        keeper.wait(STOP_SECONDS)
    except psutil.TimeoutExpired:
        keeper.kill()
    typer.echo("Stopped.")


READY = "ready"


def status() -> None:
    """Ends with code 1 where something is not ready."""
    known = ports()
    table = Table(*(Column(name, overflow="fold") for name in ("service", "address", "state")))
    for name in ("unsent", "parked", "deferred"):
        table.add_column(name, no_wrap=True)
    shown = {service: (known.url(service), *_state(known.url(service))) for service in NAMES}
    shown |= {
        "board": (f"{known.board_url}/board", _answer(f"{known.board_url}/readyz"), "", "", ""),
        "issuer": (known.issuer_url, _answer(f"{known.issuer_url}/jwks.json"), "", "", ""),
    }
    for name, row in shown.items():
        table.add_row(name, *row)
    Console().print(table)
    if any(state != READY for _, state, *_ in shown.values()):
        raise typer.Exit(1)


def _answer(probe: str) -> str:
    """Of what has no figures."""
    try:
        answer = httpx.get(probe, timeout=2, trust_env=False)
    except httpx.HTTPError:
        return "does not answer"
    return READY if answer.status_code == httpx.codes.OK else "; ".join(answer.json()["problems"])


def _state(url: str) -> tuple[str, str, str, str]:
    try:
        ready = httpx.get(f"{url}/readyz", timeout=2, trust_env=False)
        figures = httpx.get(f"{url}/metrics", timeout=2, trust_env=False).text
    except httpx.HTTPError:
        return "does not answer", "", "", ""
    values = dict(line.rsplit(" ", 1) for line in figures.splitlines() if line and line[0] != "#")
    shown = [
        f"{float(values.get(name, 'nan')):.0f}"
        for name in ("huddle_outbox_rows", "huddle_parked_keys", "huddle_deferred_orders")
    ]
    state = READY if ready.status_code == httpx.codes.OK else "; ".join(ready.json()["problems"])
    return state, shown[0], shown[1], shown[2]


def logs_of(home: Path) -> list[str]:
    kept = (home / name / f"{name}.log" for name in ("kafka", "postgres"))
    return sorted(log.stem for log in (*kept, *(home / "logs").glob("*.log")) if log.exists())


def logs(service: str, lines: int) -> None:
    home = stack_home()
    places = {"kafka": home / "kafka" / "kafka.log", "postgres": home / "postgres" / "postgres.log"}
    log = places.get(service, home / "logs" / f"{service}.log")
    if not log.exists():
        raise end(f"There is no log of {service!r}. There are: {', '.join(logs_of(home)) or 'none yet'}.")
    typer.echo(tail(log, lines))


def topics() -> None:
    table = Table("topic", "key", "partitions", "keeps", "what")
    for topic in all_topics():
        keeps = "latest per key" if topic.days is None else f"{topic.days} days"
        table.add_row(topic.name, topic.key, str(partitions(topic, PARTITIONS)), keeps, topic.says)
    Console().print(table)
