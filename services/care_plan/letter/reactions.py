"""A letter is written about something, and signed together with it."""

from typing import Any

from backbone.model import Order, Send, Snapshot, one, together_for
from services.care_plan.letter.aggregate import LETTER, FreezeLetter, WriteLetter


def write(about: Snapshot[Any], letter_id: str, command: WriteLetter) -> Order:
    return together_for(about, LETTER.send(command, to=one(letter_id)))


def sign(about: Snapshot[Any], signed: Send, letter_id: str, command: FreezeLetter) -> Order:
    """`signed`: what it is about hears of it."""
    return together_for(about, signed, LETTER.send(command, to=one(letter_id)))
