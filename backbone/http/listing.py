"""Lists of what is a person's, under any of their ids: one shape and one paging for all of them."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, NamedTuple

import msgspec
from fastapi import Depends, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from backbone.engine.runtime import Runtime
from backbone.http.calls import Document
from backbone.http.identity import Principal
from backbone.http.resources import Resource, reading
from backbone.model.snapshot import Snapshot
from schemas.fact import Id


class Page(NamedTuple):
    """So many, after the one with this id."""

    limit: int
    cursor: str | None


async def asked_page(
    limit: Annotated[int, Query(ge=1, le=500)] = 200,
    cursor: Annotated[Id | None, Query(description="`next` of the page before")] = None,
) -> Page:
    return Page(limit, cursor)


Asked = Annotated[Page, Depends(asked_page)]


class Listed(BaseModel):
    """One of a list: beside these its state, as it is shown by itself. `changed_at`: when that was decided last."""

    model_config = ConfigDict(extra="allow")

    id: Id
    version: int
    status: str
    patient_id: Id | None
    referral_id: Id | None
    changed_at: datetime | None = None


class PersonPage(BaseModel):
    """Of one person, in order of id. `next`: the cursor of the page after, absent on the last one."""

    patient_id: Id
    next: Id | None = None


More = Callable[[Runtime, Sequence[Snapshot[Any]]], Awaitable[Mapping[str, Document]]]
"""By id, what only the service knows beside the states of a page."""
Shows = Callable[[Snapshot[Any]], bool]


async def nothing_more(runtime: Runtime, found: Sequence[Snapshot[Any]]) -> Mapping[str, Document]:
    return {}


def everything(snapshot: Snapshot[Any]) -> bool:
    return True


async def listed(
    runtime: Runtime,
    resource: Resource[Any],
    caller: Principal,
    records: Sequence[str],
    asked: Page,
    name: str,
    more: More = nothing_more,
    shows: Shows = everything,
) -> Response:
    """What has begun of the person. A page may be shorter than its limit where not all of it `shows`."""
    found = await runtime.begun(resource.aggregate, records, asked.cursor, asked.limit + 1)
    shown = [(each, at) for each, at in found[: asked.limit] if shows(each)]
    besides = await more(runtime, [each for each, _ in shown])
    documents = [
        {
            "patient_id": each.lane_key,
            "referral_id": each.pathway_id,
            **resource.document(each, caller),
            "changed_at": msgspec.to_builtins(at),
            **besides.get(each.id, {}),
        }
        for each, at in shown
    ]
    following = {"next": found[asked.limit - 1][0].id} if len(found) > asked.limit else {}
    return reading({"patient_id": records[0], name: documents, **following})
