"""Who takes it up: by replying to a page, by claiming the item, by telephone. Only a named person on the ladder."""

from backbone.model import Decision, Given, Refused, Table, by, ignores
from schemas.notifications.v1.codes import AcknowledgedVia
from schemas.notifications.v1.escalation import EscalationAcknowledged
from services.notifications.escalation.commands import AnswerPage, NoteAssessment, NoteClaim, RecordCall
from services.notifications.escalation.decide.calls import may_answer
from services.notifications.escalation.facts import AssessmentNoted, ClaimRemembered
from services.notifications.escalation.states import Acknowledged, Ladder, Quiet, Raised, Resolved
from services.notifications.roles import STAFF
from services.notifications.rules import Rules


def acknowledged(
    ladder: Ladder, level: int, person: str, via: AcknowledgedVia, given: Given[Rules]
) -> EscalationAcknowledged:
    return EscalationAcknowledged(
        escalation_id=given.target,
        subject_id=ladder.subject_id,
        level=level,
        by_id=person,
        at=given.at,
        via=via,
    )


def taken_up(state: Raised, person: str, via: AcknowledgedVia, given: Given[Rules]) -> Decision:
    if person not in may_answer(state.ladder, given.rules):
        return Refused("only somebody on the ladder may take it up", code="not-on-the-ladder")
    return [acknowledged(state.ladder, state.level, person, via, given)]


def answer_page(state: Raised, command: AnswerPage, given: Given[Rules]) -> Decision:
    return taken_up(state, command.by_id, "page", given)


@by(STAFF)
def record_call(state: Raised, command: RecordCall, given: Given[Rules]) -> Decision:
    """Staff name whom they spoke with."""
    return taken_up(state, command.by_id, "phone", given)


def note_claim(state: Raised, command: NoteClaim, given: Given[Rules]) -> Decision:
    """A claim by somebody else, or of an earlier episode, stops nobody from being called."""
    on_it = command.by_id in may_answer(state.ladder, given.rules)
    if command.at < state.ladder.raised_by.at or not on_it:
        return ()
    return [acknowledged(state.ladder, state.level, command.by_id, "worklist", given)]


def remember_claim(state: Quiet, command: NoteClaim, given: Given[Rules]) -> Decision:
    """The warning comes over another topic, and may come later. The latest claim counts."""
    if state.claim and command.at <= state.claim.at:
        return ()
    return [ClaimRemembered(by_id=command.by_id, at=command.at)]


def note_assessment(state: Acknowledged, command: NoteAssessment, given: Given[Rules]) -> Decision:
    if state.assessed or not command.origin.follows(state.ladder.raised_by):
        return ()
    return [AssessmentNoted()]


def assess_at_once(state: Raised, command: NoteAssessment, given: Given[Rules]) -> Decision:
    """A named clinician did what people are called for: assessing acknowledges."""
    if not command.origin.follows(state.ladder.raised_by):
        return ()
    return [acknowledged(state.ladder, state.level, command.by_id, "worklist", given), AssessmentNoted()]


ANSWERS = Table(
    *(answer_page, record_call, note_claim, remember_claim, note_assessment, assess_at_once),
    ignores(AnswerPage, NoteClaim, NoteAssessment, when=Resolved),
    ignores(AnswerPage, NoteClaim, when=Acknowledged),
    ignores(AnswerPage, NoteAssessment, when=Quiet),
    ignores(RecordCall, when=(Acknowledged, Resolved), whom=STAFF),
)
