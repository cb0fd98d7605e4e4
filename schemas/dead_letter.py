"""Values of `<service>.dead-letters`: where a parked record stands and why. Never its payload (PRV-10)."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from schemas.fact import Id, Instant


class DeadLetter(BaseModel):
    """Coordinates of one parked record. `behind`: it only waits behind another one of its key."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    record_id: Id
    topic: str
    partition: int
    offset: int
    reason: Literal["unparsable", "unknown_code", "programming_error", "behind"]
    parked_at: Instant
