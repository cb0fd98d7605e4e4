"""A host over a fake core as a process: `host_process.py plain|faust KAFKA TOPIC`. Says when it handled a record."""

import asyncio
import signal
import sys
from importlib import import_module

from backbone.brokers import Brokers
from backbone.errors import Fatal
from backbone.log.hosts.membership import Membership
from backbone.log.lanes import Lanes
from backbone.log.records import Run
from backbone.telemetry import Metrics, configure_logging
from tests.support.fake_core import FakeCore


class SayingCore(FakeCore):
    """Says what it handled."""

    async def handle(self, run: Run) -> int:
        offset = await super().handle(run)
        print(offset, flush=True)
        return offset


async def run(host: str, kafka: str, topic: str) -> None:
    metrics = Metrics()
    serving = asyncio.ensure_future(
        import_module(f"backbone.log.hosts.{host}").serve(
            Membership(Brokers(kafka), topic, session_timeout=6),
            Lanes(SayingCore(topic), metrics),
            metrics,
            [],
        )
    )
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, serving.cancel)
    try:
        await serving
    except asyncio.CancelledError:
        return


if __name__ == "__main__":
    configure_logging("INFO", "host")
    try:
        asyncio.run(run(*sys.argv[1:]))
    except Fatal as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)
