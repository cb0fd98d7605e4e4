"""From the order to the owner: who performs it takes it or declines."""

from backbone.model import Decision, Given, Refused, Ruled, Table, by, decider, ignores, like
from schemas.care_plan.v1.activity import ActivityAccepted, ActivityDeclined, ActivityOrdered
from services.care_plan.activity.commands import Accept, Decline, NoteBooked, OrderActivity, Receive
from services.care_plan.activity.decide.doses import dosed
from services.care_plan.activity.decide.questions import performers, unanswered, withdrawn
from services.care_plan.activity.facts import ActivityReceived, FirstSessionBooked
from services.care_plan.activity.states import (
    Accepted,
    Ended,
    NotAccepted,
    NotOrdered,
    Order,
    Owned,
    Requested,
    WithCourse,
    no_procedure,
)
from services.care_plan.roles import CLINICIAN
from services.care_plan.rules import Rules


@by(CLINICIAN)
def order(state: NotOrdered, command: OrderActivity, given: Given[Rules]) -> Decision:
    wanted = command.order
    wrong = no_procedure([wanted.kind]) or not_replaced(wanted, given) or ordered_already(command, given)
    if wrong:
        return wrong
    full, rules = dosed(wanted, given.rules)
    return [Ruled(like(ActivityOrdered, full, activity_id=given.target), rules)]


def not_replaced(wanted: Order, given: Given[Rules]) -> Refused | None:
    """Another owner is a new order, after the old one was declined or cancelled (ORCA)."""
    if wanted.replaces is None:
        return None
    replaced = given.others["activity", wanted.replaces]
    if not isinstance(replaced, WithCourse) or replaced.course.order.plan_id != wanted.plan_id:
        return Refused("what it replaces is no activity of this plan", code="unknown-activity")
    if isinstance(replaced, NotAccepted | Owned):
        return Refused(
            "what it replaces is open: end that first", instead=("Cancel", "Stop"), code="still-open"
        )
    return None


def ordered_already(command: OrderActivity, given: Given[Rules]) -> Refused | None:
    """Nobody does the same twice because it was ordered twice."""
    said = f"{command.order.discipline} {command.order.kind}"
    for twin in command.twins:
        if isinstance(given.others["activity", twin], NotAccepted | Owned):
            return Refused(
                f"{said} is ordered and open already, as activity {twin}: say `again` where both are wanted",
                code="already-ordered",
            )
    return None


@by(performers)
def receive(state: Requested, command: Receive, given: Given[Rules]) -> Decision:
    return [ActivityReceived()]


@by(performers)
def accept(state: NotAccepted, command: Accept, given: Given[Rules]) -> Decision:
    course = state.course
    if missing := unanswered(course, command):
        return missing
    who = decider(given)
    return [
        like(
            ActivityAccepted,
            course.order,
            activity_id=given.target,
            owner_id=who,
            without=course.lacking or None,
        )
    ]


@by(performers)
def accepted_by_another(state: Accepted, command: Accept, given: Given[Rules]) -> Decision:
    if state.course.owner_id == given.actor.id:
        return ()
    return Refused("somebody else has accepted it", code="accepted-already")


@by(performers)
def decline(state: NotAccepted, command: Decline, given: Given[Rules]) -> Decision:
    return [*withdrawn(state, given), like(ActivityDeclined, command, activity_id=given.target)]


def note_booked(state: Owned, command: NoteBooked, given: Given[Rules]) -> Decision:
    return () if state.course.booked else [FirstSessionBooked()]


REQUEST = Table(
    *(order, receive, accept, accepted_by_another, decline, note_booked),
    ignores(NoteBooked, when=NotOrdered | NotAccepted | Ended),
)
