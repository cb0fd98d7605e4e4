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
from backbone.store.live import LiveRows
from backbone.store.notify import listen


class Feed(LiveRows):
    """Live rows, with one listening connection that wakes all views of the process, and one channel for those of the
    same topics."""

    def __init__(self, pool: asyncpg.Pool, database_url: str) -> None:
        super().__init__(pool)
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
        """The topics' channel: it lasts as long as somebody views it. `form` names how they are drawn."""
        which = (form, *sorted(topics))
        channel = self._channels.get(which)
        if channel is None:
            channel = self._channels[which] = Channel(self, topics, draw, now)
        return channel


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


def feed(request: Request) -> Feed:
    found: Feed = request.app.state.feed
    return found


Following = Annotated[Feed, Depends(feed)]
"""What open views of this process follow."""
