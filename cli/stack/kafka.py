"""Apache Kafka from its official Maven artifacts, one KRaft node, on Java 17 or later."""

import signal
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from backbone.brokers import Brokers
from cli.stack import leftovers
from cli.stack.archive import mapped
from cli.stack.children import Child, finish, kill, start, stop, tail, until
from cli.stack.errors import StackError
from cli.stack.jars import Say, jars
from cli.stack.ports import answers, free_ports

CLUSTER = "hUdDlElOcAlKaFkAsTaCkQ"
LOGGING = Path(__file__).with_name("log4j2.properties")
JAVA = ("java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto")
"""The flags start it in half the time; a broker for development needs no optimising compiler."""

PROPERTIES = """\
process.roles=broker,controller
node.id=1
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
controller.quorum.voters=1@127.0.0.1:{controller}
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs={data}
auto.create.topics.enable=false
offsets.topic.num.partitions=4
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
metadata.max.idle.interval.ms=0
log.cleaner.dedupe.buffer.size=16777216
"""


class Kafka:
    """One broker. `home` holds its data, settings and log; `cache` the jars.

    The port stays the same over every stop, kill and start. Start it from the main thread: it ends with it.
    """

    def __init__(
        self,
        home: Path,
        cache: Path,
        port: int | None = None,
        say: Say = lambda _: None,
        memory: str = "512m",
        more: str = "",
        users: Mapping[str, str] = MappingProxyType({}),
        java: Sequence[str] = JAVA,
    ) -> None:
        """`more` overrides settings; {port} and {controller} may stand in it. `users`: SCRAM passwords by name."""
        self.home = home
        self.log = home / "kafka.log"
        ports = free_ports(2)
        self.port = port or ports[0]
        self._controller = ports[1]
        found = jars(cache, say)
        self._java = (
            *java,
            *mapped(found, java),
            f"-Xmx{memory}",
            f"-Dlog4j2.configurationFile={LOGGING}",
            "-cp",
            f"{found}/*",
        )
        self._properties = PROPERTIES + more
        self._users = users
        self._settings = home / "server.properties"
        self._pid = home / "kafka.pid"
        self._process: Child | None = None
        home.mkdir(parents=True, exist_ok=True)

    @property
    def bootstrap(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def brokers(self) -> Brokers:
        return Brokers(self.bootstrap)

    def start(self) -> None:
        """Format where there is no data yet, start, wait until it answers. Raises StackError."""
        self.launch()
        self.wait()

    def launch(self) -> None:
        """Start without waiting, after ending what a crash left over. Raises StackError."""
        leftovers.end(self._pid)
        if answers(self.port):
            raise StackError(f"Port {self.port}, which Kafka needs, is taken by another program.")
        data = self.home / "data"
        self._settings.write_text(
            self._properties.format(port=self.port, controller=self._controller, data=data)
        )
        if not (data / "bootstrap.checkpoint").exists():
            self._format()
        self._process = start([*self._java, "kafka.Kafka", str(self._settings)], self.log, cwd=self.home)
        leftovers.remember(self._pid, self._process.pid)

    def _format(self) -> None:
        options = ["--ignore-formatted", "-t", CLUSTER, "-c", str(self._settings)]
        for name, password in self._users.items():
            options += ["--add-scram", f'SCRAM-SHA-512=[name="{name}",password="{password}"]']
        command = [*self._java, "kafka.tools.StorageTool", "format", *options]
        if not finish(command, self.log, cwd=self.home):
            raise StackError(f"Kafka's storage could not be formatted:\n{tail(self.log)}")

    def wait(self, patience: float = 60.0) -> None:
        """Until the broker accepts connections, which it does when it can serve. Raises StackError."""
        assert self._process is not None
        until(lambda: answers(self.port), self._process, "Kafka", self.log, patience)

    def stop(self, patience: float = 15) -> None:
        """In order, so that the next start has nothing to recover."""
        if self._process is not None:
            stop(self._process, sent=signal.SIGTERM, patience=patience)
            self._process = None

    def kill(self) -> None:
        """As `kill -9` does. `start` brings it back with its data."""
        if self._process is not None:
            kill(self._process)
            self._process = None

    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None
