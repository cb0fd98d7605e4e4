"""The item, put together from its phases."""

from collections.abc import Iterable
from typing import Any

from backbone.ids import derive
from backbone.model import Aggregate, Table
from services.worklist.domain.item.view import Items, publications, timers
from services.worklist.item.commands import OpenItem
from services.worklist.item.decide.endings import ENDING
from services.worklist.item.decide.movements import MOVING
from services.worklist.item.decide.openings import OPENING
from services.worklist.item.decide.urgency import CHANGING
from services.worklist.item.evolve import EVOLVING
from services.worklist.item.states import Unopened


def needs(state: Any, command: Any) -> Iterable[tuple[str, str]]:
    """The episode, where it may be over."""
    if isinstance(command, OpenItem) and command.referral_id:
        yield "episode", command.referral_id


ITEM = Aggregate(
    "item",
    Unopened(),
    decide=Table(OPENING, MOVING, CHANGING, ENDING),
    evolve=EVOLVING,
    timers=timers,
    publications=publications,
    needs=needs,
    columns=Items,
    numbered=True,
)


def item_id(item_type: str, subject_id: str, queue: str) -> str:
    """One item per type, subject and queue it was opened in, for ever: WL-01 by identity."""
    return derive(subject_id, f"{item_type}:{queue}")
