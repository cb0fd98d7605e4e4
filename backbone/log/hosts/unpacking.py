"""Makes aiokafka's unpacking of fetched batches total: what can't be unpacked is handed on with its offsets.

By itself aiokafka raises out of `getmany`, again at every fetch, and what it had already unpacked of other partitions
is lost. Everything here rests on private parts of the pinned version.
"""

import struct
from collections.abc import Iterator
from typing import Any, NamedTuple

from aiokafka.consumer import fetcher
from aiokafka.errors import CorruptRecordException
from aiokafka.record.default_records import _DefaultRecordBatchPy
from aiokafka.record.memory_records import MemoryRecords
from aiokafka.record.util import decode_varint
from aiokafka.structs import ConsumerRecord, TopicPartition

from backbone.log.hosts.inflation import check
from backbone.log.pinned import check_versions

LENGTH = struct.Struct(">8xi")
OVERHEAD = 12
"""Bytes before what a batch's length counts: its base offset and the length itself."""
SMALLEST = 61
"""A batch without records, in format 2."""
MOST_AT_ONCE = 8 * 1024 * 1024
"""Bytes of values that one fetch of a partition gives: together they may be many times what was fetched."""
HEAD = struct.Struct(">q8xb6xi30xi")
"""Base offset, format, last offset (from the base), count of records."""


class Unreadable(NamedTuple):
    """In the place of records that can't be unpacked, from `first` to `offset`: one record without content.

    `error` is the class of the error.
    """

    first: int
    offset: int
    error: str
    key: None = None
    value: None = None
    headers: tuple[()] = ()
    timestamp: int = 0

    @property
    def problem(self) -> str:
        return f"offsets {self.first} to {self.offset} can't be unpacked ({self.error})"


class Batches:
    """The batches of a fetch, one at a time, each with its bytes. In the place of aiokafka's MemoryRecords."""

    def __init__(self, fetched: bytes) -> None:
        self._fetched = fetched
        self._at = 0
        self._next = self._cut()
        self.raw = b""

    def size_in_bytes(self) -> int:
        return len(self._fetched)

    def has_next(self) -> bool:
        return bool(self._next)

    def next_batch(self) -> Any:
        """Raises whatever is wrong with a broken one; it is passed all the same."""
        self.raw, self._next = self._next, self._cut()
        batch = MemoryRecords(self.raw).next_batch()
        if batch is None:
            raise CorruptRecordException("not a batch")
        if batch.magic == 2:
            check(batch.compression_type, self.raw[SMALLEST:])
        return batch

    def _cut(self) -> bytes:
        """The next whole batch; the last one of a fetch may be a part, which is fetched again."""
        start, end = self._at, len(self._fetched)
        if end < start + OVERHEAD:
            return b""
        [length] = LENGTH.unpack_from(self._fetched, start)
        self._at = start + OVERHEAD + length if length > 0 else end
        return self._fetched[start : self._at] if self._at <= end else b""


class One:
    """A single batch, as the unpacking of all wants it."""

    def __init__(self, batch: Any) -> None:
        self._batch = batch

    def has_next(self) -> bool:
        return self._batch is not None

    def next_batch(self) -> Any:
        batch, self._batch = self._batch, None
        return batch


class Unpacked(fetcher.PartitionRecords):  # type: ignore[misc]
    """Unpacks batch by batch. Where aiokafka gives up, record by record."""

    _records: Any
    next_fetch_offset: int
    _taken = 0

    def __next__(self) -> Any:
        if self._taken > MOST_AT_ONCE:
            raise StopIteration  # the rest is fetched again
        found = super().__next__()
        self._taken += len(found.value or b"")
        return found

    def _unpack_records(self) -> Iterator[Any]:
        batches = self._records
        while batches.has_next():
            try:
                self._records = One(batches.next_batch())
                yield from super()._unpack_records()
            except Exception as error:
                yield from self._salvaged(batches.raw, error)

    def _salvaged(self, raw: bytes, error: Exception) -> Iterator[Any]:
        for found in salvaged(self._tp, raw, self.next_fetch_offset, error):
            if found.offset >= self.next_fetch_offset:
                self.next_fetch_offset = found.offset + 1
                yield found


def salvaged(place: TopicPartition, raw: bytes, position: int, error: Exception) -> Iterator[Any]:
    """What a batch still gives, without gaps; at least one thing from the position on."""
    what = type(error).__name__
    if len(raw) < SMALLEST:
        yield Unreadable(position, position, what)
        return
    base, magic, delta, count = HEAD.unpack_from(raw)
    whole = magic == 2 and delta == count - 1  # else the batch can't be trusted to say where it ends
    last = max(position, base + delta) if whole else position
    batch = _DefaultRecordBatchPy(raw)
    try:
        if not whole or not batch.validate_crc():
            raise error
        check(batch.compression_type, raw[SMALLEST:])
        batch._maybe_uncompress()
    except Exception:
        yield Unreadable(position, last, what)
        return
    yield from records_of(place, batch, last)


def records_of(place: TopicPartition, batch: Any, last: int) -> Iterator[Any]:
    """Record by record; one that is broken is passed by its length, and without a length so is the rest."""
    at, buffer = batch._pos, batch._buffer
    for offset in range(batch.base_offset, last + 1):
        try:
            length, start = decode_varint(buffer, at)
            at = start + length
            if not 0 < length <= len(buffer) - start:
                raise IndexError("a record's length")
        except Exception as error:
            yield Unreadable(offset, last, type(error).__name__)
            return
        try:
            yield record_of(place, batch, buffer[start:at])
        except Exception as error:
            yield Unreadable(offset, offset, type(error).__name__)


def record_of(place: TopicPartition, batch: Any, buffer: bytearray) -> ConsumerRecord:
    """As aiokafka reads it, except that a header's name need not be UTF-8: no name of ours will be like it."""
    at = 1
    delta, at = decode_varint(buffer, at)
    offset, at = decode_varint(buffer, at)
    key, at = some_bytes(buffer, at)
    value, at = some_bytes(buffer, at)
    count, at = decode_varint(buffer, at)
    headers = []
    for _ in range(count):
        name, at = some_bytes(buffer, at)
        content, at = some_bytes(buffer, at)
        headers.append(((name or b"").decode(errors="replace"), content))
    logged = batch.timestamp_type == batch.LOG_APPEND_TIME
    time = batch.max_timestamp if logged else batch.first_timestamp + delta
    sizes = [len(part) if part is not None else -1 for part in (key, value)]
    what = batch.base_offset + offset, time, batch.timestamp_type, key, value, None, *sizes, tuple(headers)
    return ConsumerRecord(place.topic, place.partition, *what)


def some_bytes(buffer: bytearray, at: int) -> tuple[bytes | None, int]:
    """Bytes behind their length; None for a negative one. Raises IndexError when the record ends before."""
    length, at = decode_varint(buffer, at)
    if at + length > len(buffer):
        raise IndexError("a field's length")
    return (bytes(buffer[at : at + length]), at + length) if length >= 0 else (None, at)


def install() -> None:
    """Puts it in its place, for every consumer of the process. Raises Fatal when it may not fit what is installed."""
    check_versions("aiokafka")
    fetcher.MemoryRecords, fetcher.PartitionRecords = Batches, Unpacked
