"""Pages as the gateway has them: who was called by text, and the code that answers."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from config.loading import SHIPPED
from services.notifications.rules import load_rules

_RULES = load_rules(SHIPPED)
NUMBERS = {str(_RULES.clinic.e164(each.channels.phone)): each.login for each in _RULES.staff.members}
LOGINS = {each.id: each.login for each in _RULES.staff.members}


class Sent(NamedTuple):
    """A text."""

    to: str
    body: str


def pages(texts: Iterable[Sent]) -> Sequence[Sent]:
    return [each for each in texts if is_page(each.body)]


def is_page(text: str) -> bool:
    return "URGENT" in text


def called(texts: Iterable[Sent]) -> Sequence[str]:
    """Logins, in order of the alphabet."""
    return sorted(NUMBERS[each.to] for each in pages(texts))


def number_of(login: str) -> str:
    [number] = [number for number, name in NUMBERS.items() if name == login]
    return number


def code_of(body: str) -> str:
    """What a page wants to be answered with, after `OK`."""
    return "".join(filter(str.isdigit, body.partition("OK ")[2].partition(",")[0]))
