"""HTTP routes of messages: run a query, or give a command. No rules."""

from typing import Annotated

from fastapi import Depends
from fastapi.responses import Response

from backbone.http.access import Records, Running, Staff, StaffOf, only
from backbone.http.calls import Calling
from backbone.http.identity import Caller, Principal
from backbone.http.places import Pages, Paging
from backbone.http.resources import Actions, Resource, page, reading
from backbone.http.routes import get, post
from backbone.model import Route, Snapshot, like
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
from services.notifications.message.states import Message

MESSAGES = Resource(MESSAGE)
ThisMessage = Annotated[Snapshot[Message], StaffOf(MESSAGE, "message_id")]
Patient = Annotated[tuple[str, ...], Records("patient_id")]
Asked = Annotated[Paging, Depends(Pages(2))]
Reader = Annotated[Principal, only("patient", "referrer", name="patients and referrers")]


def listed(name: str, found: queries.Listed, asked: Paging) -> Response:
    return page(name, found.documents, asked.limit, found.cursors)


async def list_messages(running: Running, patient: Patient, asked: Asked) -> Response:
    """Everything planned, sent or not sent to the patient, and why."""
    return listed("messages", await queries.messages_to(running, patient, asked), asked)


async def read_portal(running: Running, reader: Reader, asked: Asked) -> Response:
    """What was written to the caller: a patient, or a practice."""
    return listed("messages", await queries.portal_of(running, reader.records, asked), asked)


async def list_letters(running: Running, caller: Staff, asked: Asked) -> Response:
    """Letters that go by post and nobody has posted yet."""
    return listed("letters", await queries.to_post(running, asked), asked)


async def list_replies(running: Running, message: ThisMessage) -> Response:
    """What the patient wrote back, in their words."""
    return reading({"replies": await queries.replies_to(running, message)})


async def list_replies_of_patient(running: Running, caller: Caller, patient: Patient) -> Response:
    """What the person wrote back, to whichever message. Patients see their own."""
    return reading({"patient_id": patient[0], "replies": await queries.replies_of(running, patient)})


async def get_message_actions(call: Calling, message: ThisMessage) -> Response:
    """What may be done with it as it stands, and by whom."""
    return MESSAGES.actions(call, message)


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
    get("/patients/{patient_id}/replies", list_replies_of_patient, Replies, reads="reply"),
    get("/portal", read_portal, MessagePage, reads="message"),
    get("/post", list_letters, LetterPage, reads="message"),
    get("/messages/{message_id}/replies", list_replies, Replies, reads="reply"),
    get("/messages/{message_id}/actions", get_message_actions, Actions, reads="message"),
    post("/messages/{message_id}/cancel", cancel_message, MESSAGE),
    post("/messages/{message_id}/contact", record_contact, MESSAGE),
    post("/messages/{message_id}/posted", post_letter, MESSAGE),
)
