"""Two records that are one person's: consent and caps hold over both, a withdrawal wins (EVT-03)."""

from backbone.model import Decision, Given, Table, like
from schemas.fact import Fact
from services.notifications.agenda.commands import CountPush, JoinPerson, PartPerson
from services.notifications.agenda.facts import ConsentNoted, PersonJoined, PersonParted, PushCounted
from services.notifications.agenda.states import Agenda
from services.notifications.rules import Rules


def join(state: Agenda, command: JoinPerson, given: Given[Rules]) -> Decision:
    if command.other_id in state.others:
        return ()
    other: Agenda = given.others["agenda", command.other_id]
    facts: list[Fact] = [PersonJoined(other_id=command.other_id)]
    for channel, said in other.consents.items():
        if state.consents.get(channel, not said) is not said and (not said or channel not in state.consents):
            facts.append(ConsentNoted(channel=channel, given=said))
    for message_id, note in other.notes.items():
        if note.pushed_on and message_id not in state.notes:
            facts.append(PushCounted(message_id=message_id, template=note.template, on=note.pushed_on))
    return facts


def part(state: Agenda, command: PartPerson, given: Given[Rules]) -> Decision:
    """From now on. What was said while they were one was said, and is kept."""
    return [PersonParted(other_id=command.other_id)] if command.other_id in state.others else ()


def count_push(state: Agenda, command: CountPush, given: Given[Rules]) -> Decision:
    return () if command.message_id in state.notes else [like(PushCounted, command)]


PERSONS = Table(join, part, count_push)
