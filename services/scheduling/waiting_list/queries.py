"""Reads of the waiting list for the API, SQL as SQL. Nothing is changed or decided here."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TypeGuard

from backbone.engine.runtime import Runtime
from backbone.http.places import Place
from backbone.model import Snapshot
from config.sessions import Slot
from services.scheduling.appointment.queries import read
from services.scheduling.waiting_list.aggregate import WAITLIST_ENTRY, WaitlistEntries
from services.scheduling.waiting_list.states import Entry, NotThere, Offered, Waiting, in_line, is_away_on

PAGE = """
-- Who waits, in order of category, target date and id (ATT-09), after the last one seen.
WITH ranked AS NOT MATERIALIZED (
  SELECT *, ARRAY[coalesce(body->'place'->>'category', '~'), coalesce(body->'place'->>'target_date', '~'), id::text]
            COLLATE "C" AS rank
    FROM waitlist_entry
)
SELECT id::text, version, body::text, lane_key::text, pathway_id::text FROM ranked
 WHERE open = 'true' AND ($1::text[] IS NULL OR rank > $1)
 ORDER BY rank LIMIT $2
"""


async def page(runtime: Runtime, after: Place | None, limit: int) -> Sequence[Snapshot[Entry]]:
    """Entries; one more than `limit` says that there are more."""
    return await read(runtime, WAITLIST_ENTRY, PAGE, after, limit + 1)


def place_of(entry: Snapshot[Entry]) -> Place:
    """As the list is sorted."""
    assert not isinstance(entry.state, NotThere), "only who is or was on the list is found"
    place = entry.state.place
    target = place.target_date.isoformat() if place.target_date else "~"
    return place.category or "~", target, entry.id


async def who_fits(runtime: Runtime, slot: Slot, day: date, *, is_short: bool) -> Iterator[Snapshot[Waiting]]:
    """Who could have this time on that day, the most urgent first (ATT-09): one offer at a time for each patient."""
    found = await runtime.find(WAITLIST_ENTRY, WaitlistEntries.open)
    asked = {each.lane_key for each in found if isinstance(each.state, Offered)}

    def fits(entry: Snapshot[Entry]) -> TypeGuard[Snapshot[Waiting]]:
        state = entry.state
        if not isinstance(state, Waiting) or entry.lane_key in asked or is_away_on(state, day):
            return False
        place = state.place
        suits = place.discipline == slot.discipline and place.purpose in slot.purposes
        return suits and (place.short_notice_ok or not is_short)

    return iter(sorted(filter(fits, found), key=lambda entry: (*in_line(entry.state), entry.id)))
