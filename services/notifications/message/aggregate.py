"""The message as one aggregate: its tables put together, and what follows from its state."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

import msgspec

from backbone.model import Aggregate, Column, Columns, Effect, Flag, Table, Timer
from services.notifications.contact.aggregate import contact_id
from services.notifications.message.decide.delivery import DELIVERING
from services.notifications.message.decide.release import SENDING
from services.notifications.message.evolve import EVOLVE
from services.notifications.message.states import (
    NoMessage,
    NotAccepted,
    NoteSilence,
    Scheduled,
    ScheduleMessage,
    Sending,
    Sent,
    TrySend,
)
from services.notifications.rules import Rules
from services.notifications.templates.content import KINDS

LOOK_AROUND = (ScheduleMessage, TrySend, NotAccepted)
BY_PROVIDER = ("sms", "email")


def needs(state: Any, command: Any) -> Iterable[tuple[str, str]]:
    """Whoever gets it: how they are reached; a patient's agenda too."""
    if not isinstance(command, LOOK_AROUND) or not isinstance(state, NoMessage | Scheduled | Sending | Sent):
        return
    letter = command.letter if isinstance(command, ScheduleMessage) else getattr(state, "letter", None)
    if letter is None or KINDS[letter.template].audience == "staff":
        return
    yield "contact", contact_id(letter.recipient_id)
    if KINDS[letter.template].audience == "pt":
        yield "agenda", letter.recipient_id


def timers(state: Any, rules: Rules) -> Mapping[str, Timer]:
    """When it is sent, or its contact looked for again; when nobody has said whether it arrived."""
    if isinstance(state, Scheduled):
        looks = rules.notifications.contacts.values.look_after_seconds
        wait = timedelta(seconds=looks[min(state.looks, len(looks)) - 1]) if state.looks else timedelta(0)
        return {"send": Timer(state.send_at + wait, TrySend())}
    if isinstance(state, Sent) and not state.delivery_unknown:
        hours = rules.notifications.attempts.values.unknown_after_hours
        return {"silence": Timer(state.sent_at + timedelta(hours=hours), NoteSilence())}
    return {}


def effects(state: Any) -> Mapping[str, Effect]:
    """The post and the portal need no provider."""
    if not isinstance(state, Sending) or state.channel not in BY_PROVIDER:
        return {}
    refs = (state.text_ref, state.contact_ref) if state.contact_ref else (state.text_ref,)
    body = {"attempt": state.attempts, "recipient_id": state.letter.recipient_id, "refs": refs}
    return {f"attempt {state.attempts}": Effect(state.channel, refs, msgspec.json.encode(body))}


def recipient(state: Any) -> str | None:
    return None if isinstance(state, NoMessage) else state.letter.recipient_id


class Messages(Columns):
    """How messages are found."""

    recipient_id = Column(recipient)
    to_post = Flag(lambda state: isinstance(state, Sent) and state.channel == "post")


MESSAGE = Aggregate(
    "message",
    NoMessage(),
    decide=Table(SENDING, DELIVERING),
    evolve=EVOLVE,
    timers=timers,
    effects=effects,
    needs=needs,
    has_pathway="if known",
    columns=Messages,
)
