"""A public fact as its topic tells it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from tests.support.whose import check_whose

Kind = Literal["user", "referrer", "patient", "partner"]
"""Of a caller."""
CLINIC = ZoneInfo("America/New_York")


class Told(NamedTuple):
    """`at` is when it was recorded, `subject` the id of its aggregate."""

    service: str
    name: str
    at: datetime
    subject: str
    fact: Mapping[str, Any]
    id: str

    @property
    def local(self) -> str:
        return f"{self.at.astimezone(CLINIC):%m-%d %H:%M}"


def told(headers: Mapping[str, str], value: bytes | None) -> Told:
    """From a record of an events topic. It says whose it is."""
    check_whose(headers)
    service, name, _ = headers["ce_type"].split(".")
    return Told(
        service,
        name,
        datetime.fromisoformat(headers["ce_recordedtime"]).astimezone(UTC),
        headers["ce_subject"],
        msgspec.json.decode(value or b"{}"),
        headers["ce_id"],
    )


def at_clinic(when: str) -> datetime:
    """An instant in clinic time: `2027-01-04 09:00`."""
    return datetime.fromisoformat(when).replace(tzinfo=CLINIC).astimezone(UTC)


def local(instant: str) -> datetime:
    """A wire instant in clinic time."""
    return datetime.fromisoformat(instant).astimezone(CLINIC)


def shown(row: Mapping[str, Any]) -> str:
    """A row of a queue: queue, type, due at the clinic."""
    due = f" {local(row['due_at']):%m-%d %H:%M}" if row.get("due_at") else ""
    return f"{row['queue']} {row['item_type']}{due}"
