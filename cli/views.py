"""Tables for the terminal: queues and events. Pure: from rows to what is shown."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

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


COLUMNS: Mapping[str, Callable[[QueueItem, ZoneInfo], str]] = {
    "item": lambda row, zone: row.item_type,
    "due": lambda row, zone: local(row.ack_due_at or row.due_at, zone),
    "state": lambda row, zone: row.status,
    "priority": lambda row, zone: row.priority,
    "patient": lambda row, zone: (row.patient_id or "")[:8],
    "since": lambda row, zone: local(row.waiting_since, zone),
    "#": lambda row, zone: str(row.number),
}
"""The more important, the further in front."""
FITTING = ((40, 3), (60, 5), (80, 7))
"""From which width on how many of them are shown."""


def local(at: datetime | None, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%d %b %H:%M}" if at else ""


def queue_table(
    queue: str, rows: Mapping[str, QueueItem], zone: ZoneInfo, width: int, limit: int = 25
) -> Table:
    """One queue, with as many columns as fit. Times are those of `zone`, which the title names."""
    waiting = sum(row.status == "waiting" for row in rows.values())
    table = Table(
        title=f"{queue}: {waiting} waiting, {len(rows) - waiting} claimed ({zone.key})",
        title_justify="left",
        box=None,
        padding=(0, 1, 0, 0),
    )
    shown = list(COLUMNS)[: max((count for least, count in FITTING if width >= least), default=3)]
    for heading in shown:
        table.add_column(heading, no_wrap=True)
    for row in sorted_rows(rows)[:limit]:
        table.add_row(*(COLUMNS[name](row, zone) for name in shown), style=STYLES[row.priority])
    if len(rows) > limit:
        table.caption = f"{len(rows) - limit} more"
    return table


def event_line(message: Message, zone: ZoneInfo) -> str:
    """One event as it passes: time, type, subject, actor."""
    headers = message.headers
    actor = headers.get("ce_actorrole") or headers.get("ce_actorkind", "")
    subject = f"{headers.get('ce_aggregatetype', '')} {headers.get('ce_subject', '')[:8]}"
    time = f"{datetime.fromisoformat(headers['ce_time']).astimezone(zone):%Y-%m-%d %H:%M:%S %Z}"
    return f"{time:<23} {headers.get('ce_type', ''):<40} {subject:<22} {actor}"
