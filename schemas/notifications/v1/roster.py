"""Facts of the duty roster: whether everybody is there whom a ladder may have to call. Its aggregate has no patient."""

from typing import Annotated, ClassVar, Literal

from schemas.fact import FEW, Fact
from schemas.notifications.v1.codes import Post


class RosterFact(Fact):
    """What every fact of this aggregate is."""

    aggregate: ClassVar[str] = "roster"


class RosterFoundIncomplete(RosterFact):
    """Nobody who can be reached holds these posts."""

    type: Literal["notifications.roster_found_incomplete.v1"] = "notifications.roster_found_incomplete.v1"
    posts: Annotated[tuple[Post, ...], FEW]


class RosterFoundComplete(RosterFact):
    """Somebody holds each post."""

    type: Literal["notifications.roster_found_complete.v1"] = "notifications.roster_found_complete.v1"
