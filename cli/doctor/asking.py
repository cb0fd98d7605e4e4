"""Two questions that aiokafka 0.14.0 has no words for: what time it is at the controller, and how full the brokers'
disks are. Who asks needs `describe` on the cluster."""

from datetime import UTC, datetime
from typing import Any, NamedTuple

from aiokafka.admin import AIOKafkaAdminClient
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

METADATA: tuple[Any, ...] = ("__cluster_metadata", [(0, {})], {})
"""The controllers' own log, with its one partition."""
TAGS = ("tags", TaggedFields)
REPLICAS = CompactArray(
    ("replica", Int32), ("end", Int64), ("fetched_at_ms", Int64), ("caught_up_at_ms", Int64), TAGS
)


class QuorumResponse_v1(Response):  # noqa: N801 (as aiokafka names them)
    API_KEY, API_VERSION = 55, 1
    SCHEMA = Schema(
        ("error_code", Int16),
        (
            "topics",
            CompactArray(
                ("name", CompactString("utf-8")),
                (
                    "partitions",
                    CompactArray(
                        ("partition", Int32),
                        ("error_code", Int16),
                        ("leader", Int32),
                        ("epoch", Int32),
                        ("high_watermark", Int64),
                        ("voters", REPLICAS),
                        ("observers", REPLICAS),
                        TAGS,
                    ),
                ),
                TAGS,
            ),
        ),
        TAGS,
    )


class QuorumRequest_v1(RequestStruct):  # noqa: N801
    FLEXIBLE_VERSION = True
    API_KEY, API_VERSION, RESPONSE_TYPE = 55, 1, QuorumResponse_v1
    SCHEMA = Schema(
        (
            "topics",
            CompactArray(
                ("name", CompactString("utf-8")),
                ("partitions", CompactArray(("partition", Int32), TAGS)),
                TAGS,
            ),
        ),
        TAGS,
    )


class QuorumRequest(Request[QuorumRequest_v1]):
    """Of the controllers."""

    API_KEY = 55

    def build(self, request_struct_class: type[QuorumRequest_v1]) -> QuorumRequest_v1:
        return request_struct_class([METADATA], {})


class DisksResponse_v4(Response):  # noqa: N801
    API_KEY, API_VERSION = 35, 4
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        ("error_code", Int16),
        (
            "disks",
            CompactArray(
                ("error_code", Int16),
                ("folder", CompactString("utf-8")),
                (
                    "topics",
                    CompactArray(
                        ("name", CompactString("utf-8")),
                        (
                            "partitions",
                            CompactArray(
                                ("partition", Int32),
                                ("size", Int64),
                                ("lag", Int64),
                                ("is_future", Boolean),
                                TAGS,
                            ),
                        ),
                        TAGS,
                    ),
                ),
                ("total_bytes", Int64),
                ("usable_bytes", Int64),
                TAGS,
            ),
        ),
        TAGS,
    )


class DisksRequest_v4(RequestStruct):  # noqa: N801
    FLEXIBLE_VERSION = True
    API_KEY, API_VERSION, RESPONSE_TYPE = 35, 4, DisksResponse_v4
    SCHEMA = Schema(
        ("topics", CompactArray(("name", CompactString("utf-8")), ("partitions", CompactArray(Int32)), TAGS)),
        TAGS,
    )


class DisksRequest(Request[DisksRequest_v4]):
    """Of one broker's disks, and of no topic on them."""

    API_KEY = 35

    def build(self, request_struct_class: type[DisksRequest_v4]) -> DisksRequest_v4:
        return request_struct_class([], {})


class Disk(NamedTuple):
    """Bytes."""

    place: str
    total: int
    free: int


async def clock_of(admin: AIOKafkaAdminClient) -> datetime | None:
    """The controller's: it has caught up with itself now. None when we may not ask."""
    answer: Any = await admin._send_request(QuorumRequest())
    for _, partitions, _ in answer.topics:
        for _, error, leader, _, _, voters, _, _ in partitions:
            for replica, _, _, caught_up, _ in voters:
                if not error and replica == leader:
                    return datetime.fromtimestamp(caught_up / 1000, UTC)
    return None


async def disks_of(admin: AIOKafkaAdminClient, node: int) -> list[Disk]:
    """None of them when we may not ask."""
    answer: Any = await admin._send_request(DisksRequest(), node)
    return [
        Disk(f"{folder} of broker {node}", total, free)
        for error, folder, _, total, free, _ in answer.disks
        if not error
    ]
