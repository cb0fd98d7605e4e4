"""Groups of orders that came too early, and how they are kept until they can be decided again."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

import msgspec

from backbone.ids import derive
from backbone.model.aggregate import Aggregate, Lookup, One, Order, Send, tag_of
from backbone.model.column import AllOf
from backbone.model.head import Cause
from backbone.store.rows import DeferredRow
from backbone.telemetry import log


@dataclass(frozen=True, slots=True)
class Deferred:
    """A group that waits for the next change of one aggregate."""

    order_id: str
    cause: Cause
    order: Order
    kind: str
    target: str
    reason: str
    since: datetime

    @staticmethod
    def of(cause: Cause, order: Order, kind: str, target: str, reason: str, since: datetime) -> "Deferred":
        """The same group of the same cause has the same id, however often it is too early."""
        names = ";".join(f"{tag_of(type(send.command))}:{send.to}" for send in order.sends)
        return Deferred(derive(cause.id, names), cause, order, kind, target, reason, since)


def fixed(order: Order, id_of: Callable[[One | Lookup], str]) -> Order:
    """The same group with its lookups resolved: what is kept must not need the key again."""
    sends = tuple(
        send if isinstance(send.to, AllOf) else Send(send.aggregate, send.command, One(id_of(send.to)))
        for send in order.sends
    )
    about = One(id_of(order.about)) if order.about else None
    pathway = One(id_of(order.pathway)) if order.pathway else None
    return Order(sends, about, pathway)


class DeferredGroups:
    """All that wait in a run, in the order in which they came, found by what they wait for."""

    def __init__(self, groups: Iterable[Deferred] = ()) -> None:
        self._groups: dict[str, Deferred] = {}
        self._by_target: dict[tuple[str, str], dict[str, int]] = {}
        self._count = count()
        for group in groups:
            self.add(group)

    def __contains__(self, order_id: str) -> bool:
        return order_id in self._groups

    def __iter__(self) -> Iterator[Deferred]:
        return iter(self._groups.values())

    def __bool__(self) -> bool:
        return bool(self._groups)

    def add(self, group: Deferred) -> None:
        self._groups[group.order_id] = group
        self._by_target.setdefault((group.kind, group.target), {})[group.order_id] = next(self._count)

    def remove(self, group: Deferred) -> None:
        del self._groups[group.order_id]
        del self._by_target[group.kind, group.target][group.order_id]

    def waiting_for(self, targets: Iterable[tuple[str, str]]) -> list[Deferred]:
        """Those that wait for any of these (kind, id)."""
        places = {order_id: n for key in targets for order_id, n in self._by_target.get(key, {}).items()}
        return [self._groups[order_id] for order_id in sorted(places, key=places.__getitem__)]


def waiting_rows(
    groups: DeferredGroups, before: Mapping[str, Deferred]
) -> tuple[list[DeferredRow], list[str]]:
    """What waits now and did not, or not for that; and ids of what waits no longer, or not for that."""
    rows = [write_deferred(group) for group in groups if not waits_there(group, before.get(group.order_id))]
    again = {row.order_id for row in rows}
    return rows, [each for each in before if each in again or each not in groups]


def waits_there(group: Deferred, before: Deferred | None) -> bool:
    """For the same change of the same aggregate as before."""
    return before is not None and (group.kind, group.target) == (before.kind, before.target)


class StoredSend(msgspec.Struct, frozen=True):
    kind: str
    command: msgspec.Raw
    id: str | None = None
    columns: tuple[tuple[str, str], ...] | None = None


class StoredOrder(msgspec.Struct, frozen=True):
    sends: tuple[StoredSend, ...]
    about: str | None = None
    pathway: str | None = None


def write_deferred(deferred: Deferred) -> DeferredRow:
    sends = tuple(stored(send) for send in deferred.order.sends)
    about, pathway = deferred.order.about, deferred.order.pathway
    order = StoredOrder(sends, fixed_id(about) if about else None, fixed_id(pathway) if pathway else None)
    return DeferredRow(
        order_id=deferred.order_id,
        aggregate_kind=deferred.kind,
        aggregate_id=deferred.target,
        sends=msgspec.json.encode(order),
        cause=msgspec.json.encode(deferred.cause),
        reason=deferred.reason,
        deferred_at=deferred.since,
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


def readable(rows: Iterable[DeferredRow], kinds: Mapping[str, Aggregate[Any]]) -> list[Deferred]:
    """Those that this version can read. The others stay where they are, for one that can."""
    found = []
    for row in rows:
        try:
            found.append(read_deferred(row, kinds))
        except Exception as error:
            log.error("group not read", extra={"aggregate": row.aggregate_kind}, exc_info=error)
    return found


def read_deferred(row: DeferredRow, kinds: Mapping[str, Aggregate[Any]]) -> Deferred:
    order = msgspec.json.decode(row.sends, type=StoredOrder)
    sends = tuple(read_send(send, kinds) for send in order.sends)
    return Deferred(
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
