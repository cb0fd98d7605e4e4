"""Reads for the routes of plans for antithrombotics. Nothing is changed or decided here."""

from collections.abc import Sequence
from typing import Any

import msgspec

from backbone.engine.runtime import Runtime
from services.care_plan.antithrombotic_plan.aggregate import ANTITHROMBOTIC_PLAN, PlanColumns
from services.care_plan.antithrombotic_plan.states import Signed


async def signed_for(runtime: Runtime, records: Sequence[str]) -> list[dict[str, Any]]:
    """The texts that hold for a person now, under whatever record, the next stop first."""
    found = [
        each.state
        for record in records
        for each in await runtime.find(ANTITHROMBOTIC_PLAN, PlanColumns.patient_id(record))
        if isinstance(each.state, Signed)
    ]
    texts = await runtime.contents([each.text_ref for each in found if each.text_ref])
    return [
        {
            "procedure_id": each.known.procedure_id,
            "appointment_id": each.appointment_id,
            "appointment_version": each.appointment_version,
            "status": "signed",
            "signed_by": each.signed_by,
            "last_dose_at": each.last_dose_at,
            "text": said(texts.get(each.text_ref or "")),
        }
        for each in sorted(found, key=lambda each: (str(each.last_dose_at), each.appointment_id))
    ]


def said(body: bytes | None) -> str | None:
    """None where it was erased."""
    return None if body is None else msgspec.json.decode(body, type=str)
