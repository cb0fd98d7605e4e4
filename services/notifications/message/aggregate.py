"""The message as one aggregate: its tables put together, and what follows from its state."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import msgspec

from backbone.model import Aggregate, Column, Columns, Command, Effect, Flag, Table, Timer
from services.notifications.contact.states import contact_id
from services.notifications.message.commands import (
    NotAccepted,
    NoteSilence,
    NoteUnsent,
    SayAfterAll,
    SayToPractice,
    ScheduleMessage,
    TrySend,
)
from services.notifications.message.content import Attempt
from services.notifications.message.decide.delivery import DELIVERY
from services.notifications.message.decide.release import RELEASE, is_for_practice
from services.notifications.message.evolve import EVOLVE
from services.notifications.message.states import (
    KeptBack,
    Letter,
    Message,
    NoMessage,
    Scheduled,
    Sending,
    Sent,
    Unasked,
)
from services.notifications.rules import Rules
from services.notifications.templates.content import KINDS

BY_PROVIDER = ("sms", "email")
"""The post and the portal need none."""


def needs(state: Message, command: Command) -> Iterable[tuple[str, str]]:
    """Whoever gets it: how they are reached; a patient's agenda too."""
    letter = letter_of(state, command)
    if letter is None or KINDS[letter.template].audience == "staff":
        return
    yield "contact", contact_id(letter.recipient_id)
    if KINDS[letter.template].audience == "pt" and not isinstance(command, SayToPractice):
        yield "agenda", letter.recipient_id


def letter_of(state: Message, command: Command) -> Letter | None:
    """Where the decision depends on whom it is for."""
    if isinstance(command, ScheduleMessage):
        return command.letter if isinstance(state, NoMessage) else None
    if isinstance(command, SayAfterAll | SayToPractice):
        return state.letter if isinstance(state, KeptBack) else None
    looks = isinstance(command, TrySend | NotAccepted)
    return state.letter if looks and isinstance(state, Scheduled | Sending | Sent) else None


def timers(state: Message, rules: Rules) -> Mapping[str, Timer]:
    """When it is sent, or its contact looked for again; when it is of no use any more, for nothing can be read or
    nobody calls; when nobody has said whether it arrived."""
    if isinstance(state, Scheduled):
        looks = rules.notifications.contacts.values.look_after_seconds
        wait = timedelta(seconds=looks[min(state.looks, len(looks)) - 1]) if state.looks else timedelta(0)
        return {"send": Timer(state.send_at + wait, TrySend())}
    if isinstance(state, Sending) and state.channel in BY_PROVIDER and state.since:
        return {"unsent": Timer(useful_until(state.letter, state.since, rules), NoteUnsent())}
    if isinstance(state, Sent) and not state.delivery_unknown:
        hours = rules.notifications.attempts.values.unknown_after_hours
        return {"silence": Timer(state.sent_at + timedelta(hours=hours), NoteSilence())}
    return {}


def useful_until(letter: Letter, since: datetime, rules: Rules) -> datetime:
    """NOT-11, and never longer than until the date that it is about."""
    limit = since + timedelta(hours=rules.notifications.lateness.values.hours)
    is_ahead = letter.start is not None and letter.start > since
    return min(limit, letter.start) if letter.start and is_ahead else limit


def effects(state: Message) -> Mapping[str, Effect]:
    if not isinstance(state, Sending) or state.channel not in BY_PROVIDER:
        return {}
    refs = (state.text_ref, state.contact_ref) if state.contact_ref else (state.text_ref,)
    body = msgspec.json.encode(Attempt(state.attempts, state.letter.recipient_id, refs))
    return {f"attempt {state.attempts}": Effect(state.channel, refs, body)}


def recipient(state: Message) -> str | None:
    return None if isinstance(state, NoMessage | Unasked) else state.letter.recipient_id


def practice_untold(state: Message) -> str | None:
    """The practice that could not be reached."""
    return state.letter.recipient_id if isinstance(state, KeptBack) and is_for_practice(state) else None


class Messages(Columns):
    """How messages are found."""

    recipient_id = Column(recipient)
    practice_untold = Column(practice_untold)
    to_post = Flag(lambda state: isinstance(state, Sent) and state.channel == "post")


MESSAGE = Aggregate[Message](
    "message",
    NoMessage(),
    decide=Table(RELEASE, DELIVERY),
    evolve=EVOLVE,
    timers=timers,
    effects=effects,
    needs=needs,
    has_pathway="if known",
    has_lane="if known",
    columns=Messages,
)
