"""A page that stays open over the death of the process that it hears: it connects to another, from its place on."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from schemas.topics import QUEUES


class OpenView:
    """Every queue at once. `resets`: how often all rows were told anew; `lines`: connections that were opened."""

    def __init__(self, urls: Sequence[str], headers: Mapping[str, str]) -> None:
        self._urls = list(urls)
        self._headers = headers
        self._place: str | None = None
        self.rows: dict[str, Any] = {}
        self.resets = self.lines = 0

    def go_on_at(self, url: str) -> None:
        """When the process that it hears has ended."""
        self._urls = [url]

    async def stay_open(self) -> None:
        """Until cancelled."""
        async with httpx.AsyncClient(trust_env=False, timeout=httpx.Timeout(10, read=60)) as http:
            while True:
                try:
                    await self._hear_one(http)
                except httpx.HTTPError:
                    await asyncio.sleep(0.2)

    async def _hear_one(self, http: httpx.AsyncClient) -> None:
        self._urls.append(here := self._urls.pop(0))
        url = f"{here}/stream?queues={','.join(QUEUES)}"
        resume = {"last-event-id": self._place} if self._place else {}
        async with http.stream("GET", url, headers={**self._headers, **resume}) as answer:
            answer.raise_for_status()
            self.lines += 1
            told: dict[str, str] = {}
            async for line in answer.aiter_lines():
                if line:
                    name, _, value = line.partition(": ")
                    told[name] = value
                else:
                    self._take(told)
                    told = {}

    def _take(self, told: Mapping[str, str]) -> None:
        data = json.loads(told.get("data", "{}"))
        match told.get("event"):
            case "reset":
                self.resets += 1
                self.rows = {row["item_id"]: row for row in data["items"]}
            case "item":
                self.rows[data["item_id"]] = data
            case "gone":
                self.rows.pop(data["key"], None)
            case _:
                pass  # a beat
        self._place = told.get("id", self._place)
