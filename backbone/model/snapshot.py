"""An aggregate as it stands, for whoever looks at it from outside a decision."""

from typing import Generic, NamedTuple, TypeVar

S = TypeVar("S")


class Snapshot(NamedTuple, Generic[S]):
    """An aggregate as committed."""

    kind: str
    id: str
    version: int
    state: S
    lane_key: str | None
    pathway_id: str | None
