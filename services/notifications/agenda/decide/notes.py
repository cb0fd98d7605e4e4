"""What became of consents and messages, as far as plans and caps depend on it."""

from backbone.model import Decision, Given, like, others_of
from services.notifications.agenda.commands import NoteConsent, NoteDeath, NoteOver, NotePushed
from services.notifications.agenda.facts import (
    ConsentNoted,
    DeathNoted,
    MessageOver,
    MessagePushed,
    MessageUnwanted,
)
from services.notifications.agenda.states import Agenda
from services.notifications.contact.states import contact_id, zone_of
from services.notifications.rules import Rules


def note_consent(state: Agenda, command: NoteConsent, given: Given[Rules]) -> Decision:
    """For every record of the person."""
    if state.consents.get(command.channel) == command.given:
        return ()
    return [like(ConsentNoted, command, also=others_of(given.target, given))]


def note_pushed(state: Agenda, command: NotePushed, given: Given[Rules]) -> Decision:
    """Counted once, on the patient's local day."""
    note = state.notes.get(command.message_id)
    if note is None or note.pushed_on:
        return ()
    zone = zone_of(given.others["contact", contact_id(given.target)], given.rules)
    on = command.at.astimezone(zone).date()
    also = others_of(given.target, given)
    return [like(MessagePushed, command, on=on, template=note.template, also=also)]


def note_death(state: Agenda, command: NoteDeath, given: Given[Rules]) -> Decision:
    """NOT-14: everything at once, letters too."""
    if state.deceased:
        return ()
    planned = [key for key, note in state.notes.items() if not note.pushed_on]
    return [DeathNoted(), *(MessageUnwanted(message_id=key, reason="deceased") for key in planned)]


def note_over(state: Agenda, command: NoteOver, given: Given[Rules]) -> Decision:
    return [like(MessageOver, command)] if command.message_id in state.notes else ()
