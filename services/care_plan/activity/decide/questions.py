"""What a discipline needs to know before it takes the work: asked for, provided or not to be had (ORCA's subtask)."""

from collections.abc import Sequence

from backbone.model import Decision, Given, Group, Refused, Table, by, like
from schemas.care_plan.v1.activity import ActivityInformationAsked, ActivityInformationEnded
from services.care_plan.activity.commands import Accept, AskInformation, EndQuestion
from services.care_plan.activity.states import Course, NotAccepted, Question, WithCourse
from services.care_plan.roles import somebody_of
from services.care_plan.rules import Rules


def performers(state: WithCourse, rules: Rules) -> Group:
    """Owner: somebody of the performing discipline."""
    return somebody_of(state.course.order.discipline, rules)


def who_was_asked(state: WithCourse, rules: Rules) -> Group:
    """Owner of the question: nobody else answers it."""
    asked = state.course.asked
    return somebody_of(asked.whom, rules) if asked else performers(state, rules)


@by(performers)
def ask(state: NotAccepted, command: AskInformation, given: Given[Rules]) -> Decision:
    """One question at a time: its answer is somebody's work."""
    course = state.course
    if course.asked is None:
        return [
            like(ActivityInformationAsked, command, activity_id=given.target, priority=course.order.priority)
        ]
    if course.asked == like(Question, command):
        return ()
    said = f"{course.asked.whom} is still asked for {course.asked.what}: that is answered first"
    return Refused(said, code="question-open")


@by(who_was_asked)
def answer(state: NotAccepted, command: EndQuestion, given: Given[Rules]) -> Decision:
    asked = state.course.asked
    if asked is None:
        return Refused("nothing is asked", code="nothing-asked")
    return [like(ActivityInformationEnded, command, activity_id=given.target, what=asked.what)]


def unanswered(course: Course, command: Accept) -> Refused | None:
    """What is missing is provided before the work is taken; where it can't be had, whoever takes it says so."""
    if course.asked:
        said = f"{course.asked.whom} is still asked for {course.asked.what}: wait for it, or decline"
        return Refused(said, instead=("EndQuestion", "Decline"), code="question-open")
    if course.lacking and not command.without_missing:
        said = f"not to be had: {', '.join(course.lacking)}; ask again, decline, or say without_missing"
        return Refused(said, instead=("AskInformation", "Decline"), code="information-missing")
    return None


def withdrawn(state: WithCourse, given: Given[Rules]) -> Sequence[ActivityInformationEnded]:
    """With the order goes what was asked because of it."""
    asked = state.course.asked
    if asked is None:
        return ()
    return [ActivityInformationEnded(activity_id=given.target, what=asked.what, result="withdrawn")]


QUESTIONS = Table(ask, answer)
