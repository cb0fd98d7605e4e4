"""The worklist as it is, with one reaction more that has a bug until it is mended. Run as a process of its own."""

import os
from dataclasses import replace
from typing import Any, Literal

from backbone.model import Event, Orders, Service, on, one
from backbone.process import main
from schemas.referral.v1.patient import PatientFact
from services.worklist.item.aggregate import ITEM, item_id
from services.worklist.item.commands import OpenItem
from services.worklist.item.states import Source
from services.worklist.service import SERVICE

MENDED = "CHAOS_MENDED"


class Update(PatientFact):
    """A contract whose list of codes is closed."""

    type: Literal["referral.patient_updated.v1"] = "referral.patient_updated.v1"
    changed: tuple[Literal["contact"], ...]


class MendedUpdate(PatientFact):
    """The contract after it learned the new code."""

    type: Literal["referral.patient_updated.v1"] = "referral.patient_updated.v1"
    changed: tuple[Literal["contact", "teleport"], ...]


def call_back(event: Event[Any], rules: Any) -> Orders:
    """A bug, until it is mended; then one item for each fact."""
    if not os.environ.get(MENDED):
        raise ZeroDivisionError("a bug")
    head = event.head
    source = Source(event_id=head.event_id, at=head.occurred_at, aggregate_id=head.aggregate_id)
    to = one(item_id("REF_CALL_REFERRER", head.event_id, "nursing"))
    command = OpenItem(
        source=source,
        item_type="REF_CALL_REFERRER",
        queue="nursing",
        subject_type="referral",
        subject_id=head.event_id,
        priority="urgent",
    )
    yield ITEM.send(command, to=to)


def chaotic() -> Service:
    model = MendedUpdate if os.environ.get(MENDED) else Update
    return replace(SERVICE, reactions=(*SERVICE.reactions, on(model, call_back)))


if __name__ == "__main__":
    main(chaotic())
