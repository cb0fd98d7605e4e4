"""The item, put together from its phases."""

from collections.abc import Iterable
from typing import Any

from backbone.ids import derive
from backbone.model import Aggregate, Table
from services.worklist.domain.item.changing import CHANGING
from services.worklist.domain.item.commands import OpenItem
from services.worklist.domain.item.ending import ENDING
from services.worklist.domain.item.evolve import EVOLVING
from services.worklist.domain.item.moving import MOVING
from services.worklist.domain.item.opening import OPENING
from services.worklist.domain.item.states import Unopened
from services.worklist.domain.item.view import Items, publications, timers


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
    has_lane="if known",
    has_pathway="if known",
)


def item_id(item_type: str, subject_id: str, queue: str) -> str:
    """One item per type, subject and queue it was opened in, for ever: WL-01 by identity."""
    return derive(subject_id, f"{item_type}:{queue}")
