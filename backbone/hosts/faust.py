"""The default host: Faust for lifecycle, membership, the dispatching agent and tasks; nothing of correctness."""

import asyncio
import logging
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from faust.types.tuples import TP
from mode.supervisors import CrashingSupervisor

from backbone.errors import Fatal
from backbone.hosts.bounds import Bounds
from backbone.hosts.membership import Membership, Task, run_beside
from backbone.hosts.seams import HostedApp, Schema, check_versions
from backbone.lanes import Lanes
from backbone.records import Core
from backbone.telemetry import Metrics

COMMIT_SECONDS = 1.0


class FaustHost:
    """Connects a Faust app with the lanes."""

    def __init__(self, membership: Membership, core: Core, lanes: Lanes, metrics: Metrics) -> None:
        self.lanes = lanes
        self._metrics = metrics
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

    async def ends(self, places: Collection[tuple[str, int]]) -> Mapping[tuple[str, int], int]:
        return await self._bounds.ends(places)

    async def seek(self, topic: str, partition: int, offset: int) -> None:
        await self.app.consumer.seek_wait({TP(topic, partition): offset})

    async def keep_watch(self) -> None:
        """Committed offsets and lag, for lag tools and metrics only. The rebuilt position is the database's."""
        while True:
            await asyncio.sleep(COMMIT_SECONDS)
            durable = {TP(*place): offset for place, offset in self.lanes.durable.items()}
            if durable and not self.app.rebalancing:
                await self.app.consumer._thread.commit(durable)
            for place, offset in durable.items():
                try:
                    end = self.app.consumer._thread.highwater(place) or offset
                except Exception:
                    continue
                self._metrics.lag.labels(place.topic, place.partition).set(max(0, end - offset))

    async def run(self) -> None:
        """Until cancelled. Raises Fatal when Faust gives up."""
        try:
            self.app.finalize()
            await self.app.start()
        except Exception as error:
            await self.app.stop()
            where, what = self.app.membership.kafka, type(error).__name__
            raise Fatal(
                f"No Kafka broker answers at {where} ({what}). Start it, or correct HUDDLE_KAFKA."
            ) from None
        crashed = asyncio.ensure_future(self.app._crashed.wait())
        watch = asyncio.ensure_future(self.keep_watch())
        try:
            await asyncio.wait([crashed, watch], return_when=asyncio.FIRST_COMPLETED)
            raise Fatal(f"Faust stopped: {self.app.crash_reason or watch.exception()}")
        finally:
            crashed.cancel()
            watch.cancel()
            await self.lanes.close()
            await self._bounds.close()
            await self.app.stop()


def new_app(membership: Membership) -> HostedApp:
    """A Faust app with everything off that could touch messages, topics or positions."""
    logging.getLogger("faust").setLevel(logging.ERROR)
    app = HostedApp(
        membership.group,
        broker=f"kafka://{membership.kafka}",
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
    check_versions()
    lanes.host = host = FaustHost(membership, lanes.core, lanes, metrics)
    await run_beside(host.run, lanes, tasks)
