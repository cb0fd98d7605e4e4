"""Shapes of a case before the multidisciplinary team, and what can be asked of it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from backbone.model import Command, State
from schemas.codes import Priority, Queue

Code = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:/+-]{0,63}$")]
URGENCY: Mapping[str, int] = {"stat": 0, "asap": 1, "urgent": 2, "routine": 3}


class Interval(msgspec.Struct, frozen=True):
    """From when MDT-01 counts, while a plan is running."""

    on: date
    high_risk: bool


class Known(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What stays whatever becomes of the case.

    `asked_by` are the causes of its requests, so that none counts twice; `counted_at` is when the newest fact that the
    interval follows came true, so that an older one does not set it back.
    """

    referral_id: str | None = None
    asked_by: tuple[str, ...] = ()
    interval: Interval | None = None
    counted_at: datetime | None = None


class Matter(State, frozen=True, kw_only=True):
    known: Known = Known()


class NoCase(Matter, tag="none", frozen=True, kw_only=True):
    pass


class OpenCase(Matter, frozen=True, kw_only=True):
    reasons: tuple[str, ...]
    priority: Priority


class Requested(OpenCase, tag="requested", frozen=True, kw_only=True):
    pass


class Listed(OpenCase, tag="listed", frozen=True, kw_only=True):
    meeting_id: str
    start: datetime


class Decided(Matter, tag="decided", frozen=True, kw_only=True):
    decision: str


class Withdrawn(Matter, tag="withdrawn", frozen=True, kw_only=True):
    pass


class RequestCase(Command, tag="request_mdt_case", kw_only=True, frozen=True):
    reason: Code
    priority: Priority = "routine"
    rule: str | None = None


class ListCase(Command, tag="list_mdt_case", kw_only=True, frozen=True):
    meeting_id: str
    prep_queues: Annotated[tuple[Queue, ...], Meta(min_length=1)]


class Task(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What somebody has to do: a queue or a person, and by when (MDT-02). The text goes into the minutes."""

    action_id: str
    owner_queue: Queue
    owner_id: str | None = None
    due_on: date
    priority: Priority = "routine"
    text: str = ""


class DecideCase(Command, tag="decide_mdt_case", kw_only=True, frozen=True):
    meeting_id: str
    decision: Code
    attendees: tuple[Code, ...]
    summary: Annotated[str, Meta(min_length=1, max_length=20_000)]
    dissent: str | None = None
    actions: tuple[Task, ...] = ()
    quorum_waived_by: str | None = None


class DeferCase(Command, tag="defer_mdt_case", kw_only=True, frozen=True):
    meeting_id: str
    reason: Code
    next_meeting_id: str | None = None


class WithdrawCase(Command, tag="withdraw_mdt_case", kw_only=True, frozen=True):
    reason: Code


class EndCase(Command, tag="end_mdt_case", kw_only=True, frozen=True):
    """The referral ended: nobody has to decide any more."""

    reason: Code


class BeginInterval(Command, tag="begin_mdt_interval", kw_only=True, frozen=True):
    """The plan was activated or reviewed; not `running`: it ended. `at` is when that came true."""

    on: date
    at: datetime
    high_risk: bool = False
    running: bool = True


class AskByInterval(Command, tag="ask_mdt_by_interval", kw_only=True, frozen=True):
    """Timer, MDT-01."""

    since: date
