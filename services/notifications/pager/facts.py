"""Private facts of somebody's pages."""

from typing import Literal

from schemas.fact import Code, Id, Instant, PrivateFact, YesNo
from schemas.notifications.v1.codes import Channel
from services.notifications.templates.content import AnyTemplate


class PageTold(PrivateFact):
    """A page goes out, or one for all that were kept back. `since`: when the window began in which it counts."""

    type: Literal["notifications.page_told.v1"] = "notifications.page_told.v1"
    message_id: Id
    recipient_id: Id
    template: AnyTemplate
    subject_id: Id
    subject_version: int
    send_at: Instant
    only: Channel
    since: Instant
    emergency: YesNo
    code: Code | None = None
    patient_id: Id | None = None
    referral_id: Id | None = None


class PageKept(PrivateFact):
    """One more than people can read: what it is about stands in their list, and one page tells of all of them."""

    type: Literal["notifications.page_kept.v1"] = "notifications.page_kept.v1"
    recipient_id: Id
    only: Channel
    subject_id: Id
