"""What the brokers know of topics by name: Kafka's own id of each, and how many partitions it has.

aiokafka 0.14.0 asks in a version that has no ids: that private seam is here.
"""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError, NodeNotReadyError, UnknownTopicOrPartitionError, for_code
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import (
    Boolean,
    CompactArray,
    CompactString,
    Int16,
    Int32,
    Int64,
    Schema,
    TaggedFields,
)

from backbone.log.records import Seen

NO_ID = (0, 0)
TAGS = ("tags", TaggedFields)


class TopicsResponse_v12(Response):  # noqa: N801 (as aiokafka names them)
    API_KEY, API_VERSION = 3, 12
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "brokers",
            CompactArray(
                ("node_id", Int32),
                ("host", CompactString("utf-8")),
                ("port", Int32),
                ("rack", CompactString("utf-8")),
                TAGS,
            ),
        ),
        ("cluster_id", CompactString("utf-8")),
        ("controller_id", Int32),
        (
            "topics",
            CompactArray(
                ("error_code", Int16),
                ("name", CompactString("utf-8")),
                ("id_high", Int64),
                ("id_low", Int64),
                ("is_internal", Boolean),
                (
                    "partitions",
                    CompactArray(
                        ("error_code", Int16),
                        ("partition", Int32),
                        ("leader", Int32),
                        ("leader_epoch", Int32),
                        ("replicas", CompactArray(Int32)),
                        ("in_sync", CompactArray(Int32)),
                        ("offline", CompactArray(Int32)),
                        TAGS,
                    ),
                ),
                ("operations", Int32),
                TAGS,
            ),
        ),
        TAGS,
    )


class TopicsRequest_v12(RequestStruct):  # noqa: N801
    FLEXIBLE_VERSION = True
    API_KEY, API_VERSION, RESPONSE_TYPE = 3, 12, TopicsResponse_v12
    SCHEMA = Schema(
        (
            "topics",
            CompactArray(("id_high", Int64), ("id_low", Int64), ("name", CompactString("utf-8")), TAGS),
        ),
        ("allow_auto_topic_creation", Boolean),
        ("include_operations", Boolean),
        TAGS,
    )


class TopicsRequest(Request[TopicsRequest_v12]):
    """Makes no topic that is not there."""

    API_KEY = 3

    def __init__(self, names: Collection[str]) -> None:
        self._names = names

    def build(self, request_struct_class: type[TopicsRequest_v12]) -> TopicsRequest_v12:
        return request_struct_class([(*NO_ID, name, {}) for name in sorted(self._names)], False, False, {})


async def seen(client: AIOKafkaClient, names: Collection[str]) -> Mapping[str, Seen]:
    """Those that exist. Raises KafkaError where a broker does not say whether one does."""
    node = client.get_random_node()
    if node is None:
        raise NodeNotReadyError
    answer: Any = await client.send(node, TopicsRequest(names))
    found = {}
    for code, name, high, low, _, partitions, _, _ in answer.topics:
        error: type[KafkaError] = for_code(code)
        if code == 0:
            found[name] = Seen(str(UUID(int=(high % 2**64) << 64 | low % 2**64)), len(partitions))
        elif error is not UnknownTopicOrPartitionError:
            raise error(name)
    return found
