"""An aggregate as it stands, for whoever looks at it from outside a decision."""

from typing import Generic, NamedTuple, TypeVar

S_co = TypeVar("S_co", covariant=True)


class Snapshot(NamedTuple, Generic[S_co]):
    """An aggregate as committed."""

    kind: str
    id: str
    version: int
    state: S_co
    lane_key: str | None
    pathway_id: str | None
