"""Reads of the waiting list for the API, SQL as SQL. Nothing is changed or decided here."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TypeGuard

from backbone.engine.runtime import Runtime
from backbone.http.places import Place
from backbone.model import Snapshot
from config.sessions import Slot
from services.scheduling.rules import Rules
from services.scheduling.waiting_list.aggregate import WAITLIST_ENTRY, WaitlistEntries
from services.scheduling.waiting_list.states import Entry, NotThere, Offered, Waiting, in_line, is_away_on

PAGE = """
-- Who waits, as they are asked (ATT-09: `in_line`), after the last one seen. $3: the categories, the most urgent first.
WITH ranked AS NOT MATERIALIZED (
  SELECT *, ARRAY[to_char(coalesce(array_position($3::text[], body->'place'->>'category') - 1, cardinality($3)),
                          'FM000'),
                  coalesce(body->'place'->>'target_date', '~'),
                  CASE body->'place'->>'short_notice_ok' WHEN 'true' THEN '0' ELSE '1' END,
                  coalesce(to_char((body->>'joined_at')::timestamptz AT TIME ZONE 'UTC',
                                   'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), ''),
                  id::text]
            COLLATE "C" AS rank
    FROM waitlist_entry
)
SELECT id::text, version, body::text, lane_key::text, pathway_id::text FROM ranked
 WHERE open = 'true' AND ($1::text[] IS NULL OR rank > $1)
 ORDER BY rank LIMIT $2
"""


async def page(runtime: Runtime, after: Place | None, limit: int) -> Sequence[Snapshot[Entry]]:
    """Entries; one more than `limit` says that there are more."""
    return await runtime.query(WAITLIST_ENTRY, PAGE, after, limit + 1, [*ranks_now(runtime)])


def ranks_now(runtime: Runtime) -> Mapping[str, int]:
    """Of the categories that the clinic follows, the most urgent first."""
    rules: Rules = runtime.rules
    return rules.scheme.values.ranks


def place_of(entry: Snapshot[Entry], ranks: Mapping[str, int]) -> Place:
    """As the list is sorted."""
    assert not isinstance(entry.state, NotThere), "only who is or was on the list is found"
    return *in_line(entry.state, ranks), entry.id


async def who_fits(runtime: Runtime, slot: Slot, day: date, *, is_short: bool) -> Iterator[Snapshot[Waiting]]:
    """Who could have this time on that day, the most urgent first (ATT-09): one offer at a time for each patient."""
    found, ranks = await runtime.find(WAITLIST_ENTRY, WaitlistEntries.open), ranks_now(runtime)
    asked = {each.lane_key for each in found if isinstance(each.state, Offered)}

    def fits(entry: Snapshot[Entry]) -> TypeGuard[Snapshot[Waiting]]:
        state = entry.state
        if not isinstance(state, Waiting) or entry.lane_key in asked or is_away_on(state, day):
            return False
        place = state.place
        suits = place.discipline == slot.discipline and place.purpose in slot.purposes
        return suits and (place.short_notice_ok or not is_short)

    return iter(sorted(filter(fits, found), key=lambda entry: place_of(entry, ranks)))
