"""What open views are sent: server-sent events of rows as they are shown. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from backbone.store.live import Change, Key

PIECE_BYTES = 64 * 1024
"""What a connection is handed at once: one that nobody reads from holds no more."""


class Drawn(NamedTuple):
    """A row as views show it, in JSON. At each of `turns` it looks otherwise, by time alone."""

    data: bytes
    turns: tuple[datetime, ...] = ()

    def turned(self, now: datetime) -> bool:
        return any(turn <= now for turn in self.turns)


def burst(changes: Sequence[Change], before: bytes, after: bytes, drawn: Mapping[Key, Drawn]) -> bytes:
    """One message a row. Only the last carries the new place: a burst that is cut is told again from before it.

    What moves from one topic to another is gone from the one before it is in the other.
    """
    latest = {change.row: change for change in changes}
    *earlier, last = sorted(latest.values(), key=lambda change: change.value is not None)
    told = [changed(change, before, drawn) for change in earlier]
    return b"".join([*told, changed(last, after, drawn)])


def changed(change: Change, place: bytes, drawn: Mapping[Key, Drawn]) -> bytes:
    """`item` with the row, or `gone` with its key."""
    if change.value is None:
        return message("gone", msgspec.json.encode({"key": change.key, "topic": change.topic}), place)
    return message("item", drawn[change.row].data, place)


def items(rows: Mapping[Key, Drawn]) -> bytes:
    """Rows that no change tells of: their messages have no place."""
    return b"".join(message("item", row.data) for row in rows.values())


def reset(place: bytes, rows: Iterable[Drawn]) -> Iterator[bytes]:
    """One message with all rows, in pieces."""
    piece, comma = bytearray(b'id: %s\nevent: reset\ndata: {"items":[' % place), b""
    for row in rows:
        piece += comma + row.data
        comma = b","
        if len(piece) >= PIECE_BYTES:
            yield bytes(piece)
            piece.clear()
    yield bytes(piece + b"]}\n\n")


def message(event: str, data: bytes, place: bytes | None = None) -> bytes:
    told = b"id: %s\n" % place if place else b""
    return b"%sevent: %s\ndata: %s\n\n" % (told, event.encode(), data)
