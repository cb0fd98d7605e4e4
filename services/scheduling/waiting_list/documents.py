"""What requests about the waiting list say, and how it is shown."""

from pydantic import BaseModel

from backbone.http.calls import RequestBody
from schemas.fact import Id
from schemas.scheduling.v1.codes import LeftBecause
from services.scheduling.appointment.documents import Listed


class Removal(RequestBody):
    reason: LeftBecause


class WaitingList(BaseModel):
    """The most urgent first; `next` is the cursor of the page after, absent on the last one."""

    entries: list[Listed]
    next: Id | None = None
