"""From a fold to rows of timers. A timer that is armed keeps its due time whatever rules apply later; one that fires
before the rules of its day want it waits on."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from backbone.engine.work import Work
from backbone.engine.working_set import Entry, WorkingSet
from backbone.model.aggregate import Timer, no_timers
from backbone.store.rows import Named, TimerRow, Writes

LaneOf = Callable[[str], int]


def write_timers(rules: Any, lane_of: LaneOf, writes: Writes, entry: Entry) -> None:
    """Armed only on a difference: a fired timer whose state stayed the same is not armed again."""
    timers = entry.aggregate.timers
    if timers is no_timers:
        return
    before: Mapping[str, Timer] = timers(entry.loaded, rules) if entry.loaded_version else {}
    after = timers(entry.state, rules)
    for name in before:
        if name not in after:
            writes.timers_dropped.append(Named(entry.aggregate.kind, entry.id, name))
    for name, timer in after.items():
        if before.get(name) != timer:
            writes.timers_set.append(timer_row(entry, name, timer, lane_of))


def wait_on(
    rules: Any, lane_of: LaneOf, writes: Writes, works: Sequence[Work], working: WorkingSet, now: datetime
) -> None:
    """A longer time came into effect while a timer ran: its decider finds it too early and says nothing. It would never
    be asked again, so the timer is armed for the time that applies now."""
    armed = {row.place for row in writes.timers_set}
    for work in works:
        if work.timer is None or work.timer in armed:
            continue
        kind, aggregate_id, name = work.timer
        entry = working.entry(kind, aggregate_id)
        timer = entry.aggregate.timers(entry.state, rules).get(name) if entry.version else None
        if timer is not None and timer.due > now:
            writes.timers_set.append(timer_row(entry, name, timer, lane_of))


def timer_row(entry: Entry, name: str, timer: Timer, lane_of: LaneOf) -> TimerRow:
    return TimerRow(
        entry.aggregate.kind,
        entry.id,
        name,
        lane_of(entry.lane_key or entry.id),
        timer.due,
        entry.lane_key,
        entry.pathway_id,
        msgspec.json.encode(timer.command),
    )
