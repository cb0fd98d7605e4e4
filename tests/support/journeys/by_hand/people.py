"""Who acts at the board, and how times and codes read on its screens."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from cli.people import members
from tests.support.journeys.by_hand.hands import Hands
from tests.support.journeys.play import Play

Act = Callable[[Hands, Play], Awaitable[None]]
CORA, NORA, PAUL, INES, ROSA = "cora.lind", "nora.quinn", "paul.okafor", "ines.park", "rosa.vidal"
NAMES = {each.login: f"{each.name}, {each.roles[0].replace('_', ' ').capitalize()}" for each in members()}


def words(code: str) -> str:
    return code.replace("_", " ").capitalize()


def shown(start: str) -> str:
    """A time in a form."""
    return f"{datetime.fromisoformat(start):%a %-d %b, %H:%M}"


def dated(start: str) -> str:
    """A time on the patient page."""
    return f"{datetime.fromisoformat(start):%a %-d %b %Y, %H:%M}"
