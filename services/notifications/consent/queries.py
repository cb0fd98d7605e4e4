"""Reads of consents for the API. Nothing is changed or decided here."""

from collections.abc import Sequence
from itertools import product
from typing import get_args

from backbone.engine.runtime import Runtime
from backbone.http.calls import Document
from backbone.model import tag_of
from schemas.notifications.v1.codes import Channel
from services.notifications.consent.aggregate import CONSENT, consent_id


async def consents_of(runtime: Runtime, records: Sequence[str]) -> list[Document]:
    """Of every record of a person, by channel."""
    asked = [*product(records, get_args(Channel))]
    found = [await runtime.load(CONSENT, consent_id(patient, channel)) for patient, channel in asked]
    return [
        {"patient_id": patient, "channel": channel, "purpose": "care", "status": tag_of(type(consent.state))}
        for (patient, channel), consent in zip(asked, found, strict=True)
        if consent is not None
    ]
