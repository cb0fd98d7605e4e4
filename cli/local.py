"""The whole system on this machine: Kafka, PostgreSQL, topics, services; started in order, tended, stopped."""

import asyncio
import secrets
import ssl
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import httpx

from cli.composition import (
    Mode,
    Ports,
    board_environment,
    command_of,
    environment,
    issuer_command,
    sinks_command,
)
from cli.issuer import Issuer
from cli.stack.children import interruptible
from cli.stack.claim import Claim
from cli.stack.kafka import Kafka
from cli.stack.places import PROJECT, cache
from cli.stack.postgres import Postgres
from cli.stack.supervisor import Program, Supervisor
from cli.stack.topics import ensure_topics
from cli.stack.wiping import wipe
from schemas.services import NAMES

Say = Callable[[str], None]


class LocalStack:
    """One stack in `home`. Only one at a time can run there.

    A `fresh` one forgets what the last one kept, and is not meant to outlive a power cut.
    """

    def __init__(self, home: Path, ports: Ports, mode: Mode, say: Say, *, fresh: bool = False) -> None:
        self.home = home
        self.ports = ports
        self.mode = mode
        self.issuer = Issuer(home / "issuer")
        self._say = say
        self._fresh = fresh
        self._claim = Claim(home)
        self._supervisor = Supervisor(home / "pids")
        self._kafka: Kafka | None = None
        self._postgres: Postgres | None = None

    def start(self, *, services: bool = True) -> None:
        """Everything, in order, or Kafka and PostgreSQL alone; answers when it is ready. Raises StackError."""
        self._claim.take()
        try:
            with interruptible():
                if self._fresh:
                    wipe(self.home)
                self._start_ground()
                if services:
                    self._start()
        except BaseException:
            self.stop()
            raise

    def _start_ground(self) -> None:
        self._kafka = Kafka(self.home / "kafka", cache(), self.ports.kafka, self._say)
        self._postgres = Postgres(self.home / "postgres", self.ports.postgres, durable=not self._fresh)
        self._say("Starting Kafka and PostgreSQL …")
        self._kafka.launch()
        self._postgres.start()
        for service in NAMES:
            self._postgres.create_database(service)
            self._postgres.create_role(service)
        self._kafka.wait()
        asyncio.run(ensure_topics(self._kafka.brokers, self.mode.partitions))

    def _start(self) -> None:
        self._say("Starting the services …")
        self._supervisor.launch(self._sinks())
        self._supervisor.wait("sinks")
        for service in NAMES:
            self._supervisor.launch(self._program(service))
        for program in self._front():
            self._supervisor.launch(program)
        for name in (*NAMES, "issuer", "board"):
            self._supervisor.wait(name)
        self._claim.publish(
            {
                "kafka": self.ports.kafka,
                "postgres": self.ports.postgres,
                "services": dict(self.ports.services),
                "sinks": self.ports.sinks,
                "board": self.ports.board,
                "issuer": self.ports.issuer,
            }
        )

    def _program(self, service: str) -> Program:
        ready = partial(answers, f"{self.ports.url(service)}/readyz")
        env = environment(service, self.ports, self.issuer, secret_of(self.home), self.mode)
        return Program(service, command_of(service), self.home / "logs" / f"{service}.log", env, ready)

    def _sinks(self) -> Program:
        """Where messages arrive on this machine."""
        ready = partial(answers, f"http://127.0.0.1:{self.ports.sinks[0]}/arrived")
        env = {"PYTHONPATH": str(PROJECT)}
        return Program("sinks", sinks_command(self.ports), self.home / "logs" / "sinks.log", env, ready)

    def _front(self) -> tuple[Program, Program]:
        """The issuer, at whose page one picks who one is, and the front door of browsers."""
        logs, secret = self.home / "logs", secret_of(self.home, "session-secret")
        issuer = Program(
            "issuer",
            issuer_command(self.ports, self.issuer.folder),
            logs / "issuer.log",
            {"PYTHONPATH": str(PROJECT)},
            partial(answers, f"{self.ports.issuer_url}/jwks.json"),
        )
        board = Program(
            "board",
            (sys.executable, "-m", "board"),
            logs / "board.log",
            board_environment(self.ports, self.issuer, secret, self.mode),
            partial(answers, f"{self.ports.board_url}/readyz"),
        )
        return issuer, board

    def tend(self, until: threading.Event) -> None:
        """Restart what ends, until told to stop."""
        while not until.wait(0.5):
            for sentence in self._supervisor.tend():
                self._say(sentence)

    def ended(self) -> list[str]:
        """Of each program that ended by itself, its name and the end of its log."""
        return self._supervisor.ended()

    def stop(self) -> None:
        """Services first, then the database, then the broker. Nothing is left running."""
        self._supervisor.stop()
        if self._postgres is not None:
            self._postgres.stop("immediate" if self._fresh else "fast")
        if self._kafka is not None:
            self._kafka.kill() if self._fresh else self._kafka.stop()
        self._claim.release()


def answers(url: str) -> bool:
    """Asked many times while much starts: to read the authorities' certificates for each would take longer than the
    question. Who trusts nobody reads none."""
    try:
        nobody = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        return httpx.get(url, timeout=1, trust_env=False, verify=nobody).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def secret_of(home: Path, name: str = "id-secret") -> str:
    """The secret that opaque ids are derived under, or another; made once for each home."""
    file = home / name
    if not file.exists():
        home.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(secrets.token_hex(32))
    return file.read_text()
