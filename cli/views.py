"""Tables for the terminal: queues and events. Pure: from rows to what is shown."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from rich.table import Table

from cli.reading import Message
from schemas.queue import QueueItem

PRIORITIES = ("stat", "asap", "urgent", "routine")
STYLES = {"stat": "bold red", "asap": "red", "urgent": "yellow", "routine": ""}


def applied(rows: dict[str, QueueItem], messages: Iterable[Message]) -> int:
    """The compacted topic as a table: a value replaces, a tombstone removes. How many messages changed it."""
    changed = 0
    for message in messages:
        if message.key is None:
            continue
        changed += 1
        if message.value is None:
            rows.pop(message.key, None)
        else:
            rows[message.key] = QueueItem.model_validate_json(message.value)
    return changed


def sorted_rows(rows: Mapping[str, QueueItem]) -> list[QueueItem]:
    """Near enough to the queue's own order for a terminal: priority, due, waiting since."""
    return sorted(
        rows.values(), key=lambda row: (PRIORITIES.index(row.priority), due(row), row.waiting_since)
    )


def due(row: QueueItem) -> datetime:
    return row.ack_due_at or row.due_at or datetime.max.replace(tzinfo=row.waiting_since.tzinfo)


def queue_table(queue: str, rows: Mapping[str, QueueItem], limit: int = 25) -> Table:
    """One queue."""
    waiting = sum(row.status == "waiting" for row in rows.values())
    table = Table(
        title=f"{queue}: {waiting} waiting, {len(rows) - waiting} claimed", title_justify="left", expand=True
    )
    for heading in ("#", "item", "priority", "due (UTC)", "since (UTC)", "state", "patient"):
        table.add_column(heading, no_wrap=True)
    for row in sorted_rows(rows)[:limit]:
        table.add_row(
            str(row.number),
            row.item_type,
            row.priority,
            f"{due(row):%d %b %H:%M}" if row.due_at or row.ack_due_at else "",
            f"{row.waiting_since:%d %b %H:%M}",
            row.status,
            (row.patient_id or "")[:8],
            style=STYLES[row.priority],
        )
    if len(rows) > limit:
        table.caption = f"{len(rows) - limit} more"
    return table


def event_line(message: Message) -> str:
    """One event as it passes: time, type, subject, actor."""
    headers = message.headers
    actor = headers.get("ce_actorrole") or headers.get("ce_actorkind", "")
    subject = f"{headers.get('ce_aggregatetype', '')} {headers.get('ce_subject', '')[:8]}"
    time = headers.get("ce_time", "")[:23]
    return f"{time:<24} {headers.get('ce_type', ''):<40} {subject:<22} {actor}"
