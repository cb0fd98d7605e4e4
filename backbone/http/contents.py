"""What people wrote, by its ref: one route reads every kind of content, each by its own right, in every service.

A kind that the service gives no right to (`Service.contents`) can't be read.
"""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from fastapi import Path, Query
from fastapi.responses import Response
from pydantic import BaseModel

from backbone.http.access import Records, Running, is_own
from backbone.http.disclosure import Reading, Reads
from backbone.http.identity import Caller
from backbone.http.problems import checked_id, not_found
from backbone.http.resources import reading
from backbone.http.routes import get
from backbone.model.service import Route, Service
from schemas.fact import Id

OURS: Mapping[str, str] = {"reason": "access"}
"""Kinds of the runtime's own."""


class WritingDocument(BaseModel):
    ref: Id
    kind: str
    written_at: str
    patient_id: Id | None
    body: Any


class WritingPage(BaseModel):
    """The latest first."""

    contents: list[dict[str, Any]]


def rights_of(service: Service) -> Mapping[str, str]:
    return {**service.contents, **OURS}


def begun(reads: Reads) -> Reading:
    assert reads is not None, "these routes are declared reads"
    return reads


async def list_contents(
    running: Running,
    reads: Reads,
    records: Annotated[tuple[str, ...], Records("patient_id")],
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Response:
    """What is written here about the person, and may be read by the caller: its kind, time and ref."""
    rights, asked = rights_of(running.service), begun(reads)
    kinds = [kind for kind, right in rights.items() if asked.purpose_for(right) is not None]
    found = await running.writings(records, kinds, limit)
    listed = [{"ref": each.ref, "kind": each.kind, "written_at": each.recorded_at} for each in found]
    return reading({"patient_id": records[0], "contents": listed})


async def get_content(
    running: Running, reads: Reads, caller: Caller, ref: Annotated[str, Path()]
) -> Response:
    """What somebody wrote."""
    found, asked = await running.writing(checked_id(ref)), begun(reads)
    right = rights_of(running.service).get(found.kind) if found else None
    if found is None or right is None or found.body is None:
        raise not_found("content any more, or never was")
    asked.name(found.lane_key)
    if not is_own(caller, found.lane_key):
        raise not_found("content any more, or never was")
    asked.turn_to(right)
    await asked.of(found.lane_key)
    return reading(
        {
            "ref": found.ref,
            "kind": found.kind,
            "written_at": found.recorded_at,
            "patient_id": found.lane_key,
            "body": msgspec.json.decode(found.body),
        }
    )


ROUTES: tuple[Route, ...] = (
    get("/patients/{patient_id}/contents", list_contents, WritingPage, reads="index"),
    get("/contents/{ref}", get_content, WritingDocument, reads="index"),
)
