"""HTTP routes of the waiting list. No rules."""

from typing import Annotated

from fastapi import Depends, Query
from fastapi.responses import Response

from backbone.http.access import Mine, Running, Staff, StaffOf
from backbone.http.calls import Calling
from backbone.http.places import After, Place, write_place
from backbone.http.resources import Resource, page
from backbone.http.routes import get, post
from backbone.model import Route, Snapshot, like
from services.scheduling.waiting_list import queries
from services.scheduling.waiting_list.aggregate import WAITLIST_ENTRY
from services.scheduling.waiting_list.commands import AgreeToShortNotice, RemoveEntry
from services.scheduling.waiting_list.documents import Removal, ShortNotice, WaitingList
from services.scheduling.waiting_list.states import Entry

ENTRIES = Resource(WAITLIST_ENTRY)


async def list_waiting(
    running: Running,
    caller: Staff,
    limit: Annotated[int, Query(ge=1, le=500)] = 500,
    after: Annotated[Place | None, Depends(After(5))] = None,
) -> Response:
    """Who waits for a first visit, in the order in which they are asked."""
    found = await queries.page(running, after, limit)
    ranks = queries.ranks_now(running)
    cursors = [write_place(queries.place_of(each, ranks)) for each in found]
    return page("entries", [ENTRIES.document(each, caller) for each in found], limit, cursors)


async def remove_entry(
    call: Calling, entry: Annotated[Snapshot[Entry], StaffOf(WAITLIST_ENTRY, "entry_id")], body: Removal
) -> Response:
    """Off the list, for this reason."""
    return await ENTRIES.give(call, entry, like(RemoveEntry, body))


async def agree_to_short_notice(
    call: Calling, entry: Annotated[Snapshot[Entry], Mine(WAITLIST_ENTRY, "entry_id")], body: ShortNotice
) -> Response:
    """Freed times of the next days may be offered to the patient, or no longer (ATT-09)."""
    return await ENTRIES.give(call, entry, like(AgreeToShortNotice, body))


ROUTES: tuple[Route, ...] = (
    get("/waiting-list", list_waiting, WaitingList, reads="visit"),
    post("/waiting-list/{entry_id}/remove", remove_entry, WAITLIST_ENTRY),
    post("/waiting-list/{entry_id}/short-notice", agree_to_short_notice, WAITLIST_ENTRY),
)
