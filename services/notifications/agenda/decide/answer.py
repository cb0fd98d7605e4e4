"""What a text message from a patient means. Anything but a known word is read by a person. Pure."""

from schemas.notifications.v1.codes import Reply
from services.notifications.rules import Rules


def meaning(text: str, rules: Rules) -> Reply:
    """The whole text must be the word: `no, I will come` is for a person."""
    words = rules.notifications.replies.values
    said = "".join(each for each in text.strip().lower() if each.isalnum())
    if said in words.opt_out:
        return "opt_out"
    if said in words.confirm:
        return "confirm"
    if said in words.cancel:
        return "cancel"
    return "reschedule" if said in words.reschedule else "unknown"
