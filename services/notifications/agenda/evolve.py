"""What each fact of an agenda makes of it."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TypeVar

from msgspec.structs import replace

from backbone.model import Head, Table, like
from services.notifications.agenda.facts import (
    ConsentNoted,
    CrisisWordsFound,
    DeathNoted,
    LifeNoted,
    MessageCovers,
    MessageKeptBack,
    MessageOver,
    MessagePushed,
    MessagePutOff,
    MessageUnwanted,
    MessageWanted,
    MessageWantedAgain,
    PushCounted,
    SourceHeard,
    TextAnswered,
    VisitDropped,
    VisitNoted,
)
from services.notifications.agenda.states import REMEMBERED_DAYS, Agenda, Note, Reply, Visit
from services.notifications.templates.content import TWO_WAY

T = TypeVar("T")
KEPT_DAYS = 14
"""Messages that were sent are needed for the caps of 7 days."""
KEPT_ANSWERS = 20


def heard(state: Agenda, fact: SourceHeard, head: Head) -> Agenda:
    since = head.occurred_at.date() - timedelta(days=KEPT_DAYS)
    notes = {name: note for name, note in state.notes.items() if not over_since(note, since)}
    heard_on = remembered(state, head.occurred_at.date()) | {fact.source_id: head.occurred_at.date()}
    heard = {name: state.heard[name] for name in heard_on if name in state.heard} | {
        fact.source_id: fact.sequence
    }
    return replace(state, heard=heard, heard_on=heard_on, notes=notes)


def remembered(state: Agenda, today: date) -> dict[str, date]:
    """When each thing was heard of last, without those that are long past. A date to come is never one of them."""
    since = today - timedelta(days=REMEMBERED_DAYS)
    known = {name: state.heard_on.get(name, today) for name in state.heard}
    return {name: day for name, day in known.items() if day >= since or name in state.visits}


def over_since(note: Note, since: date) -> bool:
    """What was kept back is remembered for longer: it may still be said."""
    if note.kept_back:
        return note.send_at.date() < since - timedelta(days=REMEMBERED_DAYS)
    return note.pushed_on is not None and note.pushed_on < since


def visit_noted(state: Agenda, fact: VisitNoted, head: Head) -> Agenda:
    return replace(state, visits={**state.visits, fact.appointment_id: like(Visit, fact)})


def visit_dropped(state: Agenda, fact: VisitDropped, head: Head) -> Agenda:
    return replace(state, visits=without(state.visits, fact.appointment_id))


def wanted(state: Agenda, fact: MessageWanted, head: Head) -> Agenda:
    return replace(state, notes={**state.notes, fact.message_id: like(Note, fact)})


def covered(state: Agenda, fact: MessageCovers, head: Head) -> Agenda:
    note = replace(state.notes[fact.message_id], covers=fact.covers)
    return replace(state, notes={**state.notes, fact.message_id: note})


def unwanted(state: Agenda, fact: MessageUnwanted | MessageOver, head: Head) -> Agenda:
    return replace(state, notes=without(state.notes, fact.message_id))


def kept_back(state: Agenda, fact: MessageKeptBack, head: Head) -> Agenda:
    note = replace(state.notes[fact.message_id], kept_back=fact.reason, pushed_on=None)
    return replace(state, notes={**state.notes, fact.message_id: note})


def wanted_again(state: Agenda, fact: MessageWantedAgain, head: Head) -> Agenda:
    note = replace(state.notes[fact.message_id], kept_back=None, send_at=fact.send_at)
    return replace(state, notes={**state.notes, fact.message_id: note})


def put_off(state: Agenda, fact: MessagePutOff, head: Head) -> Agenda:
    note = replace(state.notes[fact.message_id], send_at=fact.send_at)
    return replace(state, notes={**state.notes, fact.message_id: note})


def pushed(state: Agenda, fact: MessagePushed, head: Head) -> Agenda:
    note = state.notes[fact.message_id]
    state = replace(state, notes={**state.notes, fact.message_id: replace(note, pushed_on=fact.on)})
    if fact.channel != "sms":
        return state
    two_way = fact.message_id if note.template in TWO_WAY else state.last_two_way
    return replace(state, last_text=fact.message_id, last_two_way=two_way, last_text_on=fact.on)


def consent_noted(state: Agenda, fact: ConsentNoted, head: Head) -> Agenda:
    return replace(state, consents={**state.consents, fact.channel: fact.given})


def push_counted(state: Agenda, fact: PushCounted, head: Head) -> Agenda:
    counted = Note(
        template=fact.template, subject_id=fact.message_id, send_at=head.occurred_at, pushed_on=fact.on
    )
    return replace(state, notes={**state.notes, fact.message_id: counted})


def death_noted(state: Agenda, fact: DeathNoted, head: Head) -> Agenda:
    return replace(state, deceased=True, visits={})


def life_noted(state: Agenda, fact: LifeNoted, head: Head) -> Agenda:
    return replace(state, deceased=False)


def answered(state: Agenda, fact: TextAnswered, head: Head) -> Agenda:
    reply = like(Reply, fact, meaning=fact.reply, at=head.occurred_at)
    return replace(
        state,
        answered=(*state.answered, fact.inbound_id)[-KEPT_ANSWERS:],
        replies=(*state.replies, reply)[-KEPT_ANSWERS:],
    )


def crisis_found(state: Agenda, fact: CrisisWordsFound, head: Head) -> Agenda:
    return state


def without(mapping: Mapping[str, T], name: str) -> Mapping[str, T]:
    return {key: value for key, value in mapping.items() if key != name}


EVOLVE = Table(
    *(heard, visit_noted, visit_dropped, wanted, covered, unwanted, kept_back, wanted_again),
    *(pushed, consent_noted, death_noted, life_noted, answered, crisis_found),
    *(push_counted, put_off),
)
