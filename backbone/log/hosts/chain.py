"""Binds fetched records to where their fetch followed on: so a gap of the broker's is told from records gone astray.

Only for use in the consumer's own thread: there, seeking and binding can't come between each other.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import (
    GroupAuthorizationFailedError,
    KafkaError,
    OffsetOutOfRangeError,
    TopicAuthorizationFailedError,
)
from aiokafka.structs import TopicPartition

from backbone.errors import Fatal, OffsetLost
from backbone.log.hosts.unpacking import Unreadable
from backbone.log.records import Record, Run

Place = tuple[str, int]


DENIALS = (GroupAuthorizationFailedError, TopicAuthorizationFailedError)


class Link(NamedTuple):
    """Where the next fetched record follows on, as long as the partition stays assigned (`state` is aiokafka's)."""

    state: object
    offset: int


class Chain:
    """For each partition of a consumer: what was handed out last since the last seek.

    Not the consumer's own position: that one also passes markers of transactions, and the next run would look as if
    something were missing before it.
    """

    def __init__(self, consumer: AIOKafkaConsumer) -> None:
        self._consumer = consumer
        self._links: dict[Place, Link] = {}

    def seek(self, topic: str, partition: int, offset: int) -> None:
        """The next run starts here. Nothing happens when the partition is no longer ours."""
        place = TopicPartition(topic, partition)
        state = self._state(place)
        if state is not None:
            self._consumer.seek(place, offset)
            self._links[place] = Link(state, offset)

    def run(self, topic: str, partition: int, messages: Sequence[Any]) -> Run | None:
        """What was fetched, or None when nobody has said yet where the partition starts."""
        place = TopicPartition(topic, partition)
        link = self._links.get(place)
        if link is None or link.state is not self._state(place) or not messages:
            return None
        self._links[place] = Link(link.state, messages[-1].offset + 1)
        return Run(topic, partition, link.offset, [record_of(message) for message in messages])

    def handed_out(self, topic: str, partition: int) -> int | None:
        """The offset after the last record handed out, or where was sought to. None before the first seek."""
        place = TopicPartition(topic, partition)
        link = self._links.get(place)
        return link.offset if link and link.state is self._state(place) else None

    def position(self, topic: str, partition: int) -> int | None:
        """How far was fetched, markers of transactions included."""
        state = self._state(TopicPartition(topic, partition))
        return state.position if state is not None and state.has_valid_position else None

    def left(self, topic: str, partition: int) -> int | None:
        """How many offsets a reader of committed records has before it, as the last fetch saw it."""
        position = self.position(topic, partition)
        state = self._state(TopicPartition(topic, partition))
        return None if position is None or state.lso is None else max(0, state.lso - position)

    def reached(self, ends: Mapping[Place, int]) -> bool:
        """Everything below these offsets was fetched."""
        positions = {place: self.position(*place) for place in ends}
        return all(position is not None and position >= ends[place] for place, position in positions.items())

    def _state(self, place: TopicPartition) -> Any:
        subscription = self._consumer._subscription
        if not subscription.is_assigned(place):
            return None
        return subscription.subscription.assignment.state_value(place)

    def denied(self) -> KafkaError | None:
        """What aiokafka keeps to itself until somebody fetches, which nobody does without partitions."""
        if topics := self._consumer._client.cluster.unauthorized_topics:
            return TopicAuthorizationFailedError(topics)
        pending: KafkaError | None = getattr(self._consumer._coordinator, "_pending_exception", None)
        return pending if isinstance(pending, DENIALS) else None


def record_of(message: Any) -> Record:
    problem = message.problem if type(message) is Unreadable else None
    return Record(message.offset, message.key, message.value, message.headers, message.timestamp, problem)


def not_allowed(denial: KafkaError) -> Fatal:
    """The end of the process that has no right to its group, or to a topic that it reads."""
    return Fatal(f"Kafka refuses us ({denial}). Give the service its rights (huddle acl), then start it.")


def offset_lost(chain: Chain, error: OffsetOutOfRangeError) -> OffsetLost | None:
    """The end of the process when our own position is out of range. One that Kafka remembers does not count."""
    for topic, partition in error.args[0]:
        if chain.handed_out(topic, partition) is not None:
            return OffsetLost(
                f"{topic}/{partition}: the log no longer has record {error.args[0][topic, partition]}, the next one to "
                "handle. Restore it by a replay, then move the position by hand."
            )
    return None
