"""Kafka transactions in which no request is ever sent twice. The private seam of aiokafka 0.14.0 is here.

aiokafka sends a request again when no answer came, under the same epoch of its producer. The first one may still be on
its way. A late EndTxn then ends a later transaction of the epoch, with half of its records; a late TxnOffsetCommit
turns the batch number back; late AddPartitionsToTxn and AddOffsetsToTxn open a transaction that nobody ends. (KIP-890
mends it in newer protocols than aiokafka speaks.) So the first request without an answer ends its producer: the next
one's epoch fences whatever is late, and then Kafka is asked what it has.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.client import ConnectionGroup
from aiokafka.errors import IllegalOperation, KafkaError, NodeNotReadyError
from aiokafka.producer.transaction_manager import TransactionState
from aiokafka.protocol.produce import ProduceRequest
from aiokafka.protocol.transaction import (
    AddOffsetsToTxnRequest,
    AddPartitionsToTxnRequest,
    EndTxnRequest,
    TxnOffsetCommitRequest,
)
from aiokafka.structs import TopicPartition

from backbone.brokers import Brokers
from backbone.errors import Retryable
from backbone.log.hosts.membership import end_within

TIMEOUT_MS = 10_000
"""Of a request; and of a transaction at the broker, which aborts what takes longer."""
PATIENCE = 1.5
"""Of ours, in those time-outs: while no broker can be reached, aiokafka would go on trying for ever."""
MAX_BATCH_BYTES = 512 * 1024
"""Half of what a broker takes by default: a partition's rows go in one request, not in one after another."""
STOP_SECONDS = 1.0
UNKNOWN_TOPIC_SECONDS = 3.0

ONCE = (
    EndTxnRequest,
    AddPartitionsToTxnRequest,
    AddOffsetsToTxnRequest,
    TxnOffsetCommitRequest,
    ProduceRequest,
)
"""What is never sent again. Repeated produce requests are harmless (they are numbered), but may go on for ever."""
BROKEN = (TransactionState.ABORTABLE_ERROR, TransactionState.FATAL_ERROR)


class Ended(Retryable):
    """The producer can't be used any more. What Kafka has of its transaction, the next one finds out."""


class Unanswered(Exception):
    """Nobody knows whether the broker did it. Not a KafkaError: aiokafka would send the request again."""


@asynccontextmanager
async def started(kafka: Brokers, transactional_id: str) -> AsyncIterator[AIOKafkaProducer]:
    """A producer with an epoch of its own: nothing that an earlier one sent counts from now on."""
    producer = AIOKafkaProducer(
        **kafka.arguments,
        transactional_id=transactional_id,
        transaction_timeout_ms=TIMEOUT_MS,
        acks="all",
        request_timeout_ms=TIMEOUT_MS,
        max_batch_size=MAX_BATCH_BYTES,
    )
    end_when_unanswered(producer)
    try:
        await producer.start()
        yield producer
    finally:
        await end(producer)


def end_when_unanswered(producer: AIOKafkaProducer) -> None:
    """The seam: all requests of a producer pass here."""
    send, state = producer.client.send, producer._txn_manager

    async def send_once(node: int, request: Any, *, group: Any = ConnectionGroup.DEFAULT) -> Any:
        if isinstance(request, ProduceRequest) and state.state in BROKEN:
            # aiokafka would write to partitions that are not part of the transaction: nobody ended it there.
            raise Unanswered(f"{type(request).__name__} outside a transaction")
        try:
            return await send(node, request, group=group)
        except NodeNotReadyError:  # it was not sent
            raise
        except KafkaError as error:
            if isinstance(request, ONCE):
                raise Unanswered(type(request).__name__) from error
            raise

    producer.client.send = send_once


@asynccontextmanager
async def transaction(producer: AIOKafkaProducer) -> AsyncIterator[None]:
    """Committed at the end of the block. Raises Ended; what it left open is aborted when the producer ends, or the next
    one starts."""
    try:
        async with asyncio.timeout(PATIENCE * TIMEOUT_MS / 1000):
            await producer.begin_transaction()
            yield
            await producer.commit_transaction()
    except (KafkaError, IllegalOperation, TimeoutError) as error:
        raise Ended(reason(error)) from error
    except AssertionError as error:
        # aiokafka asserts its states: another request of the same transaction broke it a moment before.
        if producer._txn_manager.state not in BROKEN:
            raise
        raise Ended(reason(error)) from error


def reason(error: BaseException) -> str:
    """What began it, below what aiokafka wraps around it."""
    while error.__cause__ is not None and not isinstance(error, Unanswered):
        error = error.__cause__
    return f"{type(error).__name__}: {error}"


async def end(producer: AIOKafkaProducer) -> None:
    """Within seconds, whatever the broker does. An open transaction is aborted, so that no reader waits for its end."""
    state = producer._txn_manager
    if state.is_in_transaction():
        await end_within(STOP_SECONDS, producer.abort_transaction())
    if (ending := state._transaction_waiter) is not None and ending.done():
        ending.exception()  # asyncio complains of what nobody asked for
    await end_within(STOP_SECONDS, producer.stop())
    await end_within(STOP_SECONDS, producer.client.close())


async def committed_offset(kafka: Brokers, group: str, place: TopicPartition) -> int:
    """What the group committed, 0 when it never did. Raises KafkaError when the broker does not say."""
    admin = AIOKafkaAdminClient(**kafka.arguments)
    try:
        await admin.start()
        offsets = await admin.list_consumer_group_offsets(group, partitions=[place])
    finally:
        await end_within(STOP_SECONDS, admin.close())
    # aiokafka looks at no error of the whole answer, such as that the group is still loading.
    if place not in offsets:
        raise KafkaError(f"the broker does not say what {group} committed")
    offset: int = offsets[place].offset
    return max(offset, 0)


async def partition_counts(
    producer: AIOKafkaProducer, topics: Collection[str], own: str
) -> Mapping[str, int]:
    """By topic, of those that exist. Raises KafkaError when not even `own` does: then more is wrong than a topic."""
    counts = {topic: await partition_count(producer, topic) for topic in topics}
    if not all(counts.values()):
        there = (await producer.client.fetch_all_metadata()).topics()
        if own not in there or any(topic in there for topic, count in counts.items() if not count):
            raise KafkaError(f"{own} is missing, or topics are being made")
    return {topic: count for topic, count in counts.items() if count}


async def partition_count(producer: AIOKafkaProducer, topic: str) -> int:
    """0 when the broker does not know the topic for some seconds."""
    known = producer.client.cluster.partitions_for_topic(topic)
    if known is None:
        with suppress(TimeoutError, KafkaError):
            known = await asyncio.wait_for(producer.partitions_for(topic), UNKNOWN_TOPIC_SECONDS)
    return len(known or ())
