"""The job that every contender does: items are opened, updated and closed, one fact out for each fact in."""

import json
import uuid
from collections.abc import Callable, Iterator
from typing import Literal

from backbone.tracing import begun
from schemas.fact import Fact, Id

INPUT = "outside.events"
PARTITIONS = 12
PATIENTS = 500
STEPS: tuple[Literal["open", "update", "close"], ...] = ("open", "update", "update", "update", "close")
NAMESPACE = uuid.UUID("5f2f6a53-6f9f-4d34-b7ad-3c3a0f7a6a10")

ITEM_SQL = """
CREATE TABLE item (
    id uuid PRIMARY KEY, lane_key uuid, pathway_id uuid, version int NOT NULL, sequence int NOT NULL,
    status text NOT NULL, body jsonb NOT NULL, updated_at timestamptz NOT NULL
);
"""


class ItemAsked(Fact):
    """What comes in."""

    type: Literal["outside.item_asked.v1"] = "outside.item_asked.v1"
    item: Id
    step: Literal["open", "update", "close"]
    note: int


class ItemOpened(Fact):
    type: Literal["bench.item_opened.v1"] = "bench.item_opened.v1"
    note: int


class ItemUpdated(Fact):
    type: Literal["bench.item_updated.v1"] = "bench.item_updated.v1"
    note: int
    updates: int


class ItemClosed(Fact):
    type: Literal["bench.item_closed.v1"] = "bench.item_closed.v1"
    updates: int


for fact in (ItemAsked, ItemOpened, ItemUpdated, ItemClosed):
    fact.aggregate = "item"


def asked(
    first: int, count: int, *, keeps: Callable[[str], bool] | None = None
) -> Iterator[tuple[str, bytes, list[tuple[str, bytes]]]]:
    """Records (key, value, headers) by number: the patients take turns, an item of each lives five events.

    `keeps`: each begins a trace, which its readers go on with where they export any: of a number that this keeps.
    """
    for number in range(first, first + count):
        turn, patient_number = divmod(number, PATIENTS)
        patient = str(uuid.uuid5(NAMESPACE, f"patient {patient_number}"))
        item = str(uuid.uuid5(NAMESPACE, f"item {patient_number} {turn // len(STEPS)}"))
        event = str(uuid.uuid5(NAMESPACE, f"event {number}"))
        body = {"type": ItemAsked.wire_type, "item": item, "step": STEPS[turn % len(STEPS)], "note": number}
        trace = [("traceparent", begun(event, keeps).encode())] if keeps else []
        yield patient, json.dumps(body).encode(), [*headers_of(event, item, patient, number), *trace]


def headers_of(event: str, item: str, patient: str, number: int) -> list[tuple[str, bytes]]:
    """CloudEvents in Kafka's binary mode."""
    at = "2027-01-04T14:00:00Z"
    headers = {
        "ce_specversion": "1.0",
        "ce_id": event,
        "ce_type": ItemAsked.wire_type,
        "ce_source": "outside",
        "ce_time": at,
        "ce_recordedtime": at,
        "ce_subject": item,
        "ce_aggregatetype": "item",
        "ce_sequence": str(number + 1),
        "ce_patientid": patient,
        "ce_correlationid": event,
        "ce_causationid": event,
        "ce_actorkind": "system",
        "content-type": "application/json",
    }
    return [(name, text.encode()) for name, text in headers.items()]
