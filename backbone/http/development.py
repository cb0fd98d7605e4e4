"""The simulated clock over HTTP, for whoever moves it. Not there on the wall clock, and never in production.

Without a token.
"""

import asyncio
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, StringConstraints

from backbone.clock import SimulatedClock
from backbone.engine.runtime import Runtime
from backbone.http.problems import Problem
from backbone.http.resources import reading
from backbone.log.settling import Settling
from schemas.fact import Instant, YesNo, most, whole

PATIENCE_SECONDS = 20.0

SentOffsets = dict[str, dict[int, dict[str, int]]]
"""By topic, partition and type of record."""


class ClockState(BaseModel):
    """Where the clock stands, or shall stand."""

    now: Instant


class Below(BaseModel):
    """What stands in a partition below an offset."""

    topic: Annotated[str, StringConstraints(pattern=r"^[a-z0-9._-]{1,249}$")]
    partition: Annotated[int, whole(0, 100_000)]
    offset: Annotated[int, whole(0, 2**53)]


class Question(BaseModel):
    """What must be handled before the answer; with `ends`, all that the broker has."""

    handled: Annotated[tuple[Below, ...], most(1_000)] = ()
    ends: YesNo = False


class Rest(BaseModel):
    """Nothing is left to do: all is handled, called and sent, and no timer is due before `next_due`.

    `sent`: the offset behind the last record of each kind that was sent since `term` began. `reads`: types of records
    that may lead to something here, and topics of which all may.
    """

    term: str
    reads: list[str]
    sent: SentOffsets
    next_due: datetime | None


async def read_clock(request: Request) -> ClockState:
    """Where it stands."""
    return ClockState(now=request.app.state.runtime.clock.now())


async def set_clock(request: Request, setting: ClockState) -> ClockState:
    """Move it forward. What has become due fires soon, or when somebody waits for rest."""
    clock = request.app.state.runtime.clock
    assert isinstance(clock, SimulatedClock)
    try:
        clock.move(setting.now)
    except ValueError as error:
        raise Problem(409, "clock-goes-forward", str(error)) from None
    return setting


async def settle(request: Request, question: Question) -> Response:
    """Answers when nothing is left to do."""
    runtime: Runtime = request.app.state.runtime
    settling: Settling = request.app.state.settling
    handled = {(each.topic, each.partition): each.offset for each in question.handled}
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            settled = await settling.settle(handled, ends=question.ends)
    except TimeoutError:
        left = await runtime.store.summary()
        raise Problem(503, "not-at-rest", f"{left.outbox} rows to send, {left.effects} to call") from None
    sent: SentOffsets = {}
    for (topic, partition, wire_type), offset in settled.sent.items():
        sent.setdefault(topic, {}).setdefault(partition, {})[wire_type] = offset
    reads = sorted([*runtime.service.consumed, *runtime.service.intake_by_topic])
    return reading({"term": settled.term, "reads": reads, "sent": sent, "next_due": settled.next_due})


def development() -> APIRouter:
    """The routes."""
    router = APIRouter(prefix="/development", tags=["development"])
    router.add_api_route("/clock", read_clock)
    router.add_api_route("/clock", set_clock, methods=["PUT"])
    router.add_api_route("/rest", settle, methods=["POST"], response_model=Rest)
    return router
