"""Reads for the API. Nothing is changed or decided here."""

from collections.abc import Iterable, Sequence
from typing import Any, get_args

import msgspec

from backbone.engine.runtime import Runtime
from backbone.model import Snapshot
from schemas.notifications.v1.codes import Channel
from services.notifications.agenda.aggregate import AGENDA
from services.notifications.agenda.states import Agenda
from services.notifications.consent.aggregate import CONSENT, consent_id
from services.notifications.message.aggregate import MESSAGE, Messages
from services.notifications.message.decide.wording import Wording
from services.notifications.phone.aggregate import PHONE, by_number

PORTAL_READS = ("sent", "delivered")


async def messages_to(runtime: Runtime, recipient_id: str) -> Sequence[dict[str, Any]]:
    """Everything planned, sent or not sent, the earliest first, with the words where they are written."""
    found = await runtime.find(MESSAGE, Messages.recipient_id(recipient_id))
    return [await described(runtime, each) for each in sorted(found, key=planned)]


async def portal_of(runtime: Runtime, recipient_id: str) -> Sequence[dict[str, Any]]:
    """What a person or a practice reads behind the login, the latest first."""
    messages = await messages_to(runtime, recipient_id)
    return [each for each in reversed(messages) if each["status"] in PORTAL_READS]


async def to_post(runtime: Runtime) -> Sequence[dict[str, Any]]:
    """Sent by post and not yet posted."""
    found = await runtime.find(MESSAGE, Messages.to_post)
    return [await described(runtime, each) for each in sorted(found, key=planned)]


def planned(message: Snapshot[Any]) -> tuple[Any, str]:
    return message.state.letter.planned_at, message.id


async def described(runtime: Runtime, message: Snapshot[Any]) -> dict[str, Any]:
    state = msgspec.to_builtins(message.state)
    letter = state.pop("letter")
    ref = state.pop("text_ref", None)
    body = await runtime.content(ref) if ref else None
    wording = msgspec.to_builtins(msgspec.json.decode(body, type=Wording)) if body else {}
    return {
        "id": message.id,
        "patient_id": message.lane_key,
        "referral_id": message.pathway_id,
        "version": message.version,
        **{name: value for name, value in letter.items() if name != "recipient_id"},
        **{name: value for name, value in state.items() if name not in ("contact_ref", "looks", "tried")},
        **wording,
    }


async def consents_of(runtime: Runtime, patient_id: str) -> Sequence[dict[str, str]]:
    """By channel. A channel that nobody asked about is not listed."""
    found = []
    for channel in get_args(Channel):
        snapshot = await runtime.load(CONSENT, consent_id(patient_id, channel))
        if snapshot is not None:
            status = msgspec.to_builtins(snapshot.state)["status"]
            found.append({"channel": channel, "purpose": "care", "status": status})
    return found


async def whose_number(runtime: Runtime, number: str) -> str | None:
    """The patient who was texted last on this number."""
    phone = await runtime.look_up(PHONE, by_number(number))
    if phone is None:
        return None
    agendas = [await runtime.load(AGENDA, each) for each in phone.state.patients]
    texted = [(each.state.last_text_on, each.id) for each in known(agendas) if each.state.last_text_on]
    return max(texted)[1] if texted else None


def known(agendas: Iterable[Snapshot[Any] | None]) -> Iterable[Snapshot[Any]]:
    return (each for each in agendas if each is not None and isinstance(each.state, Agenda))
