"""What became of consents and messages, as far as plans and caps depend on it."""

from collections.abc import Iterable
from datetime import timedelta

from msgspec.structs import replace

from backbone.model import Decision, Given, like, others_of
from services.notifications.agenda.commands import (
    NoteConsent,
    NoteDeath,
    NoteDelivered,
    NoteLife,
    NoteOver,
    NotePushed,
    NotePutOff,
    NoteReach,
)
from services.notifications.agenda.facts import (
    ConsentNoted,
    DeathNoted,
    LifeNoted,
    MessageKeptBack,
    MessageOver,
    MessagePushed,
    MessagePutOff,
    MessageUnwanted,
    MessageWantedAgain,
)
from services.notifications.agenda.states import Agenda
from services.notifications.contact.states import channels_of, contact_id, zone_of
from services.notifications.message.decide.checks import agreed_channel
from services.notifications.rules import Rules
from services.notifications.templates.content import KINDS

APPOINTMENT = "appointment"
CONFIRMED = "APPT_CONFIRMED"
FAILED = "failed"
UNREACHED = frozenset({"no_channel", "opted_out", "no_consent", FAILED})
"""Why somebody was not told who may be reached later."""


def note_consent(state: Agenda, command: NoteConsent, given: Given[Rules]) -> Decision:
    """For every record of the person."""
    if state.consents.get(command.channel) == command.given:
        return ()
    noted = like(ConsentNoted, command, also=others_of(given.target, given))
    after = replace(state, consents={**state.consents, command.channel: command.given})
    return [noted, *(said_after_all(after, given) if command.given else ())]


def note_reach(state: Agenda, command: NoteReach, given: Given[Rules]) -> Decision:
    return list(said_after_all(state, given))


def said_after_all(state: Agenda, given: Given[Rules]) -> Iterable[MessageWantedAgain]:
    """Whoever could not be reached and can be now is told, dates first, no more on a day than the cap allows."""
    has = channels_of(given.others["contact", contact_id(given.target)])
    if state.deceased or agreed_channel(state, has, (), given.rules) is None:
        return
    unsaid = [(message_id, note) for message_id, note in state.notes.items() if note.kept_back in UNREACHED]
    unsaid.sort(key=lambda each: (KINDS[each[1].template].rank, each[1].send_at))
    first, a_day = given.at + given.rules.grace(), given.rules.notifications.caps.values.per_day
    for number, (message_id, _) in enumerate(unsaid):
        send_at = first + timedelta(days=number // a_day)
        yield MessageWantedAgain(message_id=message_id, send_at=send_at)


def note_delivered(state: Agenda, command: NoteDelivered, given: Given[Rules]) -> Decision:
    """What was kept back of the same dates is said with it, and what waits to confirm them."""
    note = state.notes.get(command.message_id)
    if note is None or KINDS[note.template].message_class != APPOINTMENT:
        return ()
    told = {note.subject_id, *note.covers}
    return [
        MessageUnwanted(message_id=message_id, reason="reached")
        for message_id, each in state.notes.items()
        if (each.kept_back or (each.is_planned and each.template == CONFIRMED))
        and KINDS[each.template].message_class == APPOINTMENT
        if {each.subject_id, *each.covers} <= told
    ]


def note_pushed(state: Agenda, command: NotePushed, given: Given[Rules]) -> Decision:
    """Counted once, on the patient's local day."""
    note = state.notes.get(command.message_id)
    if note is None or note.pushed_on:
        return ()
    zone = zone_of(given.others["contact", contact_id(given.target)], given.rules)
    on = command.at.astimezone(zone).date()
    also = others_of(given.target, given)
    return [like(MessagePushed, command, on=on, template=note.template, also=also)]


def note_put_off(state: Agenda, command: NotePutOff, given: Given[Rules]) -> Decision:
    note = state.notes.get(command.message_id)
    return () if note is None or not note.is_planned else [like(MessagePutOff, command)]


def note_death(state: Agenda, command: NoteDeath, given: Given[Rules]) -> Decision:
    """NOT-14: everything at once, letters too."""
    if state.deceased:
        return ()
    planned = [key for key, note in state.notes.items() if not note.pushed_on]
    return [DeathNoted(), *(MessageUnwanted(message_id=key, reason="deceased") for key in planned)]


def note_life(state: Agenda, command: NoteLife, given: Given[Rules]) -> Decision:
    return [LifeNoted()] if state.deceased else ()


def note_over(state: Agenda, command: NoteOver, given: Given[Rules]) -> Decision:
    if command.message_id not in state.notes:
        return ()
    if command.kept_back and not state.deceased:
        return [MessageKeptBack(message_id=command.message_id, reason=command.kept_back)]
    return [like(MessageOver, command)]
