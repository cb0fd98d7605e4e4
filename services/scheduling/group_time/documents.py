"""What requests about times of groups say, and how one is shown: nobody who comes is named."""

from typing import Annotated, Literal

from pydantic import BaseModel

from backbone.http.calls import Document, RequestBody
from backbone.http.identity import Principal
from backbone.model import Snapshot, tag_of
from schemas.codes import Discipline
from schemas.fact import Count, Id, Instant
from schemas.scheduling.v1.codes import KEPT_BECAUSE
from services.scheduling.group_time.states import GroupTime, Kept, NoGroup


class Keeping(RequestBody):
    """Why it takes place with so few."""

    reason: Annotated[str, KEPT_BECAUSE.only]


class GroupShown(BaseModel):
    """`sold`: so many have a place. `kept`: with so many somebody said that it takes place."""

    id: Id
    version: Count
    status: Literal["planned", "short", "kept", "called_off"]
    clinician_id: Id
    discipline: Discipline
    start: Instant
    sold: Count
    kept: Count | None = None
    parked: bool = False


def group_document(snapshot: Snapshot[GroupTime], caller: Principal) -> Document:
    state = snapshot.state
    if isinstance(state, NoGroup):
        return {}
    shown: Document = {
        "status": tag_of(type(state)),
        "clinician_id": state.clinician_id,
        "discipline": state.discipline,
        "start": state.start,
        "sold": len(state.places),
    }
    return shown | ({"kept": state.kept} if isinstance(state, Kept) else {})
