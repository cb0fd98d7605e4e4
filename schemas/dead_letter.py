"""Values of `<service>.dead-letters`: where a parked record stands and why. Never its payload (PRV-10)."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from schemas.fact import Count, Id, Instant, whole
from schemas.generic import PARKED_BECAUSE


class DeadLetter(BaseModel):
    """Coordinates of one parked record. `behind`: it only waits behind another one of its key."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    record_id: Id
    topic: Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9._-]{1,249}$")]
    partition: Count
    offset: Annotated[int, whole(0, 2**63 - 1)]
    reason: Annotated[str, PARKED_BECAUSE]
    parked_at: Instant
