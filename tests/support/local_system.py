"""Real services as real processes on the session's Kafka and PostgreSQL: start, kill, freeze, ask."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from backbone.http.clients import RESTING
from cli.composition import Ports, outside, sinks_command
from cli.issuer import AUDIENCE, ISSUER, Issuer
from cli.stack.kafka import Kafka
from cli.stack.ports import free_ports
from cli.stack.postgres import Postgres
from cli.stack.topics import make_topics
from schemas.services import all_topics
from schemas.topics import partitions
from tests.support.forked import Forked
from tests.support.ports import held_port

ROOT = Path(__file__).parent.parent.parent
OPERATOR = "0b0e8c7e-5c0e-4f5b-8c2e-7a4f4d2f9a01"
SECRET = "a secret of the tests, long enough"


class Worker:
    """One process."""

    def __init__(self, command: list[str], env: Mapping[str, str], log: Path, code: Path = ROOT) -> None:
        """`code`: the folder of the release that runs."""
        self._command = command
        self._code = code
        self.env = {**os.environ, **env}
        self._log = log
        self.url = f"http://127.0.0.1:{env['HUDDLE_HTTP_PORT']}"
        self.process: subprocess.Popen[bytes] | Forked | None = None

    def start(self, **env: str) -> None:
        self.env |= env
        if self._code == ROOT and self._command[:2] == [sys.executable, "-m"]:
            self.process = Forked(self._command[2:], self.env, self._log)
            return
        with self._log.open("ab") as out:
            self.process = subprocess.Popen(
                self._command,
                env=self.env,
                cwd=self._code,
                stdout=out,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
            )

    def send(self, sent: int) -> None:
        assert self.process is not None
        self.process.send_signal(sent)

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def restart(self) -> None:
        self.kill()
        self.start()

    def end(self, patience: float = 10) -> int:
        """SIGTERM; the exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)
        self.process.terminate()
        return self.process.wait(patience)

    def wait(self, patience: float) -> int:
        """Until it ends by itself; the exit code."""
        assert self.process is not None
        return self.process.wait(patience)

    def tail(self) -> str:
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-30:])


class LocalSystem:
    """Workers over one broker and one server, with databases of their own. `copies`: of each record."""

    def __init__(
        self, kafka: Kafka, postgres: Postgres, folder: Path, laned: int = 12, copies: int = 1
    ) -> None:
        self.kafka = kafka
        self.postgres = postgres
        self.issuer = Issuer(folder / "issuer")
        self.laned = laned
        self._copies = copies
        self.code = ROOT
        """The folder of the release whose processes are started next."""
        self.workers: list[Worker] = []
        self._held = ExitStack()
        self.sinks: Worker | None = None
        self._sink_ports = (0, 0)
        self._folder = folder
        self._databases: dict[str, str] = {}
        self.http = httpx.AsyncClient(timeout=30, trust_env=False, limits=RESTING)

    async def prepare(self, *services: str, suffix: str = "", copied: str | None = None) -> None:
        """Topics, and for each service a database: an empty one, or a copy of the one with that suffix."""
        await make_topics(
            self.kafka.brokers,
            {topic.name: (partitions(topic, self.laned), topic.settings()) for topic in all_topics()},
            self._copies,
        )
        connection = await asyncpg.connect(self.postgres.url())
        for service in services:
            name = f"{service}{suffix}"
            template = "" if copied is None else f" TEMPLATE {service}{copied}"
            await connection.execute(f"CREATE DATABASE {name}{template}")
            self.postgres.create_role(service)
            self._databases[service] = name
        await connection.close()

    def database(self, service: str) -> str:
        """Its URL for tests, which may look at and change everything."""
        return self.postgres.url(self._databases[service])

    def worker(self, service: str, module: str | None = None, **env: str) -> Worker:
        """A new process of the service, started."""
        port = self._held.enter_context(held_port())
        settings = {
            **(self._outside(port) if service == "notifications" else {}),
            "HUDDLE_ENVIRONMENT": "development",
            "HUDDLE_DATABASE_URL": self.postgres.url(self._databases[service], role=service),
            "HUDDLE_MIGRATE_URL": self.database(service),
            "HUDDLE_KAFKA": self.kafka.bootstrap,
            "HUDDLE_ID_SECRET": SECRET,
            "HUDDLE_HTTP_PORT": str(port),
            "HUDDLE_OIDC_ISSUER": ISSUER,
            "HUDDLE_OIDC_AUDIENCE": AUDIENCE,
            "HUDDLE_OIDC_JWKS": str(self.issuer.jwks),
            "HUDDLE_CONFIG_DIR": str(self.code / "config"),
            "HUDDLE_PARTITIONS": str(self.laned),
            "HUDDLE_SESSION_TIMEOUT": "6",
            **env,
        }
        log = self._folder / f"{service}-{len(self.workers)}.log"
        worker = Worker([sys.executable, "-m", module or f"services.{service}"], settings, log, self.code)
        self.workers.append(worker)
        worker.start()
        return worker

    def _outside(self, port: int) -> Mapping[str, str]:
        """Where its messages arrive, in a process of their own; the same for all."""
        if self.sinks is None:
            http, smtp = free_ports(2)
            self._sink_ports = (http, smtp)
            command = [*sinks_command(Ports(0, 0, {}, self._sink_ports))]
            self.sinks = Worker(command, {"HUDDLE_HTTP_PORT": str(http)}, self._folder / "sinks.log")
            self.workers.append(self.sinks)
            self.sinks.start()
        return outside(Ports(0, 0, {"notifications": port}, self._sink_ports))

    async def ready(self, *workers: Worker, seconds: float = 60) -> None:
        """Until every worker has joined its group."""
        for worker in workers:

            async def is_ready(url: str = worker.url) -> bool:
                try:
                    return (await self.http.get(f"{url}/readyz")).status_code == 200
                except httpx.HTTPError:
                    return False

            await until(is_ready, seconds, worker.tail)

    def headers(self, subject: str = OPERATOR, **claims: Any) -> dict[str, str]:
        """A bearer token; by default for operations staff."""
        given = {"roles": ["operations"]} | claims
        return {"authorization": f"Bearer {self.issuer.token(subject, **given)}"}

    async def close(self) -> None:
        for worker in self.workers:
            worker.kill()
        self._held.close()
        await self.http.aclose()


async def until(
    condition: Callable[[], Any], seconds: float = 60, say: Callable[[], str] = lambda: ""
) -> None:
    """Until the awaited condition is true. Raises TimeoutError with what `say` says."""
    try:
        async with asyncio.timeout(seconds):
            while not await condition():
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise TimeoutError(f"not within {seconds} s. {say()}") from None
