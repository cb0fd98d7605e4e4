"""What is shown of a patient's timeline."""

from datetime import datetime
from functools import cache
from typing import Any

import msgspec
from pydantic import BaseModel

from backbone.http.calls import Document
from schemas.fact import Code, Id
from schemas.registry import facts


class TimelineEntry(BaseModel):
    """One fact, as it arrived; `id` counts arrivals. `data` is the fact."""

    id: int
    type: str
    occurred_at: datetime
    aggregate_id: Id
    referral_id: Id | None = None
    actor_kind: Code | None = None
    actor_id: Id | None = None
    actor_role: Code | None = None
    data: dict[str, Any]


KEPT_BACK = ("psy", "sud")


@cache
def kept_back(wire_type: str) -> frozenset[str]:
    """Fields that say something about psychology or substance use (PRV-06)."""
    fact = facts().get(wire_type)
    fields = fact.model_json_schema()["properties"] if fact else {}
    return frozenset(name for name, field in fields.items() if field.get("x-sensitivity") in KEPT_BACK)


def for_others(entry: Document) -> Document:
    """What those without that right see: the fact, without such fields (PRV-07, PRV-13)."""
    names = kept_back(str(entry["type"]))
    if not names:
        return entry
    data = msgspec.json.decode(entry["data"])
    return {**entry, "data": {name: value for name, value in data.items() if name not in names}}


class Timeline(BaseModel):
    """In order of arrival; `next` is the cursor of the page after, absent on the last one."""

    patient_id: Id
    facts: list[TimelineEntry]
    next: int | None = None
