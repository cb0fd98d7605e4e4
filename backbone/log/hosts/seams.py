"""The private seams of Faust 0.15.3 through which runs reach us whole and positions stay ours.

Everything here overrides something that Faust does not promise to keep: the versions are checked at start.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from itertools import count
from typing import Any

import aiokafka
import faust
import faust.streams
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.errors import KafkaError, NoOffsetForPartitionError, OffsetOutOfRangeError
from aiokafka.structs import OffsetAndMetadata, TopicPartition
from faust.transport.drivers import aiokafka as driver
from faust.types.tuples import TP, ConsumerMessage
from mode.threads import WorkerThread

from backbone.errors import Fatal
from backbone.log.hosts.chain import DENIALS, Chain, not_allowed, offset_lost
from backbone.log.hosts.membership import NEW_TOPICS_MS, Membership, end_within
from backbone.log.pinned import check_versions
from backbone.log.records import Run

FETCH_MS = 200
STOP_SECONDS = 1.5


def check_seams() -> None:
    """Raises Fatal when the seams may not fit what is installed."""
    check_versions("faust-streaming", "aiokafka")
    if faust.streams._CStreamIterator is None:
        raise Fatal(
            "Faust is installed without its compiled parts, which would lose messages: install its wheel."
        )


class Schema(faust.Schema):  # type: ignore[misc]
    """Decoding is ours: keys and values pass as they are."""

    def loads_key(self, app: Any, message: Any, **kwargs: Any) -> Any:
        return message.key

    def loads_value(self, app: Any, message: Any, **kwargs: Any) -> Any:
        return message.value


class Worker(WorkerThread):  # type: ignore[misc]
    """A thread that can't keep the process from ending when the broker does not let it go."""

    def __init__(self, service: Any, **kwargs: Any) -> None:
        super().__init__(service, **kwargs)
        self.daemon = True

    def stop(self) -> None:
        self.is_stopped.wait(STOP_SECONDS)


class ConsumerThread(driver.AIOKafkaConsumerThread):  # type: ignore[misc]
    """Lives in the consumer's own thread: there, fetched runs are bound to the position they were fetched from."""

    Worker = Worker
    chain: Chain

    def denied(self) -> KafkaError | None:
        """What Kafka refuses us. Before there is a consumer nobody has asked for anything."""
        return self.chain.denied() if hasattr(self, "chain") else None

    async def on_thread_stop(self) -> None:
        await end_within(STOP_SECONDS, super().on_thread_stop())

    def on_crash(self, msg: str, *fmt: Any, **kwargs: Any) -> None:
        """The host says why it ends, in one sentence."""

    def _create_worker_consumer(self, transport: Any) -> aiokafka.AIOKafkaConsumer:
        membership: Membership = self.app.membership
        timeout_ms = membership.session_timeout * 1000
        consumer = aiokafka.AIOKafkaConsumer(
            client_id=self.app.conf.broker_client_id,
            group_id=membership.group,
            group_instance_id=membership.instance,
            **membership.kafka.arguments,
            partition_assignment_strategy=[RangePartitionAssignor],
            enable_auto_commit=False,
            auto_offset_reset="none",
            isolation_level="read_committed",
            max_poll_records=1000,
            max_poll_interval_ms=1_000_000,
            max_partition_fetch_bytes=4 * 1024 * 1024,
            fetch_max_wait_ms=FETCH_MS,
            metadata_max_age_ms=NEW_TOPICS_MS,
            request_timeout_ms=max(20_000, timeout_ms),
            session_timeout_ms=timeout_ms,
            rebalance_timeout_ms=timeout_ms,
            heartbeat_interval_ms=1000,
        )
        self.chain = Chain(consumer)
        return consumer

    async def _fetch_records(
        self,
        consumer: Any,
        active_partitions: Any,
        timeout: float | None = None,
        max_records: int | None = None,
    ) -> Mapping[Any, list[Run]]:
        try:
            found = await super()._fetch_records(consumer, active_partitions, timeout, max_records)
        except NoOffsetForPartitionError:
            await asyncio.sleep(0.01)
            return {}
        except OffsetOutOfRangeError as error:
            if lost := offset_lost(self.chain, error):
                self.app.end_with(lost)
            return {}
        except DENIALS as error:
            self.app.end_with(not_allowed(error))
            return {}
        bound = {place: self.chain.run(place.topic, place.partition, found[place]) for place in found}
        return {place: [run] for place, run in bound.items() if run}

    async def _seek_wait(self, consumer: Any, partitions: Mapping[Any, int]) -> None:
        for place, offset in partitions.items():
            self.chain.seek(place.topic, place.partition, offset)

    async def _commit(self, offsets: Mapping[Any, int]) -> bool:
        consumer = self._ensure_consumer()
        mine = {
            p: OffsetAndMetadata(o, "") for p, o in offsets.items() if consumer._subscription.is_assigned(p)
        }
        try:
            await consumer.commit({TopicPartition(*place): offset for place, offset in mine.items()})
        except KafkaError:
            return False
        return True

    def verify_event_path(self, now: float, tp: Any) -> None:
        """Faust would look for acks, of which there are none."""


class Consumer(driver.Consumer):  # type: ignore[misc]
    """Hands whole runs to the stream, and leaves positions to us."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._numbers = count(1)

    def _new_consumer_thread(self) -> ConsumerThread:
        return ConsumerThread(self, loop=self.loop, beacon=self.beacon)

    async def getmany(self, timeout: float) -> AsyncIterator[Any]:
        runs, _ = await self._wait_next_records(timeout)
        for place, found in (runs or {}).items():
            for run in found:
                if self.flow_active and not self.should_stop:
                    yield TP(*place), self._run_message(run)

    def _run_message(self, run: Run) -> ConsumerMessage:
        """A run as one message. Its number only ever grows: Faust drops what is lower than the last one it saw."""
        place = TP(run.topic, run.partition)
        generation = self.app.consumer_generation_id
        return ConsumerMessage(
            run.topic,
            run.partition,
            next(self._numbers),
            0.0,
            0,
            (),
            b"",
            run,
            None,
            0,
            0,
            place,
            generation_id=generation,
        )

    def _filter_committable_offsets(self, tps: Any) -> dict[Any, int]:
        self._acked.clear()
        self._acked_index.clear()
        return {}

    async def _add_gap(self, tp: Any, offset_from: int, offset_to: int) -> None:
        """Gaps are the broker's; the transaction knows."""

    async def seek_to_committed(self) -> Mapping[Any, int]:
        """Positions come from the database, in the background (engineering: trap 1)."""
        return {}


class Producer(driver.Producer):  # type: ignore[misc]
    """Faust starts one. It sends nothing, but it connects."""

    def _settings_auth(self) -> Mapping[str, Any]:
        membership: Membership = self.app.membership
        return membership.kafka.security


class Transport(driver.Transport):  # type: ignore[misc]
    Consumer = Consumer
    Producer = Producer


class HostedApp(faust.App):  # type: ignore[misc]
    """A Faust app over our consumer. `membership` and `end_with` are set by the host before it starts."""

    membership: Membership
    end_with: Any

    def _new_transport(self) -> Transport:
        return Transport(self.conf.broker_consumer, self)
