"""Groups of orders that came too early, and how they are kept until they can be decided again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from backbone.ids import derive
from backbone.model.aggregate import Aggregate, Lookup, One, Order, Send, tag_of
from backbone.model.column import AllOf
from backbone.model.head import Cause
from backbone.store.rows import DeferredRow
from backbone.telemetry import log


class StoredSend(msgspec.Struct, frozen=True):
    kind: str
    command: msgspec.Raw
    id: str | None = None
    columns: tuple[tuple[str, str], ...] | None = None


class StoredOrder(msgspec.Struct, frozen=True):
    sends: tuple[StoredSend, ...]
    about: str | None = None
    pathway: str | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A group that waits for the next change of one aggregate."""

    order_id: str
    cause: Cause
    order: Order
    kind: str
    target: str
    reason: str
    since: datetime

    @staticmethod
    def of(cause: Cause, order: Order, kind: str, target: str, reason: str, since: datetime) -> "Waiting":
        """The same group of the same cause has the same id, however often it is too early."""
        names = ";".join(f"{tag_of(type(send.command))}:{send.to}" for send in order.sends)
        return Waiting(derive(cause.id, names), cause, order, kind, target, reason, since)


def write_waiting(waiting: Waiting) -> DeferredRow:
    sends = tuple(stored(send) for send in waiting.order.sends)
    about, pathway = waiting.order.about, waiting.order.pathway
    order = StoredOrder(sends, fixed_id(about) if about else None, fixed_id(pathway) if pathway else None)
    return DeferredRow(
        order_id=waiting.order_id,
        aggregate_kind=waiting.kind,
        aggregate_id=waiting.target,
        sends=msgspec.json.encode(order),
        cause=msgspec.json.encode(waiting.cause),
        reason=waiting.reason,
        deferred_at=waiting.since,
    )


def stored(send: Send) -> StoredSend:
    command = msgspec.Raw(msgspec.json.encode(send.command))
    if isinstance(send.to, AllOf):
        return StoredSend(send.aggregate.kind, command, columns=send.to.columns)
    return StoredSend(send.aggregate.kind, command, id=fixed_id(send.to))


def fixed_id(target: One | Lookup) -> str:
    """Only resolved orders are kept."""
    assert isinstance(target, One)
    return target.id


def readable(rows: Sequence[DeferredRow], kinds: Mapping[str, Aggregate[Any]]) -> list[DeferredRow]:
    """Those that this version can read. The others stay where they are, for one that can."""
    found = []
    for row in rows:
        try:
            read_waiting(row, kinds)
        except Exception as error:
            log.error("group not read", extra={"aggregate": row.aggregate_kind}, exc_info=error)
        else:
            found.append(row)
    return found


def read_waiting(row: DeferredRow, kinds: Mapping[str, Aggregate[Any]]) -> Waiting:
    order = msgspec.json.decode(row.sends, type=StoredOrder)
    sends = tuple(read_send(send, kinds) for send in order.sends)
    return Waiting(
        order_id=row.order_id,
        cause=msgspec.json.decode(row.cause, type=Cause),
        order=Order(sends, order.about and One(order.about), order.pathway and One(order.pathway)),  # type: ignore[arg-type]
        kind=row.aggregate_kind,
        target=row.aggregate_id,
        reason=row.reason,
        since=row.deferred_at,
    )


def read_send(send: StoredSend, kinds: Mapping[str, Aggregate[Any]]) -> Send:
    aggregate = kinds[send.kind]
    command: Any = aggregate.command_decoder.decode(send.command)
    return Send(aggregate, command, AllOf(send.columns) if send.columns is not None else One(str(send.id)))
