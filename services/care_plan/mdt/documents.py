"""What requests about cases, meetings and actions say. Unknown fields are errors."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from backbone.http.calls import RequestBody
from backbone.http.resources import without
from backbone.ids import derive
from schemas.care_plan.v1.codes import ACTION_KIND, ASKED_OF_TEAM, CARE_REASON, CASE_DECISION
from schemas.codes import Priority, Queue
from schemas.fact import FEW, SOME, Day, Id, Instant, Slug, Word, YesNo
from schemas.said import LongText as Text
from schemas.said import Sentences
from services.care_plan.mdt.commands import DecideCase, Task


class Meeting(RequestBody):
    """`quorum`: roles that must be there, where it is not the clinic's rule."""

    start: Instant
    location: Slug | None = None
    quorum: Annotated[tuple[Word, ...], FEW] = ()


class MeetingId(BaseModel):
    meeting_id: Id


class PlannedMeeting(BaseModel):
    id: Id
    version: int
    status: Literal["scheduled", "open"]
    start: Instant
    quorum: list[Word] = []
    decided: list[Id] = []


class Meetings(BaseModel):
    meetings: list[PlannedMeeting]


class CaseListing(RequestBody):
    meeting_id: Id
    prep_queues: Annotated[tuple[Queue, ...], Field(min_length=1, max_length=20)]


class ActionItem(RequestBody):
    """Who does what by when (MDT-02). `kind` lets a fact complete it: activate_plan, book_joint_day."""

    owner_queue: Queue
    owner_id: Id | None = None
    due_on: Day
    priority: Priority = "routine"
    text: Sentences
    kind: Annotated[str, ACTION_KIND.only] | None = None


class Deciding(RequestBody):
    """`attendees`: who was there, by their ids in the staff directory, which knows their roles."""

    meeting_id: Id
    decision: Annotated[str, CASE_DECISION.only]
    attendees: Annotated[tuple[Id, ...], SOME]
    summary: Text
    dissent: Text | None = None
    actions: Annotated[tuple[ActionItem, ...], FEW] = ()
    quorum_waived_by: Id | None = None

    def command(self, cause_id: str) -> DecideCase:
        """Each action gets an id that follows from the cause."""
        tasks = tuple(
            Task(action_id=derive(cause_id, f"action:{number}"), **each.model_dump())
            for number, each in enumerate(self.actions, start=1)
        )
        return DecideCase(actions=tasks, **self.model_dump(exclude={"actions"}))


class NewCase(RequestBody):
    """A question for the team, about one referral."""

    patient_id: Id
    referral_id: Id
    reason: Annotated[str, ASKED_OF_TEAM.only] = "clinical_question"
    question: Text
    priority: Priority = "routine"


class CaseId(BaseModel):
    case_id: Id


class Closing(RequestBody):
    """`attendees`: who was there besides those whom the decisions name."""

    attendees: Annotated[tuple[Id, ...], SOME] = ()
    quorum_waived_by: Id | None = None


class AgendaQuestion(BaseModel):
    ref: Id
    reason: str
    asked_by: Id | None = None


class AgendaCase(BaseModel):
    case_id: Id
    patient_id: Id | None
    reasons: list[str]
    priority: Priority
    questions: list[AgendaQuestion]
    open_actions: int


class AgendaAction(BaseModel):
    action_id: Id
    case_id: Id
    patient_id: Id | None
    kind: str | None
    due_on: Day
    overdue: YesNo
    owner_queue: Queue | None
    owner_id: Id | None


class Agenda(BaseModel):
    """Cases, the most urgent first; then what earlier meetings asked for and nobody did yet, the longest due first."""

    cases: list[AgendaCase]
    actions: list[AgendaAction]
    more_actions: YesNo


class Deferring(RequestBody):
    reason: Annotated[str, CARE_REASON.only]
    next_meeting_id: Id | None = None


class Reassigning(RequestBody):
    owner_id: Id


case_document = without("known")
"""As it stands, without what is remembered for later questions: the patient's risk is among it (PRV-13)."""
