"""The default host: Faust for lifecycle, membership, the dispatching agent and tasks; nothing of correctness."""

import logging
from collections.abc import Collection, Mapping, Sequence
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from aiokafka.errors import KafkaError
from faust.types.tuples import TP
from mode.supervisors import CrashingSupervisor

from backbone.errors import Fatal
from backbone.log.hosts.bounds import Bounds
from backbone.log.hosts.membership import Membership, Task, end_within, run_beside
from backbone.log.hosts.seams import ConsumerThread, HostedApp, Schema, check_seams
from backbone.log.hosts.unpacking import install
from backbone.log.hosts.watch import keep_watch
from backbone.log.lanes import Lanes
from backbone.log.records import Core, Seen
from backbone.telemetry import Metrics

STOP_SECONDS = 2.5


class FaustHost:
    """Connects a Faust app with the lanes."""

    def __init__(self, membership: Membership, core: Core, lanes: Lanes) -> None:
        self.lanes = lanes
        self._bounds = Bounds(membership.kafka)
        self.app = new_app(membership)
        self.app.end_with = self._end_from_thread
        topics = self.app.topic(*sorted(core.topics), schema=Schema(), internal=True)
        self.app.agent(topics, name="dispatch", supervisor_strategy=CrashingSupervisor)(self._dispatch)
        self.app.on_partitions_assigned.connect(self._assigned)
        self.app.on_partitions_revoked.connect(self._revoked)

    async def _dispatch(self, stream: Any) -> None:
        async for event in stream.noack().events():
            await self.lanes.room()
            self.lanes.offer(event.value)

    async def _assigned(self, app: Any, assigned: set[TP], **_: Any) -> None:
        self.lanes.assign((place.topic, place.partition) for place in assigned)

    async def _revoked(self, app: Any, revoked: set[TP], **_: Any) -> None:
        await self.lanes.revoke([(place.topic, place.partition) for place in revoked])

    def _end_from_thread(self, error: Fatal) -> None:
        def end() -> None:
            if not self.lanes.fatal.done():
                self.lanes.fatal.set_exception(error)

        self.app.loop.call_soon_threadsafe(end)

    async def bounds(self, topic: str, partition: int) -> tuple[int, int]:
        return await self._bounds.of(topic, partition)

    async def seen(self, topics: Collection[str]) -> Mapping[str, Seen]:
        return await self._bounds.seen(topics)

    async def at_end(self, places: Collection[tuple[str, int]]) -> bool:
        ends = await self._bounds.ends(places)

        async def reached() -> bool:
            # Asked in the consumer's thread: there, what was fetched is bound before anybody else sees the position.
            return self._thread.chain.reached(ends)

        return bool(await self._thread.call_thread(reached))

    def handed_out(self, topic: str, partition: int) -> int | None:
        return self._thread.chain.handed_out(topic, partition)

    def left(self, topic: str, partition: int) -> int | None:
        return self._thread.chain.left(topic, partition)

    def denied(self) -> KafkaError | None:
        return self._thread.denied()

    async def commit(self, offsets: Mapping[tuple[str, int], int]) -> bool:
        if self.app.rebalancing:
            return False
        return bool(await self._thread.commit({TP(*place): offset for place, offset in offsets.items()}))

    async def seek(self, topic: str, partition: int, offset: int) -> None:
        await self.app.consumer.seek_wait({TP(topic, partition): offset})

    async def run(self) -> None:
        """Until cancelled; each part is ended even if ending another one is interrupted. Raises Fatal when Faust gives
        up."""
        async with AsyncExitStack() as endings:
            endings.push_async_callback(lambda: end_within(STOP_SECONDS, self.app.stop()))
            endings.push_async_callback(self._bounds.close)
            endings.push_async_callback(self.lanes.close)
            await self._start()
            await self.app._crashed.wait()
            raise Fatal(f"Faust stopped: {self.app.crash_reason!r}")

    async def _start(self) -> None:
        try:
            self.app.finalize()
            await self.app.start()
        except Exception as error:
            where, what = self.app.membership.kafka.servers, type(error).__name__
            raise Fatal(
                f"No Kafka broker answers at {where} ({what}). Start it, or correct HUDDLE_KAFKA or how we are "
                "known to it (HUDDLE_KAFKA_SECURITY and what goes with it)."
            ) from None

    @property
    def _thread(self) -> ConsumerThread:
        thread: ConsumerThread = self.app.consumer._thread
        return thread


def new_app(membership: Membership) -> HostedApp:
    """A Faust app with everything off that could touch messages, topics or positions."""
    logging.getLogger("faust").setLevel(logging.ERROR)
    app = HostedApp(
        membership.group,
        broker=f"kafka://{membership.kafka.servers}",
        store="memory://",
        datadir=str(Path(gettempdir()) / "huddle-faust"),
        autodiscover=False,
        web_enabled=False,
        web_tables_enabled=False,
        web_router_enabled=False,
        processing_guarantee="at_least_once",
        broker_session_timeout=membership.session_timeout,
        broker_heartbeat_interval=1,
        broker_rebalance_timeout=membership.session_timeout,
        broker_request_timeout=max(20, membership.session_timeout),
        broker_max_poll_interval=1000,
        broker_commit_interval=1,
        broker_commit_every=1_000_000_000,
        broker_max_poll_records=1000,
        stream_buffer_maxsize=64,
        stream_wait_empty=False,
        table_standby_replicas=0,
        topic_disable_leader=True,
        topic_allow_declare=False,
    )
    app.membership = membership
    return app


async def serve(membership: Membership, lanes: Lanes, metrics: Metrics, tasks: Sequence[Task]) -> None:
    """Run the lanes and the tasks until cancelled. Raises Fatal when the process can't go on."""
    check_seams()
    install()
    lanes.host = host = FaustHost(membership, lanes.core, lanes)
    await run_beside(host.run, lanes, [*tasks, partial(keep_watch, lanes, host, metrics)])
