"""Archive the classes that a broker loads, once for a Java: all tests together start brokers by the dozen."""

import asyncio
import os
from pathlib import Path
from tempfile import TemporaryDirectory

from cli.stack.archive import archive_of
from cli.stack.jars import jars
from cli.stack.kafka import JAVA, Kafka
from cli.stack.places import cache
from cli.stack.topics import ensure_topics

PARTITIONS = 4
PATIENCE_SECONDS = 300
"""For the broker to write what it has loaded."""


def make(file: Path) -> None:
    """Whole or not at all: start a broker with every topic, and stop it."""
    partial = file.with_suffix(f".{os.getpid()}")
    with TemporaryDirectory(prefix="huddle-archive-") as folder:
        broker = Kafka(Path(folder), cache(), java=(*JAVA, f"-XX:ArchiveClassesAtExit={partial}"))
        try:
            broker.start()
            asyncio.run(ensure_topics(broker.brokers, PARTITIONS))
        finally:
            broker.stop(PATIENCE_SECONDS)
    partial.rename(file)


if __name__ == "__main__":
    wanted = archive_of(jars(cache(), print), JAVA)
    if not wanted.exists():
        print("Archiving the classes of Kafka (once) …")
        make(wanted)
