"""Brings Kafka's access lists to what they should be, for the principals that are meant and for nobody else.

aiokafka 0.14.0 has these requests, but its admin client no method that sends them: that private seam is here.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from aiokafka.protocol.admin import CreateAclsRequest, DeleteAclsRequest, DescribeAclsRequest

from backbone.brokers import Brokers
from backbone.log.pinned import check_versions
from cli.acl import Kind, Operation, Right

ANY, ALLOW, LITERAL = 1, 3, 3
EVERYWHERE = "*"
KINDS: Mapping[Kind, int] = {"topic": 2, "group": 3, "cluster": 4, "transactional_id": 5}
OPERATIONS: Mapping[Operation, int] = {
    "read": 3,
    "write": 4,
    "create": 5,
    "describe": 8,
    "describe_configs": 10,
}


class Entry(NamedTuple):
    """A row of an access list, in the order and the numbers of Kafka's protocol."""

    kind: int
    name: str
    pattern: int
    principal: str
    host: str
    operation: int
    permission: int


class Creation(CreateAclsRequest):  # type: ignore[misc]
    """Of many at once: each by itself is a commit of the controllers."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = entries

    def build(self, request_struct_class: Any) -> Any:
        return request_struct_class([tuple(entry) for entry in self._entries])


class Changed(NamedTuple):
    """How many entries. `taken`: what the principals could do besides, as for an earlier release."""

    given: int
    taken: int


async def bring_about(brokers: Brokers, wanted: Collection[Right]) -> Changed:
    """Give what lacks, then take what is too much. Entries that deny, or allow one host alone, are somebody's own and
    stay. Raises KafkaError."""
    entries = {entry_of(right) for right in wanted}
    async with administering(brokers) as admin:
        there = await entries_of(admin, {right.principal for right in wanted})
        missing, surplus = entries - there, there - entries
        for answer in (await admin._send_request(Creation(sorted(missing)))).creation_responses:
            check(*answer)
        for entry in sorted(surplus):
            [answer] = (await admin._send_request(DeleteAclsRequest(*entry))).filter_responses
            check(*answer[:2])
    return Changed(len(missing), len(surplus))


def entry_of(right: Right) -> Entry:
    kind, operation = KINDS[right.kind], OPERATIONS[right.operation]
    return Entry(kind, right.name, LITERAL, right.principal, EVERYWHERE, operation, ALLOW)


async def entries_of(admin: AIOKafkaAdminClient, principals: Collection[str]) -> set[Entry]:
    """What the principals are allowed from everywhere, whoever wrote it."""
    found = set()
    for principal in principals:
        asked = DescribeAclsRequest(ANY, None, ANY, principal, EVERYWHERE, ANY, ALLOW)
        answer = await admin._send_request(asked)
        check(answer.error_code, answer.error_message)
        found |= {
            Entry(kind, name, pattern, *entry)
            for kind, name, pattern, entries in answer.resources
            for entry in entries
        }
    return found


def check(code: int, message: str | None) -> None:
    """Raises KafkaError."""
    if code:
        raise KafkaError(f"Kafka does not change its access lists: {message or f'error {code}'}")


@asynccontextmanager
async def administering(brokers: Brokers) -> AsyncIterator[Any]:
    check_versions("aiokafka")
    admin = AIOKafkaAdminClient(**brokers.arguments)
    try:
        await admin.start()
        yield admin
    finally:
        await admin.close()
