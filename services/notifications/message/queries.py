"""Reads of messages for the API, a page at a time. Nothing is changed or decided here."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import UTC
from typing import NamedTuple

import msgspec

from backbone.engine.runtime import Runtime, Told
from backbone.http.calls import Document
from backbone.http.places import Paging, Place, behind, write_place
from backbone.model import Disclosure, Snapshot
from config.access import PURPOSE_OF, Outsider
from schemas.notifications.v1.codes import MessageAudience
from schemas.notifications.v1.message import MessageSent
from services.notifications.agenda.aggregate import AGENDA
from services.notifications.message.aggregate import MESSAGE, Messages
from services.notifications.message.content import Wording
from services.notifications.message.states import (
    Delivered,
    Message,
    NoMessage,
    Planned,
    Sending,
    Sent,
    Suppressed,
    Unasked,
)
from services.notifications.templates.content import KINDS

TO: Mapping[MessageAudience, Outsider] = {"pt": "patient", "ref": "referrer"}
"""As who the recipients of messages are known as callers."""
OURS = ("recipient_id", "text_ref", "contact_ref", "looks", "tried", "changes")
"""What is nobody's business but this service's."""


class Listed(NamedTuple):
    """Messages as they are shown, and the cursor behind each."""

    documents: list[Document]
    cursors: list[str]


async def messages_to(runtime: Runtime, recipients: Sequence[str], page: Paging) -> Listed:
    """Everything planned, sent or not sent, the earliest first, with the words where they are written."""
    return await shown(runtime, await written_to(runtime, recipients), page)


async def portal_of(runtime: Runtime, recipients: Sequence[str], page: Paging) -> Listed:
    """What a person or a practice reads behind the login, the latest first."""
    found = await written_to(runtime, recipients)
    read = [each for each in found if isinstance(each.state, Sent | Delivered)]
    return await shown(runtime, read, page, falling=True)


async def written_to(runtime: Runtime, recipients: Sequence[str]) -> list[Snapshot[Message]]:
    """To one person or practice, under whatever id."""
    found = [await runtime.find(MESSAGE, Messages.recipient_id(each)) for each in recipients]
    return [each for one in found for each in one]


async def to_post(runtime: Runtime, page: Paging) -> Listed:
    """Sent by post and not yet posted."""
    return await shown(runtime, await runtime.find(MESSAGE, Messages.to_post), page)


async def replies_to(runtime: Runtime, message: Snapshot[Message]) -> list[Document]:
    """What the patient wrote back to this message, in their words; of the latest texts only."""
    records = [message.lane_key] if message.lane_key else []
    return [each for each in await replies_of(runtime, records) if each["message_id"] == message.id]


async def replies_of(runtime: Runtime, records: Sequence[str]) -> list[Document]:
    """What the person wrote back, the earliest first; of the latest texts only."""
    agendas = [await runtime.load(AGENDA, each) for each in records]
    replies = [(each.id, reply) for each in agendas if each for reply in each.state.replies]
    texts = await runtime.contents([reply.text_ref for _, reply in replies])
    return [
        {
            "patient_id": patient_id,
            "message_id": each.message_id,
            "at": msgspec.to_builtins(each.at),
            "reply": each.meaning,
            "severity": each.severity,
            "text": msgspec.json.decode(texts[each.text_ref], type=str) if each.text_ref in texts else None,
        }
        for patient_id, each in sorted(replies, key=lambda found: found[1].at)
    ]


async def sent_about(runtime: Runtime, records: Sequence[str]) -> list[Disclosure]:
    """What was handed over about a person to themselves or to a practice, each attempt."""
    messages = {each.id: each async for each in messages_about(runtime, records)}
    told = await runtime.told([*messages], MessageSent)
    return [disclosure(messages[each.aggregate_id], each) for each in told]


async def messages_about(runtime: Runtime, records: Sequence[str]) -> AsyncIterator[Snapshot[Message]]:
    """To somebody who is not staff."""
    async for message in runtime.each_begun(MESSAGE, records):
        if not isinstance(message.state, NoMessage | Unasked) and audience(message.state) in TO:
            yield message


def audience(state: Planned) -> MessageAudience:
    return KINDS[state.letter.template].audience


def disclosure(message: Snapshot[Message], told: Told) -> Disclosure:
    assert not isinstance(message.state, NoMessage | Unasked), "only what was planned was sent"
    kind = TO[audience(message.state)]
    return Disclosure(
        at=told.occurred_at,
        to_kind=kind,
        to_id=message.state.letter.recipient_id,
        purpose=PURPOSE_OF[kind],
        kind=f"message {told.fact.template}",
        way=told.fact.channel,
        resource=f"/messages/{message.id}",
    )


def planned(message: Snapshot[Message]) -> Place:
    """For when, as the lists are sorted: that never changes, so whatever leaves a list takes nothing along."""
    assert not isinstance(message.state, NoMessage | Unasked), "only what was planned has a recipient"
    return message.state.letter.planned_at.astimezone(UTC).isoformat(timespec="microseconds"), message.id


async def shown(
    runtime: Runtime, found: Sequence[Snapshot[Message]], page: Paging, *, falling: bool = False
) -> Listed:
    """The page's messages, and one more where there are more."""
    listed = behind(found, planned, page.after, falling=falling)[: page.limit + 1]
    contents = await runtime.contents([ref for each in listed for ref in refs(each.state)])
    words = {ref: msgspec.json.decode(body, type=Wording) for ref, body in contents.items()}
    documents = [document(each, [words[ref] for ref in refs(each.state) if ref in words]) for each in listed]
    return Listed(documents, [write_place(planned(each)) for each in listed])


def refs(state: Message) -> Iterable[str]:
    if isinstance(state, Sending | Sent | Delivered | Suppressed) and state.text_ref:
        yield state.text_ref


def document(message: Snapshot[Message], words: Sequence[Wording]) -> Document:
    """`words`: as they were sent; none yet, or erased."""
    state = msgspec.to_builtins(message.state)
    said = {**state.pop("letter"), **state}
    return {
        "id": message.id,
        "patient_id": message.lane_key,
        "referral_id": message.pathway_id,
        "version": message.version,
        **{name: value for name, value in said.items() if name not in OURS},
        **{name: value for each in words for name, value in msgspec.to_builtins(each).items()},
    }
