"""Reads of the registry for the API. Nothing is changed or decided here."""

from typing import Any

import msgspec

from backbone.engine.runtime import Runtime
from services.referral.patient.aggregate import PATIENT
from services.referral.patient.states import Identity, Registered


async def label(runtime: Runtime, patient_id: str) -> dict[str, Any] | None:
    """Initials and number, for people who look at the board; None when nobody is registered under the id."""
    snapshot = await runtime.load(PATIENT, patient_id)
    if snapshot is None or not isinstance(snapshot.state, Registered):
        return None
    body = await runtime.content(snapshot.state.identity_ref)
    identity = msgspec.json.decode(body, type=Identity) if body else Identity()
    return {"patient_id": patient_id, "label": f"{initials(identity)} {snapshot.state.number}".strip()}


async def contact(runtime: Runtime, patient_id: str) -> dict[str, Any] | None:
    """Who they are and how they are reached; None when nobody is registered under the id."""
    snapshot = await runtime.load(PATIENT, patient_id)
    if snapshot is None or not isinstance(snapshot.state, Registered):
        return None
    refs = {"identity": snapshot.state.identity_ref, "contact": snapshot.state.contact_ref}
    found = await runtime.contents([ref for ref in refs.values() if ref])
    return {"patient_id": patient_id} | {
        name: msgspec.json.decode(found[ref]) if ref in found else {} for name, ref in refs.items()
    }


def initials(identity: Identity) -> str:
    """Of the given names and the family name; nothing where the identity was erased."""
    names = f"{identity.given_names or ''} {identity.family_name or ''}".split()
    return "".join(name[0].upper() for name in names)
