"""What became of consents and messages, as far as plans and caps depend on it."""

from backbone.model import Decision, Given, like
from services.notifications.agenda.commands import NoteConsent, NoteOver, NotePushed
from services.notifications.agenda.facts import ConsentNoted, MessageOver, MessagePushed
from services.notifications.agenda.states import Agenda
from services.notifications.contact.states import contact_id, zone_of
from services.notifications.rules import Rules


def note_consent(state: Agenda, command: NoteConsent, given: Given[Rules]) -> Decision:
    return () if state.consents.get(command.channel) == command.given else [like(ConsentNoted, command)]


def note_pushed(state: Agenda, command: NotePushed, given: Given[Rules]) -> Decision:
    """Counted once, on the patient's local day."""
    note = state.notes.get(command.message_id)
    if note is None or note.pushed_on:
        return ()
    zone = zone_of(given.others[contact_id(given.target)], given.rules)
    return [like(MessagePushed, command, on=command.at.astimezone(zone).date())]


def note_over(state: Agenda, command: NoteOver, given: Given[Rules]) -> Decision:
    return [like(MessageOver, command)] if command.message_id in state.notes else ()
