"""Two records that are one person's: consent and caps hold over both, a withdrawal wins (EVT-03)."""

from backbone.model import Decision, Given, Table, like
from schemas.fact import Fact
from services.notifications.agenda.commands import CountPush, TakeOver
from services.notifications.agenda.facts import ConsentNoted, PushCounted
from services.notifications.agenda.states import Agenda
from services.notifications.rules import Rules


def take_over(state: Agenda, command: TakeOver, given: Given[Rules]) -> Decision:
    """What was said and sent while they are one is kept when they part: it was said, and it was sent."""
    other: Agenda = given.others["agenda", command.other_id]
    facts: list[Fact] = []
    for channel, said in other.consents.items():
        if state.consents.get(channel, not said) is not said and (not said or channel not in state.consents):
            facts.append(ConsentNoted(channel=channel, given=said))
    for message_id, note in other.notes.items():
        if note.pushed_on and message_id not in state.notes:
            facts.append(PushCounted(message_id=message_id, template=note.template, on=note.pushed_on))
    return facts


def count_push(state: Agenda, command: CountPush, given: Given[Rules]) -> Decision:
    return () if command.message_id in state.notes else [like(PushCounted, command)]


PERSONS = Table(take_over, count_push)
