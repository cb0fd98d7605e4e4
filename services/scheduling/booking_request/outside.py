"""Who waits and is asked next for a freed time (ATT-09): looked for among all, after the commit that wants to know."""

from collections.abc import Mapping
from functools import partial
from typing import cast

import msgspec

from backbone.engine.runtime import Outcome, Runtime
from backbone.ids import derive
from backbone.model import SYSTEM, Cause, Command, EffectCall, Handler, Order, Snapshot
from backbone.store.rows import Answer
from services.scheduling.booking_request import queries
from services.scheduling.booking_request.reactions import dates
from services.scheduling.slot.aggregate import SLOT
from services.scheduling.slot.commands import EndSearch
from services.scheduling.slot.states import SEARCH, Free, Search, SlotState

ASKED, REFUSED = Answer(201, b""), Answer(409, b"")


def inside(runtime: Runtime) -> Mapping[str, Handler]:
    """Handlers by kind of effect."""
    return {SEARCH: Handler(partial(ask_next, runtime), left_to_people)}


async def ask_next(runtime: Runtime, call: EffectCall) -> Command:
    """By message, as a person would ask. Whoever can't be asked after all is passed over; who was asked when this was
    called before is not asked again: the time is held then."""
    search_id = msgspec.json.decode(call.body, type=Search).search_id
    slot = await still_free(runtime, call.aggregate_id, search_id)
    if slot is None:
        return EndSearch(search_id=search_id, found=True)
    async for wanted in queries.line_for(runtime, slot.state, runtime.clock.now()):
        cause = cause_of(derive(call.id, wanted.id), runtime)
        hold = runtime.rules.scheduling.freed.values.hold
        first = await queries.assessments_before(runtime, wanted.state.wish)
        offer_id = derive(cause.id, "offer")
        order, _ = dates.offer_freed(wanted, slot, offer_id, "message", cause.at, hold, first)
        asked = await is_asked(runtime, cause, order)
        if asked or await still_free(runtime, call.aggregate_id, search_id) is None:
            return EndSearch(search_id=search_id, found=True)
    return EndSearch(search_id=search_id, found=False)


async def still_free(runtime: Runtime, slot_id: str, search_id: str) -> Snapshot[Free] | None:
    """The time, as long as nobody has it and this is who looks for somebody."""
    slot: Snapshot[SlotState] | None = await runtime.load(SLOT, slot_id)
    is_free = slot and isinstance(slot.state, Free) and slot.state.search == search_id
    return cast(Snapshot[Free], slot) if is_free else None


def cause_of(identity: str, runtime: Runtime) -> Cause:
    return Cause(identity, runtime.clock.now(), SYSTEM, identity, source="effect")


async def is_asked(runtime: Runtime, cause: Cause, order: Order) -> bool:
    def answer(outcome: Outcome) -> Answer:
        return REFUSED if outcome.refusal else ASKED

    return await runtime.order(cause, [order], answer) is ASKED


def left_to_people(call: EffectCall, reason: str) -> Command:
    return EndSearch(search_id=msgspec.json.decode(call.body, type=Search).search_id, found=False)
