"""HTTP routes of messages: run a query, or give a command. No rules."""

from typing import Annotated

from fastapi import Depends, Query
from fastapi.responses import Response

from backbone.http.access import Records, Running, Staff, StaffOf, only
from backbone.http.calls import Calling
from backbone.http.identity import Principal
from backbone.http.resources import Resource, page, reading
from backbone.http.routes import get, post
from backbone.model import Route, Snapshot, like
from schemas.fact import Id
from services.notifications.message import queries
from services.notifications.message.aggregate import MESSAGE
from services.notifications.message.commands import CancelByHand, NotePosted, RecordContact
from services.notifications.message.documents import (
    ContactResult,
    LetterPage,
    MessagePage,
    Replies,
    Withholding,
)
from services.notifications.message.queries import Page
from services.notifications.message.states import Message

MESSAGES = Resource(MESSAGE)
ThisMessage = Annotated[Snapshot[Message], StaffOf(MESSAGE, "message_id")]
Patient = Annotated[tuple[str, ...], Records("patient_id")]
Reader = Annotated[Principal, only("patient", "referrer", name="patients and referrers")]


def asked_page(
    limit: Annotated[int, Query(ge=1, le=500)] = 200,
    cursor: Annotated[Id | None, Query(description="`next` of the page before")] = None,
) -> Page:
    return Page(limit, cursor)


Asked = Annotated[Page, Depends(asked_page)]


async def list_messages(running: Running, patient: Patient, asked: Asked) -> Response:
    """Everything planned, sent or not sent to the patient, and why."""
    return page("messages", await queries.messages_to(running, patient, asked), asked.limit)


async def read_portal(running: Running, reader: Reader, asked: Asked) -> Response:
    """What was written to the caller: a patient, or a practice."""
    return page("messages", await queries.portal_of(running, reader.records, asked), asked.limit)


async def list_letters(running: Running, caller: Staff, asked: Asked) -> Response:
    """Letters that go by post and nobody has posted yet."""
    return page("letters", await queries.to_post(running, asked), asked.limit)


async def list_replies(running: Running, message: ThisMessage) -> Response:
    """What the patient wrote back, in their words."""
    return reading({"replies": await queries.replies_to(running, message)})


async def cancel_message(call: Calling, message: ThisMessage, body: Withholding) -> Response:
    """It is not sent."""
    return await MESSAGES.give(call, message, like(CancelByHand, body))


async def record_contact(call: Calling, message: ThisMessage, body: ContactResult) -> Response:
    """Staff reached the patient another way, or tried to."""
    return await MESSAGES.give(call, message, like(RecordContact, body))


async def post_letter(call: Calling, message: ThisMessage) -> Response:
    """The letter is in the post."""
    return await MESSAGES.give(call, message, NotePosted())


ROUTES: tuple[Route, ...] = (
    get("/patients/{patient_id}/messages", list_messages, MessagePage, reads="message"),
    get("/portal", read_portal, MessagePage, reads="message"),
    get("/post", list_letters, LetterPage, reads="message"),
    get("/messages/{message_id}/replies", list_replies, Replies, reads="reply"),
    post("/messages/{message_id}/cancel", cancel_message, MESSAGE),
    post("/messages/{message_id}/contact", record_contact, MESSAGE),
    post("/messages/{message_id}/posted", post_letter, MESSAGE),
)
