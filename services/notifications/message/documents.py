"""What requests about messages say, and how messages are shown. Unknown fields are errors."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict

from backbone.http.calls import RequestBody
from schemas.codes import Severity
from schemas.fact import Id, Instant
from schemas.notifications.v1.codes import CONTACT_RESULT, MESSAGE_REASON, Channel, Reply, Template


class Withholding(RequestBody):
    reason: Annotated[str, MESSAGE_REASON.only]


class ContactResult(RequestBody):
    """`reached` when staff spoke with the patient."""

    result: Annotated[str, CONTACT_RESULT.only]


class Shown(BaseModel):
    """A message: what it is, how it stands, and its words as soon as they are written. `dates`: behind the login."""

    model_config = ConfigDict(extra="allow")

    id: Id
    patient_id: Id | None
    referral_id: Id | None
    version: int
    status: str
    template: Template
    subject_id: Id
    planned_at: Instant
    channel: Channel | None = None
    reason: str | None = None
    subject: str | None = None
    text: str | None = None
    dates: list[str] = []


class ReplyDocument(BaseModel):
    """What the patient wrote back. Without `text`: it was erased."""

    patient_id: Id
    message_id: Id | None
    at: Instant
    reply: Reply
    severity: Severity | None
    text: str | None


class Replies(BaseModel):
    """To one message or of one person, in order."""

    replies: list[ReplyDocument]


class MessagePage(BaseModel):
    """`next` is the cursor of the page after, absent on the last one."""

    messages: list[Shown]
    next: str | None = None


class LetterPage(BaseModel):
    """Letters that wait for the post."""

    letters: list[Shown]
    next: str | None = None
