"""The clinic of real processes while they are killed, one after the other, in the middle of what they do."""

import asyncio
import random
from collections.abc import Mapping
from typing import Any

import httpx

from backbone.ids import random_id
from simulator.clock_driver import ClockDriver
from tests.support.local_clinic import LocalClinic
from tests.support.local_system import Worker
from tests.support.told import at_clinic

LEASE_AND_MORE = 150
"""Seconds: what a killed process was sending is taken up when its lease ends."""
ATTEMPTS = 120


class Shaken:
    """Wraps a clinic: people ask again with the same Idempotency-Key, as their systems would. `beside` may be killed
    too."""

    def __init__(
        self,
        clinic: LocalClinic,
        start: str,
        dice: random.Random,
        kills: int,
        beside: Mapping[str, Worker] | None = None,
    ) -> None:
        self._clinic = clinic
        self._dice = dice
        self._mortal = sorted({**clinic.workers, **(beside or {})}.items(), key=lambda pair: pair[0])
        self.now = at_clinic(start)
        self._left = kills
        self.killed: list[str] = []
        urls = [worker.url for worker in clinic.workers.values()]
        clinic.clock = ClockDriver(clinic.system.http, urls, LEASE_AND_MORE)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._clinic, name)

    async def at(self, when: str, *, without: str | None = None) -> None:
        """Somebody may be killed while timers fire; whoever is named is, for certain."""
        self.now = at_clinic(when)
        moving = asyncio.ensure_future(self._clinic.at(when))
        if without or not self._dice.randrange(6):
            await asyncio.sleep(self._dice.uniform(0, 0.2))
            await (self._bring_back(self._clinic.workers[without]) if without else self._kill())
        try:
            await moving
        except httpx.HTTPError:
            await self._clinic.at(when)

    async def ask(self, method: str, service: str, path: str, who: str, **more: Any) -> Any:
        """Somebody may be killed while this is asked and what follows flows on."""
        answer = await self.answer(method, service, path, who, **more)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        await self._clinic.clock.settle()
        return answer.json()

    async def answer(self, method: str, service: str, path: str, who: str, **more: Any) -> httpx.Response:
        """Whatever it is. Somebody may be killed meanwhile."""
        headers = {"idempotency-key": random_id(), **self._clinic._headers[who], **more.pop("headers", {})}
        url = self._clinic.workers[service].url + path
        asking = asyncio.ensure_future(self._insist(method, url, headers=headers, **more))
        if not self._dice.randrange(4):
            await asyncio.sleep(self._dice.uniform(0, 0.1))
            await self._kill()
        return await asking

    async def _insist(self, method: str, url: str, **more: Any) -> httpx.Response:
        for _ in range(ATTEMPTS):
            try:
                return await self._clinic.system.http.request(method, url, **more)
            except httpx.HTTPError:
                await asyncio.sleep(0.5)
        raise TimeoutError(url)

    async def _kill(self) -> None:
        """One process, by the strongest signal; it comes back with the clock as it stands."""
        if not self._left:
            return
        self._left -= 1
        name, worker = self._dice.choice(self._mortal)
        self.killed.append(name)
        await self._bring_back(worker)

    async def _bring_back(self, worker: Worker) -> None:
        worker.kill()
        worker.start(HUDDLE_CLOCK_START=self.now.isoformat())
        await self._clinic.system.ready(worker)
