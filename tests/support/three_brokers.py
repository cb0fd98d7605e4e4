"""Three brokers on one machine that hold every record three times and acknowledge it when two have it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cli.stack.kafka import Kafka
from cli.stack.places import cache
from cli.stack.ports import free_ports

COUNT = 3
PROPERTIES = """\
node.id={node}
listeners=PLAINTEXT://127.0.0.1:{{port}},CONTROLLER://127.0.0.1:{controller}
controller.quorum.voters={voters}
default.replication.factor=3
min.insync.replicas=2
offsets.topic.replication.factor=3
transaction.state.log.replication.factor=3
transaction.state.log.min.isr=2
share.coordinator.state.topic.replication.factor=3
share.coordinator.state.topic.min.isr=2
"""


class Node(Kafka):
    """One of them; its clients know them all."""

    def __init__(self, home: Path, node: int, ports: list[int], controllers: list[int]) -> None:
        voters = ",".join(f"{number}@127.0.0.1:{port}" for number, port in enumerate(controllers, 1))
        more = PROPERTIES.format(node=node, controller=controllers[node - 1], voters=voters)
        super().__init__(home, cache(), ports[node - 1], memory="384m", more=more)
        self._all = ports

    @property
    def bootstrap(self) -> str:
        return ",".join(f"127.0.0.1:{port}" for port in self._all)


@contextmanager
def three_brokers(folder: Path) -> Iterator[list[Node]]:
    """Started, and ended."""
    ports = free_ports(2 * COUNT)
    nodes = [
        Node(folder / f"kafka-{number}", number, ports[:COUNT], ports[COUNT:])
        for number in range(1, COUNT + 1)
    ]
    try:
        for node in nodes:
            node.launch()
        for node in nodes:
            node.wait(180)
        yield nodes
    finally:
        for node in nodes:
            node.kill()
