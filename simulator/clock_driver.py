"""Moves the simulated clock of all services together: only when nothing is in flight, and to no time between ticks."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import httpx

TICK = timedelta(minutes=15)
PATIENCE_SECONDS = 60
LOOKS = 2


class ClockDriver:
    """`urls` are the services' processes."""

    def __init__(
        self, http: httpx.AsyncClient, urls: Sequence[str], patience: float = PATIENCE_SECONDS
    ) -> None:
        self._http = http
        self._urls = urls
        self._patience = patience

    async def settle(self) -> datetime | None:
        """Wait until nothing is in flight; the least due time of all timers.

        Everybody must be idle twice: what one tells while another is being asked is seen the second time.
        """
        async with asyncio.timeout(self._patience):
            quiet = 0
            while quiet < LOOKS:
                states = await asyncio.gather(*map(self._state, self._urls))
                quiet = quiet + 1 if all(state["idle"] for state in states) else 0
                if not quiet:
                    await asyncio.sleep(0.01)
        dues = [datetime.fromisoformat(state["next_due"]) for state in states if state["next_due"]]
        return min(dues, default=None)

    async def move(self, to: datetime) -> None:
        """Set it in every process, and only then fire what has become due: no fact meets a process of yesterday."""
        await asyncio.gather(*(self._set(url, to, fire=False) for url in self._urls))
        await asyncio.gather(*(self._set(url, to, fire=True) for url in self._urls))

    async def _set(self, url: str, to: datetime, *, fire: bool) -> None:
        setting = {"now": to.isoformat(), "fire": fire}
        answer = await self._http.put(f"{url}/development/clock", json=setting)
        answer.raise_for_status()

    async def _state(self, url: str) -> Mapping[str, Any]:
        answer = await self._http.get(f"{url}/development/clock")
        return dict(answer.raise_for_status().json())


def next_tick(after: datetime) -> datetime:
    """The first tick that is not before `after`."""
    whole = after.replace(minute=after.minute // 15 * 15, second=0, microsecond=0)
    return whole if whole == after else whole + TICK
