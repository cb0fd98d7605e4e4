"""What a text message from a patient means, and which message it answers."""

import msgspec

from backbone.model import Content, Decision, Given
from schemas.notifications.v1.codes import Reply
from services.notifications.agenda.commands import AnswerText
from services.notifications.agenda.facts import TextAnswered
from services.notifications.agenda.states import Agenda
from services.notifications.rules import Replies, Rules


def answer(state: Agenda, command: AnswerText, given: Given[Rules]) -> Decision:
    """Confirm and cancel answer the last message about a date, anything else the last message."""
    reply = meaning(command.text, given.rules.notifications.replies.values)
    about_a_date = state.last_two_way if reply in ("confirm", "cancel") else None
    message_id = about_a_date or state.last_text
    if message_id is None or command.inbound_id in state.answered:
        return ()
    ref = given.ref("text")
    return [
        Content(ref, "inbound_text", msgspec.json.encode(command.text)),
        TextAnswered(inbound_id=command.inbound_id, message_id=message_id, reply=reply, text_ref=ref),
    ]


def meaning(text: str, words: Replies) -> Reply:
    """The whole text must be the word: `no, I will come` is read by a person, as whatever else is not a known word."""
    said = "".join(each for each in text.strip().lower() if each.isalnum())
    if said in words.opt_out:
        return "opt_out"
    if said in words.confirm:
        return "confirm"
    if said in words.cancel:
        return "cancel"
    return "reschedule" if said in words.reschedule else "unknown"
