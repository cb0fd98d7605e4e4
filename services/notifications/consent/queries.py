"""Reads of consents for the API. Nothing is changed or decided here."""

from typing import get_args

from backbone.engine.runtime import Runtime
from backbone.http.calls import Document
from backbone.model import tag_of
from schemas.notifications.v1.codes import Channel
from services.notifications.consent.aggregate import CONSENT, consent_id


async def consents_of(runtime: Runtime, patient_id: str) -> list[Document]:
    """By channel."""
    found = {each: await runtime.load(CONSENT, consent_id(patient_id, each)) for each in get_args(Channel)}
    return [
        {"channel": channel, "purpose": "care", "status": tag_of(type(consent.state))}
        for channel, consent in found.items()
        if consent is not None
    ]
