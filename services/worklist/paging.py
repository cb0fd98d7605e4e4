"""Pages of a sorted queue. A cursor is the place after which to go on, in the order of the first page."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from backbone.http.problems import Problem
from schemas.queue import QueueItem
from services.worklist.queue.decide import Place, ordered, place
from services.worklist.rules import Rules


class Cursor(NamedTuple):
    """`at`: the time for which the queue is sorted, so that pages fit together."""

    at: datetime
    after: list[int | str]


def read_cursor(text: str) -> Cursor:
    """Raises Problem 400 for what is no cursor of ours."""
    try:
        return msgspec.json.decode(urlsafe_b64decode(text + "=" * (-len(text) % 4)), type=Cursor)
    except (Error, ValueError, msgspec.MsgspecError):
        raise Problem(400, "cursor-malformed", "The cursor must be one that this service gave.") from None


def write_cursor(at: datetime, after: Place) -> str:
    return urlsafe_b64encode(msgspec.json.encode(Cursor(at, list(after)))).decode().rstrip("=")


def page(
    rows: Sequence[QueueItem], cursor: Cursor, limit: int, rules: Rules
) -> tuple[list[QueueItem], str | None]:
    """At most `limit` rows behind the cursor, and the cursor of the next page if there is one."""

    def where(row: QueueItem) -> Place:
        return place(row, cursor.at, rules.ordering, rules.category_rank)

    sorted_rows = ordered(rows, cursor.at, rules.ordering, rules.category_rank)
    behind = [row for row in sorted_rows if where(row) > tuple(cursor.after)]
    shown = behind[:limit]
    return shown, write_cursor(cursor.at, where(shown[-1])) if len(behind) > limit else None
