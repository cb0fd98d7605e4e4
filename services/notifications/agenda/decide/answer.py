"""What a text message from a patient means, and which message it answers."""

import re
from typing import Literal

import msgspec

from backbone.model import Content, Decision, Given, Ruled, Step, like
from config.crisis_words import letters
from schemas.codes import Severity
from schemas.notifications.v1.codes import Reply
from services.notifications.agenda.commands import AnswerText
from services.notifications.agenda.facts import CrisisWordsFound, TextAnswered
from services.notifications.agenda.states import Agenda, unasked_id
from services.notifications.rules import Replies, Rules

Meaning = Reply | Literal["opt_in", "help"]
"""The last two are about the number: no message is answered by them."""
PARTS = re.compile(r"[.,;:!?…\n]+")
"""What parts of a text are parted by."""
TO_BE_READ: tuple[Reply, ...] = ("unknown", "cancel", "reschedule")


def answer(state: Agenda, command: AnswerText, given: Given[Rules]) -> Decision:
    """Confirm and cancel answer the last message about a date, anything else the last message. Where none was sent,
    what somebody must read stands by itself, one thing to read for each patient."""
    reply = reply_of(command.text, given.rules.notifications.replies.values)
    about_a_date = state.last_two_way if reply in ("confirm", "cancel") else None
    message_id = about_a_date or state.last_text or unasked_id(given.target)
    if command.inbound_id in state.answered or not (state.last_text or reply in TO_BE_READ):
        return ()
    severity = severity_of(command.text, given.rules) if reply == "unknown" else None
    ref = given.ref("text")
    answered = like(
        TextAnswered, command, message_id=message_id, reply=reply, text_ref=ref, severity=severity
    )
    steps: list[Step] = [Content(ref, "inbound_text", msgspec.json.encode(command.text)), answered]
    if severity:
        found = like(CrisisWordsFound, answered)
        steps.append(Ruled(found, (given.rules.notifications.crisis,)))
    return steps


def reply_of(text: str, words: Replies) -> Reply:
    found = meaning(text, words)
    return "unknown" if found == "opt_in" or found == "help" else found


def meaning(text: str, words: Replies) -> Meaning:
    """The whole text must be the word: `no, I will come` is read by a person, as whatever else is not a known word."""
    known: dict[Meaning, frozenset[str]] = {
        "opt_out": words.opt_out,
        "opt_in": words.opt_in,
        "help": words.help,
        "confirm": words.confirm,
        "cancel": words.cancel,
        "reschedule": words.reschedule,
    }
    said = letters(text)
    return next((name for name, meant in known.items() if said in meant), "unknown")


def severity_of(text: str, rules: Rules) -> Severity | None:
    """Somebody writes of dying, of harming themselves or of giving up, as far as the clinic's list knows. However it is
    typed."""
    said = letters(text)
    parts = (letters(each) for each in PARTS.split(text))
    found = any(phrase in said for phrase in rules.crisis_phrases) or any(
        part.endswith(rules.crisis_endings) for part in parts
    )
    return rules.notifications.crisis.values.severity if found else None
