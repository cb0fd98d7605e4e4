"""What is shown of a patient's timeline."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from schemas.fact import Code, Id


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


class Timeline(BaseModel):
    """In order of arrival; `next` is the cursor of the page after, absent on the last one."""

    patient_id: Id
    facts: list[TimelineEntry]
    next: int | None = None
