"""What is shown of queues: how much is open, and their rows in order, in pages."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta
from pydantic import BaseModel

from backbone.http.calls import Document
from backbone.http.identity import Principal
from backbone.http.problems import cursor_malformed
from schemas.codes import Queue
from schemas.queue import QueueItem
from services.worklist.item.decide.movements import idle_for
from services.worklist.offers.documents import Offer
from services.worklist.queue.decide import Group, Place, group_of, overdue, place
from services.worklist.roles import DISPLAY, is_display
from services.worklist.rules import Rules


class QueueSummary(BaseModel):
    """`yours`: the caller works in it. `can`: what the caller may do there, as far as it does not depend on the item.
    `waiting_since`: of what has waited longest, if anything is open."""

    queue: Queue
    waiting: int
    claimed: int
    on_hold: int
    overdue: int
    safety: int
    waiting_since: datetime | None = None
    yours: bool
    can: list[Offer]


class Queues(BaseModel):
    queues: list[QueueSummary]


CODES_OF_PATIENT = frozenset({"category", "target_date", "detail", "about", "unverified"})
OF_WHOM = frozenset({"patient_id"})
OF_WHICH = frozenset({"referral_id", "place"})


def hidden_from(caller: Principal, rules: Rules) -> frozenset[str]:
    """What rows don't show. A display has numbers of items; whose they are only where the clinic shows it labels."""
    if not is_display(caller.actor, caller.rights, rules):
        return frozenset()
    labels = rules.access.purpose("label", DISPLAY, None) is not None
    return CODES_OF_PATIENT | OF_WHICH | (frozenset() if labels else OF_WHOM)


class QueueRow(QueueItem):
    """`order` compares element by element; what stands first compares less. Its second element is the group: without
    it the order is strict. A claim that nobody keeps goes back to the queue at `goes_back_at`. A display is shown no
    codes of a patient."""

    overdue: bool
    goes_back_at: datetime | None = None
    group: Group
    order: list[int | str]


class QueuePage(BaseModel):
    """Sorted as it was at `at`. `next` is the cursor of the next page."""

    queue: Queue
    at: datetime
    items: list[QueueRow]
    next: str | None = None


def row_document(
    row: QueueItem, now: datetime, rules: Rules, hidden: frozenset[str] = frozenset()
) -> Document:
    """A row with its place in the queue."""
    group = group_of(row, now, rules.calendar)
    document = row.model_dump(mode="json", exclude_none=True, exclude=set(hidden) or None)
    if touched_at := row.kept_at or row.claimed_at:
        document["goes_back_at"] = touched_at + idle_for(row.item_type, rules)
    return document | {
        "overdue": overdue(row, now),
        "group": group,
        "order": list(place(row, now, rules, group)),
    }


YEARS = range(1900, 2200)
"""As instants are written (schemas/written.py)."""


class Cursor(NamedTuple):
    """The place behind which to go on, and how and for which time the queue is sorted, so that pages fit together."""

    at: Annotated[datetime, Meta(tz=True)]
    after: Place | None = None
    strict: bool = False


def read_cursor(text: str) -> Cursor:
    """Raises Problem 400 for what is no cursor of ours."""
    try:
        cursor = msgspec.json.decode(urlsafe_b64decode(text + "=" * (-len(text) % 4)), type=Cursor)
        if cursor.at.year not in YEARS:
            raise ValueError("no clinic has a calendar for it")
        return cursor
    except (Error, ValueError, msgspec.MsgspecError):
        raise cursor_malformed() from None


def write_cursor(cursor: Cursor) -> str:
    return urlsafe_b64encode(msgspec.json.encode(cursor)).decode().rstrip("=")


def placed_by(row: QueueItem, cursor: Cursor, rules: Rules) -> Place:
    """As the cursor sorts."""
    group = None if cursor.strict else group_of(row, cursor.at, rules.calendar)
    return place(row, cursor.at, rules, group)


def page(
    rows: Iterable[QueueItem],
    cursor: Cursor,
    limit: int,
    rules: Rules,
    hidden: frozenset[str] = frozenset(),
) -> tuple[list[Document], str | None]:
    """At most `limit` rows behind the cursor, and the cursor of the next page if there is one."""
    placed = ((placed_by(row, cursor, rules), row) for row in rows)
    behind = [each for each in placed if cursor.after is None or each[0] > cursor.after]
    behind.sort(key=lambda each: each[0])
    shown = behind[:limit]
    following = cursor._replace(after=shown[-1][0]) if len(behind) > limit else None
    documents = [row_document(row, cursor.at, rules, hidden) for _, row in shown]
    return documents, following and write_cursor(following)
