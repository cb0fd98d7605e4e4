"""What requests about escalations say, and how escalations are shown. Unknown fields are errors."""

from collections.abc import Iterable

import msgspec
from pydantic import BaseModel

from backbone.http.calls import Document, RequestBody
from backbone.http.history import HistoryEntry
from backbone.http.identity import Principal
from backbone.model import Snapshot, tag_of
from schemas.fact import Id, Instant
from schemas.notifications.v1.codes import AcknowledgedVia, EscalationSeverity, EscalationSubject
from services.notifications.escalation.states import (
    Acknowledged,
    Escalation,
    Ladder,
    Quiet,
    Raised,
    Resolved,
    ladder_of,
)


class Call(RequestBody):
    """Who was spoken with, and takes it up."""

    by_id: Id


class EscalationDocument(BaseModel):
    """An escalation as it stands. `called`: the last round. `call_at`: when the clinic opens."""

    id: Id
    version: int
    status: str
    patient_id: Id | None
    referral_id: Id | None
    subject_type: EscalationSubject | None = None
    subject_id: Id | None = None
    severity: EscalationSeverity | None = None
    queue: str | None = None
    level: int | None = None
    ack_due_at: Instant | None = None
    call_at: Instant | None = None
    called: tuple[Id, ...] = ()
    acknowledged_by: Id | None = None
    acknowledged_at: Instant | None = None
    via: AcknowledgedVia | None = None
    assessed: bool | None = None


class EscalationPage(BaseModel):
    """`next` is the cursor of the page after, absent on the last one."""

    escalations: list[EscalationDocument]
    next: str | None = None


class EscalationHistory(BaseModel):
    """Every step, oldest first: who was called when, by which message, who answered."""

    escalation_id: Id
    changes: list[HistoryEntry]


ABOUT = ("subject_type", "subject_id", "severity", "queue", "called")


def shown(thing: Snapshot[Escalation], caller: Principal) -> Document:
    """Without the code of replies: it is for whoever was called. Whose it is stands there, if only as null."""
    document = EscalationDocument(
        id=thing.id,
        version=thing.version,
        status=tag_of(type(thing.state)),
        patient_id=thing.lane_key,
        referral_id=thing.pathway_id,
        **about(ladder_of(thing.state)),
        **standing(thing.state),
    )
    whose = {"patient_id": thing.lane_key, "referral_id": thing.pathway_id}
    return whose | document.model_dump(mode="json", exclude_none=True)


def about(ladder: Ladder | None) -> Document:
    return {name: getattr(ladder, name) for name in ABOUT} if ladder else {}


def standing(state: Escalation) -> Document:
    """As far as somebody has to answer, or did."""
    match state:
        case Raised():
            return {"level": state.level, "ack_due_at": state.ack_due_at, "call_at": state.call_at}
        case Acknowledged():
            taken = {"acknowledged_by": state.by, "acknowledged_at": state.at, "via": state.via}
            return {"level": state.level, "assessed": state.assessed, **taken}
        case Quiet() | Resolved():
            return {}


def without_codes(changes: Iterable[Document]) -> list[Document]:
    """The history, without the codes of replies."""
    told = ({**change, "data": msgspec.json.decode(change["data"])} for change in changes)
    return [{**change, "data": without(change["data"], "code")} for change in told]


def without(data: Document, name: str) -> Document:
    return {each: value for each, value in data.items() if each != name}
