"""A warning is raised, once or again; or it was dealt with before it was heard of."""

from typing import Any

from msgspec.structs import replace

from backbone.model import Decision, Given, Ruled, Step, Table, ignores
from schemas.notifications.v1.escalation import EscalationRaised
from services.notifications.agenda.states import Agenda
from services.notifications.escalation.commands import NoteItem, NoteRelease, Raise
from services.notifications.escalation.decide.answers import acknowledged
from services.notifications.escalation.decide.calls import ack_due, call, code_of, may_answer
from services.notifications.escalation.facts import ItemNoted, LadderBegun, RaiseOvertaken
from services.notifications.escalation.states import (
    Acknowledged,
    Escalation,
    Ladder,
    Origin,
    Quiet,
    Raised,
    Resolved,
    item_of,
    ladder_of,
)
from services.notifications.rules import Rules


def origin_fields(origin: Origin) -> dict[str, Any]:
    """As private facts carry it."""
    return {
        "origin_type": origin.aggregate_type,
        "origin_id": origin.aggregate_id,
        "origin_sequence": origin.sequence,
        "origin_at": origin.at,
    }


def raise_first(state: Quiet, command: Raise, given: Given[Rules]) -> Decision:
    """What was dealt with already calls nobody; who claimed it already is not called either."""
    if of_the_dead(command, given):
        return ()
    if state.resolved_by and not command.origin.follows(state.resolved_by):
        return [RaiseOvertaken(**origin_fields(command.origin))]
    ladder = begun(state, command, given)
    claim = state.claim
    if claim and claim.at >= command.origin.at and claim.by in may_answer(ladder, given.rules):
        return [*raising(ladder, given), acknowledged(ladder, 1, claim.by, "worklist", given)]
    return [*raising(ladder, given), *call(ladder, 1, given)]


def raise_again(state: Raised | Acknowledged, command: Raise, given: Given[Rules]) -> Decision:
    """The same warning once more: the ladder starts anew, whoever answered before."""
    if not command.origin.follows(state.ladder.raised_by):
        return ()
    ladder = begun(state, command, given)
    return [*raising(ladder, given), *call(ladder, 1, given)]


def raise_anew(state: Resolved, command: Raise, given: Given[Rules]) -> Decision:
    """Another episode; not the one that was resolved, told once more."""
    earlier = state.ladder.raised_by if state.ladder else None
    is_news = command.origin.follows(state.resolved_by) and command.origin.follows(earlier)
    if not is_news or of_the_dead(command, given):
        return ()
    ladder = begun(state, command, given)
    return [*raising(ladder, given), *call(ladder, 1, given)]


def raise_as_given_back(state: Acknowledged, command: NoteRelease, given: Given[Rules]) -> Decision:
    """Nobody has it any more, and nobody has assessed it: people are called as at first."""
    if state.via != "worklist" or state.assessed or command.at < state.at:
        return ()
    ladder = replace(state.ladder, episode=state.ladder.episode + 1, called=())
    ladder = replace(ladder, code=code_of(ladder.episode, given))
    return [*raising(ladder, given), *call(ladder, 1, given)]


def of_the_dead(command: Raise, given: Given[Rules]) -> bool:
    """NOT-14: nobody is called about whoever has died, also when the warning comes after the death."""
    if command.patient_id is None or command.lives:
        return False
    agenda: Agenda = given.others["agenda", command.patient_id]
    return agenda.deceased


def begun(state: Escalation, command: Raise, given: Given[Rules]) -> Ladder:
    earlier = ladder_of(state)
    episode = earlier.episode + 1 if earlier else 1
    ladder = Ladder(
        subject_type=command.subject_type,
        subject_id=command.subject_id,
        severity=command.severity,
        queue=command.queue,
        raised_by=command.origin,
        code=code_of(episode, given),
        episode=episode,
    )
    return replace(ladder, rounds=earlier.rounds) if earlier else ladder


def raising(ladder: Ladder, given: Given[Rules]) -> list[Step]:
    raised = EscalationRaised(
        escalation_id=given.target,
        subject_type=ladder.subject_type,
        subject_id=ladder.subject_id,
        severity=ladder.severity,
        level=1,
        ack_due_at=ack_due(ladder, 1, given),
    )
    begins = LadderBegun(queue=ladder.queue, code=ladder.code, **origin_fields(ladder.raised_by))
    return [Ruled(raised, (given.rules.escalation.ladders,)), begins]


def note_item(state: Escalation, command: NoteItem, given: Given[Rules]) -> Decision:
    return () if item_of(state) == command.item_id else [ItemNoted(item_id=command.item_id)]


BEGIN = Table(
    *(raise_first, raise_again, raise_anew, raise_as_given_back, note_item),
    ignores(NoteRelease, when=Quiet | Raised | Resolved),
)
