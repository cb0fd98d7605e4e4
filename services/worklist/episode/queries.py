"""Reads of the watch for the API. Nothing is changed or decided here."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from backbone.engine.runtime import Runtime
from backbone.http.calls import Document
from backbone.model import Snapshot
from services.worklist.episode.aggregate import EPISODE
from services.worklist.episode.documents import Known, open_items, shown, steps_in
from services.worklist.episode.states import Episode
from services.worklist.item.aggregate import ITEM, Items
from services.worklist.visit.aggregate import VISIT, Begun, Dated


async def next_steps(runtime: Runtime, records: Sequence[str]) -> list[Document]:
    """Of every episode of the person. Items are found by whom they are shown under."""
    episodes = [each async for each in runtime.each_begun(EPISODE, records)]
    items = [
        item for each in records for item in await runtime.find(ITEM, Items.patient_id(each), Items.open)
    ]
    names = {member.id: member.name for member in runtime.rules.staff.members}
    return shown(episodes, Known(open_items(items), names, await visits_of(runtime, episodes)))


async def visits_of(runtime: Runtime, episodes: Sequence[Snapshot[Episode]]) -> Mapping[str, datetime]:
    """When the visits begin that are steps."""
    named = [step.name.partition(":") for each in episodes for step in steps_in(each.state)]
    visits = [await runtime.load(VISIT, subject) for name, _, subject in named if name == "appointment"]
    return {each.id: each.state.start for each in visits if each and isinstance(each.state, Dated | Begun)}
