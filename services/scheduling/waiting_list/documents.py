"""What requests about the waiting list say, and how it is shown."""

from typing import Annotated

from pydantic import BaseModel

from backbone.http.calls import RequestBody
from schemas.fact import Id
from schemas.scheduling.v1.codes import LEFT_BECAUSE
from services.scheduling.appointment.documents import Listed


class Removal(RequestBody):
    reason: Annotated[str, LEFT_BECAUSE.only]


class WaitingList(BaseModel):
    """The most urgent first; `next` is the cursor of the page after, absent on the last one."""

    entries: list[Listed]
    next: Id | None = None
