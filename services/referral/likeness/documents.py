"""What is shown of those who may be one."""

from pydantic import BaseModel, Field

from schemas.fact import Code, Id, Instant


class Suspected(BaseModel):
    """Whose the other one is, and since when it waits, where one referral is read."""

    other_referral_id: Id
    patient_id: Id | None = None
    label: str | None = None
    clock_start: Instant | None = None
    basis: list[Code]
    decided_by: Id | None = None
    more: int | None = Field(None, description="So many others look as like and were not asked about")
