"""Moves the simulated clock of all services together, and only when nothing is in flight."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from simulator.rest import Answer, Kind, Question, Rest

TICK = timedelta(minutes=15)
PATIENCE_SECONDS = 60
DEVELOPMENT = "/development/"


class ClockDriver:
    """`urls` are the services' processes, one of each.

    Whatever is asked of them over `http` is noticed. Who writes to a topic that they read says so.
    """

    def __init__(
        self, http: httpx.AsyncClient, urls: Sequence[str], patience: float = PATIENCE_SECONDS
    ) -> None:
        self.rest = Rest(urls)
        self._http = http
        self._urls = urls
        self._patience = patience
        http.event_hooks["request"].append(self._notice)

    def written(self, sent: Mapping[Kind, int]) -> None:
        """Somebody who is none of them wrote to topics: the offsets behind the records."""
        self.rest.told(sent)

    async def settle(self, *, to_the_ends: bool = False) -> datetime | None:
        """Wait until nothing is in flight; the least due time of all timers. `to_the_ends`: everybody has handled what
        they read, also that which leads to nothing. Raises TimeoutError with who is not done."""
        if to_the_ends:
            self.rest.doubted()
        said: dict[str, str] = {}
        try:
            async with asyncio.timeout(self._patience):
                while questions := self.rest.questions():
                    await asyncio.gather(*(self._ask(url, each, said) for url, each in questions.items()))
        except TimeoutError:
            waiting = "; ".join(f"{url}: {said.get(url, 'no answer')}" for url in self.rest.questions())
            raise TimeoutError(f"not at rest after {self._patience:.0f} s: {waiting}") from None
        return self.rest.next_due

    async def move(self, to: datetime) -> None:
        """Set it in every process. What has become due fires when they are waited for: no fact meets a process of
        yesterday."""
        await asyncio.gather(*(self._set(url, to) for url in self._urls))
        self.rest.moved(to)

    async def _set(self, url: str, to: datetime) -> None:
        """A process that was started again meanwhile may stand later already."""
        answer = await self._http.put(f"{url}{DEVELOPMENT}clock", json={"now": to.isoformat()})
        if answer.status_code != httpx.codes.CONFLICT:
            answer.raise_for_status()

    async def _ask(self, url: str, question: Question, said: dict[str, str]) -> None:
        handled = [
            {"topic": topic, "partition": partition, "offset": offset}
            for (topic, partition), offset in question.handled.items()
        ]
        asked = {"handled": handled, "ends": question.ends}
        answer = await self._http.post(f"{url}{DEVELOPMENT}rest", json=asked)
        if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
            said[url] = answer.json()["detail"]
            return
        self.rest.answered(url, question, answer_of(answer.raise_for_status().json()))

    async def _notice(self, request: httpx.Request) -> None:
        """A command may be the beginning of more. One to somebody else may reach any of ours."""
        if request.method != "GET" and not request.url.path.startswith(DEVELOPMENT):
            self.rest.commanded(*(url for url in self._urls if str(request.url).startswith(f"{url}/")))


def answer_of(body: Mapping[str, Any]) -> Answer:
    """From JSON."""
    sent: dict[Kind, int] = {
        (topic, int(partition), wire_type): offset
        for topic, partitions in body["sent"].items()
        for partition, offsets in partitions.items()
        for wire_type, offset in offsets.items()
    }
    due = body["next_due"]
    return Answer(body["term"], body["reads"], sent, datetime.fromisoformat(due) if due else None)


def next_tick(after: datetime) -> datetime:
    """The first tick that is not before `after`, in UTC."""
    after = after.astimezone(UTC)
    whole = after.replace(minute=after.minute // 15 * 15, second=0, microsecond=0)
    return whole if whole == after else whole + TICK
