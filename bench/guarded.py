"""What the guards are measured on: a broker and a server that are reached in plain text and by TLS, keys, a sink of
traces."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import asyncpg
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from backbone.store.keys import SCHEMA
from backbone.store.sealing import MARK
from bench.ground import NOTES, Ground, Run
from cli.authority import Authority
from cli.stack.children import Child
from cli.stack.errors import StackError
from cli.stack.kafka import Kafka
from cli.stack.places import cache
from cli.stack.ports import free_ports
from cli.stack.postgres import Postgres

JAVA = ("java", "-XX:+UseSerialGC", "-Xshare:auto")
"""With its optimising compiler: without it Java does AES ten times slower, which no broker in earnest does."""
PROPERTIES = """\
listeners=PLAINTEXT://127.0.0.1:{{port}},SSL://127.0.0.1:{tls},CONTROLLER://127.0.0.1:{{controller}}
advertised.listeners=PLAINTEXT://127.0.0.1:{{port}},SSL://127.0.0.1:{tls}
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL
ssl.client.auth=required
ssl.keystore.type=PEM
ssl.keystore.location={keystore}
ssl.truststore.type=PEM
ssl.truststore.location={ca}
"""
IN_FORCE = """
-- Are the contender's connections encrypted, and is all that it keeps sealed?
SELECT (SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
         WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename IS NOT NULL),
       (SELECT bool_and(substr(body, 1, 4) = $1) FROM content)
"""
IN_PLAIN_TEXT = "?sslmode=disable"
"""Who does not say so takes TLS where the server offers it."""
MASTER = "bench:" + "A" * 43 + "="
KEYS = "bench_keys"
TLS, SEALED, TRACED = "TLS to Kafka and PostgreSQL", "content sealed", "traces exported"
LENGTH = re.compile(rb"(?i)content-length: *(\d+)")
TAKEN = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\n\r\n"


class GuardedGround(Ground):
    """Made by `ground()`. Every contender has the same broker and the same server."""

    def __init__(self, folder: Path) -> None:
        self._authority = Authority(folder / "authority")
        certificate, key = self._authority.issue("broker")
        keystore = folder / "authority" / "keystore.pem"
        keystore.write_bytes(key.read_bytes() + certificate.read_bytes())
        [tls] = free_ports(1)
        more = PROPERTIES.format(tls=tls, keystore=keystore, ca=self._authority.ca)
        kafka = Kafka(folder / "kafka", cache(), say=print, more=more, java=JAVA)
        super().__init__(kafka, self._server(folder), folder)
        self._kafka_by_tls = f"127.0.0.1:{tls}"
        self.traces, self.ratio = "", 1.0

    def _server(self, folder: Path) -> Postgres:
        try:
            server = Postgres(folder / "postgres", tls=self._authority.issue("server"))
            self._url_by_tls = f"?sslmode=verify-full&sslrootcert={self._authority.ca}"
        except StackError as error:
            print(f"  {error} Only Kafka is reached by TLS.", flush=True)
            server, self._url_by_tls = Postgres(folder / "postgres"), IN_PLAIN_TEXT
        return server

    async def open_keys(self) -> None:
        await self._execute(f"CREATE DATABASE {KEYS}")
        await self._execute(SCHEMA, self.postgres.url(KEYS))

    def start_with(self, run: Run, guards: frozenset[str], port: int) -> Child:
        """The contender, so guarded, answering there."""
        how = self._url_by_tls if TLS in guards else IN_PLAIN_TEXT
        told = {"HUDDLE_HTTP_PORT": str(port), "HUDDLE_DATABASE_URL": run.database_url + how}
        if TLS in guards:
            told |= self._known_to_kafka()
        if SEALED in guards:
            told |= {"HUDDLE_KEYS_URL": self.postgres.url(KEYS) + how, "HUDDLE_MASTER_KEYS": MASTER}
        if TRACED in guards:
            told |= {"HUDDLE_TRACES": self.traces, "HUDDLE_TRACES_RATIO": str(self.ratio)}
        return self.start(run, **told)

    async def check(self, run: Run, guards: frozenset[str]) -> None:
        """A guard that is not in force costs nothing. Raises AssertionError."""
        connection = await asyncpg.connect(run.database_url)
        found = await connection.fetchrow(IN_FORCE, MARK)
        await connection.close()
        assert tuple(found) == (TLS in guards and self._url_by_tls != IN_PLAIN_TEXT, SEALED in guards), (
            guards,
            found,
        )

    def _known_to_kafka(self) -> Mapping[str, str]:
        certificate, key = self._authority.issue(NOTES)
        return {
            "HUDDLE_KAFKA": self._kafka_by_tls,
            "HUDDLE_KAFKA_SECURITY": "mtls",
            "HUDDLE_KAFKA_CA": str(self._authority.ca),
            "HUDDLE_KAFKA_CERTIFICATE": str(certificate),
            "HUDDLE_KAFKA_KEY": str(key),
        }


class Sink:
    """Takes what exporters send, and counts the spans."""

    def __init__(self) -> None:
        self._bodies: list[bytes] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            while found := LENGTH.search(await reader.readuntil(b"\r\n\r\n")):
                self._bodies.append(await reader.readexactly(int(found[1])))
                writer.write(TAKEN)
        writer.close()

    @property
    def spans(self) -> int:
        told = (ExportTraceServiceRequest.FromString(body) for body in self._bodies)
        return sum(len(each.spans) for one in told for of in one.resource_spans for each in of.scope_spans)


@asynccontextmanager
async def sink(ground: GuardedGround) -> AsyncIterator[Sink]:
    made, [port] = Sink(), free_ports(1)
    server = await asyncio.start_server(made.serve, "127.0.0.1", port)
    ground.traces = f"http://127.0.0.1:{port}/v1/traces"
    yield made
    server.close()
