"""What requests about the waiting list say, and how it is shown."""

from typing import Annotated

from pydantic import BaseModel

from backbone.http.calls import RequestBody
from backbone.http.listing import Listed
from schemas.fact import YesNo
from schemas.scheduling.v1.codes import LEFT_BECAUSE


class Removal(RequestBody):
    reason: Annotated[str, LEFT_BECAUSE.only]


class ShortNotice(RequestBody):
    """Whether the patient takes a time with fewer days' notice than a reasonable offer has."""

    agreed: YesNo


class WaitingList(BaseModel):
    """The most urgent first; `next` is the cursor of the page after, absent on the last one."""

    entries: list[Listed]
    next: str | None = None
