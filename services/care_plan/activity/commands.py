"""What can be asked of an activity."""

from backbone.model import Command
from schemas.care_plan.v1.codes import ActivityDecision, ActivityInformation, AnswerTo
from schemas.codes import Discipline
from schemas.fact import Code
from services.care_plan.activity.states import Order


class OrderActivity(Command, tag="order_activity"):
    """The plan wants it. `twins`: others of the same kind, of which none may be open."""

    order: Order
    twins: tuple[str, ...] = ()


class Receive(Command, tag="receive_activity"):
    """The discipline has seen it."""


class AskInformation(Command, tag="ask_information", kw_only=True):
    """Before it takes the work. What only the patient knows, coordination asks them."""

    whom: Discipline
    what: ActivityInformation


class EndQuestion(Command, tag="end_question", kw_only=True):
    """Who was asked has provided it, or can't."""

    result: AnswerTo


class Accept(Command, tag="accept_activity", kw_only=True):
    """The discipline takes it: dates are asked for. `without_missing`: although what it asked for could not be had."""

    without_missing: bool = False


class Decline(Command, tag="decline_activity", kw_only=True):
    reason: Code


class NoteBooked(Command, tag="note_activity_booked"):
    """It has a date."""


class Start(Command, tag="start_activity"):
    """The assessment visit, or the first session."""


class CompleteSession(Command, tag="complete_session", kw_only=True):
    """`complete`: it was the last one."""

    appointment_id: str | None = None
    complete: bool = False
    result: Code = "goals_of_discipline_reached"


class NoteMissed(Command, tag="note_session_missed", kw_only=True):
    appointment_id: str


class TakeBackMissed(Command, tag="take_back_session_missed", kw_only=True):
    """The record of the visit was corrected."""

    appointment_id: str


class Pause(Command, tag="pause_activity", kw_only=True):
    reason: Code


class Resume(Command, tag="resume_activity"):
    """It goes on."""


class Complete(Command, tag="complete_activity", kw_only=True):
    result: Code


class Stop(Command, tag="stop_activity", kw_only=True):
    """No benefit, or harm."""

    reason: Code


class Cancel(Command, tag="cancel_activity", kw_only=True):
    """Before it began."""

    reason: Code


class EndWithPlan(Command, tag="end_activity_with_plan", kw_only=True):
    """The plan or the referral ended."""

    reason: Code


class Review(Command, tag="review_activity", kw_only=True):
    """What a clinician decided. `sessions`: how many more, where it is extended."""

    decision: ActivityDecision
    sessions: int | None = None
