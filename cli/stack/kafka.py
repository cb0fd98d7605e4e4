"""Apache Kafka from its official Maven artifacts, one KRaft node, on Java 17 or later."""

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from cli.stack.children import start, stop, tail
from cli.stack.ports import free_ports
from cli.stack.postgres import StackError

POM = Path(__file__).with_name("pom.xml")
CLUSTER = "hUdDlElOcAlKaFkAsTaCkQ"
JAVA = ("java", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto")

PROPERTIES = """\
process.roles=broker,controller
node.id=1
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
controller.quorum.voters=1@127.0.0.1:{controller}
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs={data}
num.partitions=12
auto.create.topics.enable=false
offsets.topic.num.partitions=4
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
log.cleaner.dedupe.buffer.size=16777216
"""


def missing_tools() -> list[str]:
    """What this machine lacks to run Kafka, each with what to install."""
    missing = []
    if shutil.which("java") is None or java_major() < 17:
        missing.append("Java 17 or later (Debian: apt-get install openjdk-17-jre-headless)")
    if shutil.which("mvn") is None:
        missing.append("Maven (Debian: apt-get install maven)")
    return missing


def java_major() -> int:
    """The major version of the java on the path, 0 when it can't be told."""
    said = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False).stderr
    try:
        return int(said.split('"')[1].split(".")[0])
    except (IndexError, ValueError):
        return 0


def jars(cache: Path, say: Callable[[str], None] = lambda _: None) -> Path:
    """The folder with Kafka's jars; downloaded through Maven at first use. Raises StackError."""
    folder = cache / f"kafka-{POM.stat().st_size}"
    done = folder / ".complete"
    if done.exists():
        return folder
    if missing := missing_tools():
        raise StackError("Kafka needs " + " and ".join(missing) + ".")
    say("Downloading Kafka through Maven (about 45 MB, once) …")
    goal = [
        "mvn",
        "-q",
        "-B",
        "-f",
        str(POM),
        "dependency:copy-dependencies",
        "-DincludeScope=runtime",
        f"-DoutputDirectory={folder}",
    ]
    made = subprocess.run(goal, capture_output=True, text=True, check=False)
    if made.returncode != 0:
        raise StackError(f"Maven could not fetch Kafka:\n{made.stdout[-2000:]}{made.stderr[-2000:]}")
    done.touch()
    return folder


class Kafka:
    """One broker. `home` holds its data and settings, `cache` the jars."""

    def __init__(
        self, home: Path, cache: Path, port: int | None = None, say: Callable[[str], None] = lambda _: None
    ) -> None:
        self.home = home
        self.log = home / "kafka.log"
        ports = free_ports(2)
        self.port = port or ports[0]
        self._controller = ports[1]
        self._classpath = f"{jars(cache, say)}/*"
        self._process: subprocess.Popen[bytes] | None = None
        home.mkdir(parents=True, exist_ok=True)

    @property
    def bootstrap(self) -> str:
        return f"127.0.0.1:{self.port}"

    def start(self) -> None:
        """Format where there is no data yet, start, wait until it answers. Raises StackError."""
        settings = self.home / "server.properties"
        data = self.home / "data"
        settings.write_text(PROPERTIES.format(port=self.port, controller=self._controller, data=data))
        if not (data / "meta.properties").exists():
            self._format(settings)
        self._process = start(
            [*JAVA, "-cp", self._classpath, "kafka.Kafka", str(settings)], self.log, cwd=self.home
        )
        self._wait()

    def _format(self, settings: Path) -> None:
        command = [
            *JAVA,
            "-cp",
            self._classpath,
            "kafka.tools.StorageTool",
            "format",
            "-t",
            CLUSTER,
            "-c",
            str(settings),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=self.home)
        if done.returncode != 0:
            raise StackError(f"Kafka's storage could not be formatted:\n{done.stdout}{done.stderr}")

    def _wait(self, patience: float = 60.0) -> None:
        assert self._process is not None
        end = time.monotonic() + patience
        while time.monotonic() < end:
            if self._process.poll() is not None:
                raise StackError(f"Kafka did not start:\n{tail(self.log)}")
            with socket.socket() as sock:
                if sock.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise StackError(f"Kafka did not answer within {patience:.0f} s:\n{tail(self.log)}")

    def stop(self) -> None:
        if self._process is not None:
            stop(self._process, patience=15)
            self._process = None

    def kill(self) -> None:
        """As if the machine had lost power."""
        if self._process is not None:
            stop(self._process, sent=signal.SIGKILL)
            self._process = None

    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None
