"""What is shown of a person's next steps."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Literal

import msgspec
from pydantic import BaseModel, Field

from backbone.http.calls import Document
from backbone.model import Snapshot, tag_of
from schemas.codes import ItemType, Queue
from schemas.fact import Count, Id, Instant, Number
from services.worklist.episode.states import Ended, Episode, Step, Unowned
from services.worklist.item.states import Claimed, ItemState, OnHold, Opened

NEVER = datetime.max.replace(tzinfo=UTC)


class StepDocument(BaseModel):
    """What is to happen. Of work: which item, whose queue, who has it, by when; of a visit, when it begins;
    of anything else, until when it counts."""

    step: Literal["item", "asked", "booking", "waiting", "appointment", "plan", "pifu"]
    subject_id: Id = Field(description="The item, appointment, request, plan that it is")
    start: Instant | None = None
    until: Instant | None = None
    item_type: ItemType | None = None
    number: Number | None = None
    queue: Queue | None = None
    status: Literal["waiting", "claimed", "on_hold"] | None = None
    claimed_by: Id | None = None
    claimed_by_name: str | None = None
    due_at: Instant | None = None
    level: Count | None = None


class EpisodeSteps(BaseModel):
    """`since`: from when an episode has nobody who takes the next step, or when it ended."""

    referral_id: Id
    status: Literal["watched", "unowned", "ended"]
    since: Instant | None = None
    next: StepDocument | None = None
    steps: list[StepDocument] = []


class NextSteps(BaseModel):
    """Of every episode of the person, those that go on first."""

    patient_id: Id
    episodes: list[EpisodeSteps]


class Known(msgspec.Struct, frozen=True):
    """What steps are shown with: open items by id, names of staff by id, when visits begin by id."""

    items: Mapping[str, Opened]
    names: Mapping[str, str]
    visits: Mapping[str, datetime]


def shown(episodes: Sequence[Snapshot[Episode]], known: Known) -> list[Document]:
    ordered = sorted(episodes, key=lambda each: (isinstance(each.state, Ended), each.id))
    return [episode(each, known) for each in ordered]


def episode(found: Snapshot[Episode], known: Known) -> Document:
    state = found.state
    shown: Document = {"referral_id": found.id, "status": tag_of(type(state))}
    if isinstance(state, Ended):
        return shown | {"since": state.at.isoformat(), "steps": []}
    steps = sorted(steps_of(state.steps, known), key=when)
    since = {"since": state.since} if isinstance(state, Unowned) else {}
    documents = [each.model_dump(mode="json", exclude_none=True) for each in steps]
    first = {"next": documents[0]} if documents else {}
    body: Document = msgspec.to_builtins({**shown, **since})
    return {**body, **first, "steps": documents}


def steps_in(state: Episode) -> Sequence[Step]:
    return () if isinstance(state, Ended) else state.steps


def steps_of(steps: Iterable[Step], known: Known) -> Iterable[StepDocument]:
    """An item that ended in the meantime is no step any more."""
    for each in steps:
        name, _, subject_id = each.name.partition(":")
        if name != "item":
            start = known.visits.get(subject_id)
            yield StepDocument(step=name, subject_id=subject_id, start=start, until=each.until)  # type: ignore[arg-type]
        elif subject_id in known.items:
            yield work(subject_id, known.items[subject_id], known.names)


def work(item_id: str, state: Opened, names: Mapping[str, str]) -> StepDocument:
    item, claimed_by = state.item, state.by if isinstance(state, Claimed) else None
    status = "claimed" if claimed_by else "on_hold" if isinstance(state, OnHold) else "waiting"
    return StepDocument(
        step="item",
        subject_id=item_id,
        item_type=item.item_type,
        number=item.number,
        queue=item.queue,
        status=status,  # type: ignore[arg-type]
        claimed_by=claimed_by,
        claimed_by_name=names.get(claimed_by or ""),
        due_at=item.due_at,
        level=item.level,
    )


def when(step: StepDocument) -> tuple[datetime, str]:
    """By its due time, its beginning, or its end; what has none comes last."""
    return step.due_at or step.start or step.until or NEVER, step.subject_id


def open_items(found: Iterable[Snapshot[ItemState]]) -> Mapping[str, Opened]:
    return {each.id: each.state for each in found if isinstance(each.state, Opened)}
