"""The agenda of a patient: facts elsewhere in, planned messages out."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import msgspec
from msgspec.structs import replace

from backbone.model import Aggregate, Content, Decision, Given, Head, Table
from services.notifications.agenda.decide.plan import Planner, note_of
from services.notifications.agenda.states import (
    Agenda,
    AnswerText,
    Hear,
    Note,
    NoteConsent,
    NoteOver,
    NotePushed,
    Visit,
)
from services.notifications.contact.aggregate import Reachable, contact_id
from services.notifications.message.facts import (
    ConsentNoted,
    MessageCovers,
    MessageOver,
    MessagePushed,
    MessageUnwanted,
    MessageWanted,
    SourceHeard,
    TextAnswered,
    VisitDropped,
    VisitNoted,
)
from services.notifications.rules import Rules
from services.notifications.templates.content import TWO_WAY

KEPT_DAYS = 14
"""Messages that were sent are needed for the caps of 7 days."""


def hear(state: Agenda, command: Hear, given: Given[Rules]) -> Decision:
    """Each fact once, in the order of its thing's life (NOT-10). What ends, ends before anything new is planned."""
    if command.source.sequence <= state.heard.get(command.source.id, 0):
        return ()
    contact = given.others[contact_id(given.target)]
    zone = given.rules.zone(contact.time_zone if isinstance(contact, Reachable) else None)
    planner = Planner(given.target, command.referral_id, state, given.at, zone, given.rules)
    known = state.visits.get(command.subject_id)
    if command.ends and command.everything:
        planner.end_all(command.ends, command.only)
    elif command.ends:
        planner.end(command.subject_id, command.ends)
    if visit := dated(command, known):
        planner.note(command.subject_id, visit)
    for template in command.says:
        planner.plan(template, command.subject_id, command.subject_version, command.due_on)
    if known and command.ends and visit is None:
        planner.drop(command.subject_id)
    return [SourceHeard(source_id=command.source.id, sequence=command.source.sequence), *planner.facts]


def dated(command: Hear, known: Visit | None) -> Visit | None:
    """The date as it is now."""
    if command.visit:
        return command.visit
    if command.moved_to and known and command.subject_version:
        return replace(known, version=command.subject_version, start=command.moved_to)
    return None


def note_consent(state: Agenda, command: NoteConsent, given: Given[Rules]) -> Decision:
    if state.consents.get(command.channel) == command.given:
        return ()
    return [ConsentNoted(channel=command.channel, given=command.given)]


def note_pushed(state: Agenda, command: NotePushed, given: Given[Rules]) -> Decision:
    """Counted once, on the patient's local day."""
    note = state.notes.get(command.message_id)
    if note is None or note.pushed_on:
        return ()
    contact = given.others[contact_id(given.target)]
    zone = given.rules.zone(contact.time_zone if isinstance(contact, Reachable) else None)
    on = command.at.astimezone(zone).date()
    return [MessagePushed(message_id=command.message_id, on=on, channel=command.channel)]


def note_over(state: Agenda, command: NoteOver, given: Given[Rules]) -> Decision:
    return [MessageOver(message_id=command.message_id)] if command.message_id in state.notes else ()


def answer(state: Agenda, command: AnswerText, given: Given[Rules]) -> Decision:
    """Confirm and cancel answer the last message about a date, anything else the last message."""
    answered = state.last_two_way if command.reply in ("confirm", "cancel") else None
    message_id = answered or state.last_text
    if message_id is None or command.inbound_id in state.answered:
        return ()
    ref = given.ref("text")
    return [
        Content(ref, "inbound_text", msgspec.json.encode(command.text)),
        TextAnswered(inbound_id=command.inbound_id, message_id=message_id, reply=command.reply, text_ref=ref),
    ]


def heard(state: Agenda, fact: SourceHeard, head: Head) -> Agenda:
    since = head.occurred_at.date() - timedelta(days=KEPT_DAYS)
    notes = {name: note for name, note in state.notes.items() if not over_since(note, since)}
    return replace(state, heard={**state.heard, fact.source_id: fact.sequence}, notes=notes)


def over_since(note: Note, since: date) -> bool:
    return note.pushed_on is not None and note.pushed_on < since


def visit_noted(state: Agenda, fact: VisitNoted, head: Head) -> Agenda:
    visit = Visit(fact.version, fact.start, fact.location, fact.remote, fact.series, fact.referral_id)
    return replace(state, visits={**state.visits, fact.appointment_id: visit})


def visit_dropped(state: Agenda, fact: VisitDropped, head: Head) -> Agenda:
    return replace(state, visits=without(state.visits, fact.appointment_id))


def wanted(state: Agenda, fact: MessageWanted, head: Head) -> Agenda:
    return replace(state, notes={**state.notes, fact.message_id: note_of(fact)})


def covered(state: Agenda, fact: MessageCovers, head: Head) -> Agenda:
    note = replace(state.notes[fact.message_id], covers=fact.covers)
    return replace(state, notes={**state.notes, fact.message_id: note})


def unwanted(state: Agenda, fact: MessageUnwanted | MessageOver, head: Head) -> Agenda:
    return replace(state, notes=without(state.notes, fact.message_id))


def pushed(state: Agenda, fact: MessagePushed, head: Head) -> Agenda:
    note = state.notes[fact.message_id]
    state = replace(state, notes={**state.notes, fact.message_id: replace(note, pushed_on=fact.on)})
    if fact.channel != "sms":
        return state
    two_way = fact.message_id if note.template in TWO_WAY else state.last_two_way
    return replace(state, last_text=fact.message_id, last_two_way=two_way, last_text_on=fact.on)


def consent_noted(state: Agenda, fact: ConsentNoted, head: Head) -> Agenda:
    return replace(state, consents={**state.consents, fact.channel: fact.given})


def answered(state: Agenda, fact: TextAnswered, head: Head) -> Agenda:
    return replace(state, answered=(*state.answered[-19:], fact.inbound_id))


def without(mapping: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return {key: value for key, value in mapping.items() if key != name}


def needs(state: Any, command: Any) -> Iterable[tuple[str, str]]:
    """The contact has the time zone."""
    if isinstance(command, Hear | NotePushed):
        yield "contact", contact_id(command.patient_id)


def foresees(state: Agenda, command: Any) -> Iterable[tuple[str, str]]:
    """Messages about what ends are cancelled at once."""
    if isinstance(command, Hear) and command.ends:
        for message_id, note in state.notes.items():
            if command.everything or command.subject_id in (note.subject_id, *note.covers):
                yield "message", message_id


AGENDA = Aggregate(
    "agenda",
    Agenda(),
    decide=Table(hear, note_consent, note_pushed, note_over, answer),
    evolve=Table(
        heard, visit_noted, visit_dropped, wanted, covered, unwanted, pushed, consent_noted, answered
    ),
    needs=needs,
    foresees=foresees,
    has_pathway=False,
)
