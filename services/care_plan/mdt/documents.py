"""What requests about cases, meetings and actions say. Unknown fields are errors."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

from backbone.http.calls import RequestBody
from backbone.ids import derive
from schemas.codes import Priority, Queue
from schemas.fact import Code, Id, Instant
from services.care_plan.mdt.commands import DecideCase, Task
from services.care_plan.rules import Text


class Meeting(RequestBody):
    """`quorum`: roles that must be there, where it is not the clinic's rule."""

    start: Instant
    location: Code | None = None
    quorum: tuple[Code, ...] = ()


class MeetingId(BaseModel):
    meeting_id: Id


class CaseListing(RequestBody):
    meeting_id: Id
    prep_queues: Annotated[tuple[Queue, ...], Field(min_length=1)]


class ActionItem(RequestBody):
    """Who does what by when (MDT-02). `kind` lets a fact complete it: activate_plan, book_joint_day."""

    owner_queue: Queue
    owner_id: Id | None = None
    due_on: date
    priority: Priority = "routine"
    text: Text
    kind: Code | None = None


class Deciding(RequestBody):
    """`attendees`: who was there, by their ids in the staff directory, which knows their roles."""

    meeting_id: Id
    decision: Code
    attendees: tuple[Id, ...]
    summary: Text
    dissent: Text | None = None
    actions: tuple[ActionItem, ...] = ()
    quorum_waived_by: Id | None = None

    def command(self, cause_id: str) -> DecideCase:
        """Each action gets an id that follows from the cause."""
        tasks = tuple(
            Task(action_id=derive(cause_id, f"action:{number}"), **each.model_dump())
            for number, each in enumerate(self.actions, start=1)
        )
        return DecideCase(actions=tasks, **self.model_dump(exclude={"actions"}))


class Deferring(RequestBody):
    reason: Code
    next_meeting_id: Id | None = None


class Reassigning(RequestBody):
    owner_id: Id
