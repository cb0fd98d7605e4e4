"""Open views of a process: what they read from, and the answer that stays open."""

import asyncio
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Annotated
from weakref import WeakValueDictionary

import asyncpg
from fastapi import Depends, Request
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from backbone.http.frames import Drawn
from backbone.http.identity import Principal
from backbone.http.limits import Seats
from backbone.http.live import Channel
from backbone.http.problems import RETRY_SECONDS, Problem
from backbone.store.live import LiveRows
from backbone.store.notify import listen

MOST_SETS = 16
"""Different sets of topics that are followed at once, besides single topics and all: each draws its rows for itself."""


class Feed(LiveRows):
    """Live rows, with one listening connection that wakes all views of the process, and one channel for those of the
    same topics. `topics`: all that there are."""

    def __init__(self, pool: asyncpg.Pool, database_url: str, topics: Collection[str] = ()) -> None:
        super().__init__(pool)
        self._all = frozenset(topics)
        self._database_url = database_url
        self._channels: WeakValueDictionary[tuple[str, ...], Channel] = WeakValueDictionary()
        self.seats = Seats()
        self.woken = asyncio.Event()
        self.closed = False

    async def listen(self) -> None:
        """Wake the views when anybody commits a change. Cancelled, it closes them."""
        try:
            await listen(self._database_url, "live", self.wake)
        finally:
            self.closed = True
            self.wake()

    def wake(self) -> None:
        """Views take the event before they read, so a change between reading and waiting wakes them too."""
        woken, self.woken = self.woken, asyncio.Event()
        woken.set()

    def channel(
        self,
        topics: Collection[str],
        draw: Callable[[bytes], Drawn],
        now: Callable[[], datetime],
        form: str = "",
    ) -> Channel:
        """The topics' channel: it lasts as long as somebody views it. `form` names how they are drawn. Raises Problem
        503 where as many sets are followed as can be."""
        which = (form, *sorted(topics))
        channel = self._channels.get(which)
        if channel is None:
            if self._is_a_choice(topics) and self._choices() >= MOST_SETS:
                raise no_room_for_sets()
            channel = self._channels[which] = Channel(self, topics, draw, now)
        return channel

    def _is_a_choice(self, topics: Collection[str]) -> bool:
        return len(topics) > 1 and set(topics) != self._all

    def _choices(self) -> int:
        return sum(self._is_a_choice(topics) for _, *topics in list(self._channels))


def no_room_for_sets() -> Problem:
    return Problem(
        503,
        "no-room-for-sets",
        f"{MOST_SETS} different sets of queues are followed here already. Follow one queue, or all of them.",
        headers={"Retry-After": RETRY_SECONDS},
    )


class View(StreamingResponse):
    """The frames of a channel, for one caller, in a seat of theirs. `last` is the id that they saw last."""

    def __init__(self, channel: Channel, seats: Seats, caller: Principal, last: str | None) -> None:
        super().__init__(
            channel.frames(last),
            media_type="text/event-stream",
            headers={"cache-control": "no-store"},
        )
        self._seats = seats
        self._caller = caller

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Raises Problem 429 or 503."""
        with self._seats.taken(self._caller.scope):
            await super().__call__(scope, receive, send)


async def feed(request: Request) -> Feed:
    found: Feed = request.app.state.feed
    return found


Following = Annotated[Feed, Depends(feed)]
"""What open views of this process follow."""
