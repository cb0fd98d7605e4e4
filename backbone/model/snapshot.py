"""An aggregate as it stands, for whoever looks at it from outside a decision; and orders because of it."""

from typing import Any, Generic, NamedTuple, TypeVar

from backbone.model.aggregate import Order, Send, one, together

S_co = TypeVar("S_co", covariant=True)


class Unverified(NamedTuple):
    """A rule by id and version; the part that is meant where the rest of it is verified."""

    rule: str
    part: str | None = None


class Snapshot(NamedTuple, Generic[S_co]):
    """An aggregate as committed."""

    kind: str
    id: str
    version: int
    state: S_co
    lane_key: str | None
    pathway_id: str | None
    unverified: tuple[Unverified, ...] = ()
    """Rules that nobody has verified and that helped to make it what it is."""


def together_for(thing: Snapshot[Any], *sends: Send) -> Order:
    """All or none; what is born of them has the lane and the pathway of the thing."""
    lane, pathway = (one(each) if each else None for each in (thing.lane_key, thing.pathway_id))
    return together(*sends, about=lane, pathway=pathway)
