"""The whole clinic in one process: every service's own HTTP side over the in-memory system, on the clinic's clock."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import httpx
import msgspec
from fastapi import FastAPI

from backbone.http.application import Hosting, build
from backbone.http.identity import Principal
from backbone.model import Handler, Service
from cli.people import members
from config.loading import SHIPPED
from schemas.topics import QUEUES, queue_topic
from tests.support.configuring import rules_in
from tests.support.memory_system import MemorySystem, MemoryWorker
from tests.support.pages import Sent, called, code_of, number_of, pages
from tests.support.pictures import picture
from tests.support.promised import held
from tests.support.providers import Outside
from tests.support.referral_http import TrustingIdentity, by
from tests.support.told import Kind, Told, at_clinic, shown, told

T = TypeVar("T")


class MemoryClinic:
    """`people` are callers by name, beside the staff by login."""

    def __init__(
        self,
        start: str,
        services: tuple[Service, ...],
        people: Mapping[str, Principal],
        stores: Mapping[str, Any] | None = None,
        config: Path = SHIPPED,
        outside: Mapping[str, Mapping[str, Handler]] | None = None,
    ) -> None:
        self.outside = Outside()
        rules = {service: rules_in(config, service.load_rules) for service in services}
        self.system = MemorySystem(
            at_clinic(start), rules, stores, {"notifications": self.outside.handlers, **(outside or {})}
        )
        self._people = {**people, **directory()}
        self._seen: dict[tuple[str, int], int] = {}
        self._heard = 0
        workers = dict(self.system.workers)
        self.apps = Made(lambda name: app_of(workers[name]))
        self._http = Made(lambda name: client_of(name, self.apps[name]))
        if "notifications" in workers:
            self.outside.connect(self.apps["notifications"])

    def known_as(self, name: str, kind: Kind, subject: str, *roles: str) -> None:
        """Somebody who is not in the staff directory has a token from now on."""
        self._people[name] = Principal(kind, subject, roles)

    def http(self, service: str) -> httpx.AsyncClient:
        """The service's own HTTP side; nothing settles by itself."""
        return self._http[service]

    def staff(self, login: str) -> str:
        """The id of a member of staff."""
        return self._people[login].id

    async def at(self, when: str) -> None:
        """Move the clock to this time at the clinic, through every timer that falls due on the way."""
        await self.system.advance(at_clinic(when))
        await self.system.settle()

    async def ask(self, method: str, service: str, path: str, who: str, **more: Any) -> Any:
        """A request that must succeed; then everything settles."""
        answer = await self.request(method, service, path, who, **more)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    async def request(self, method: str, service: str, path: str, who: str, **more: Any) -> httpx.Response:
        headers = by(self._people[who]) | more.pop("headers", {})
        answer = await self._http[service].request(method, path, headers=headers, **more)
        await self.system.settle()
        return answer

    async def text_back(self, text: str) -> None:
        """The patient answers the last text message."""
        await self.outside.text_back(text)
        await self.system.settle()

    async def called(self) -> Sequence[str]:
        """Who was paged since the last time that this was asked, by login."""
        new, self._heard = self._texts[self._heard :], len(self._texts)
        return called(new)

    async def answer_page(self, login: str) -> None:
        """Whoever was paged answers the last page from their own number."""
        code = code_of(pages(self._texts)[-1].body)
        await self.outside.text_from(number_of(login), f"OK {code}")
        await self.system.settle()

    @property
    def _texts(self) -> list[Sent]:
        return [Sent(each.to, each.body) for each in self.outside.gateway.texts]

    def facts(self, *services: str) -> list[Told]:
        """Public facts, in order of their recording."""
        found = [
            told(message.headers, message.value)
            for (topic, _), messages in self.system.log.items()
            if topic.endswith(".events") and (not services or topic.removesuffix(".events") in services)
            for message in messages
        ]
        return sorted(found, key=lambda each: each.at)

    async def news(self) -> list[Told]:
        """Public facts since the last time that this was asked."""
        found = []
        for place, messages in self.system.log.items():
            if place[0].endswith(".events"):
                new = messages[self._seen.get(place, 0) :]
                found += [told(message.headers, message.value) for message in new]
                self._seen[place] = len(messages)
        return sorted(found, key=lambda each: each.at)

    def open(self) -> list[str]:
        """Every open item as the queues' topics show it: queue, type, due at the clinic."""
        rows = [row for queue in QUEUES for row in self.table(queue_topic(queue)).values()]
        return sorted(shown(row) for row in rows)

    async def queues(self) -> list[str]:
        """Every open item."""
        return self.open()

    async def replay(self, *, forgetting: bool) -> None:
        """Every fact is handled once more; `forgetting`, as if no inbox knew it."""
        self.system.rewind(forgetting=forgetting)
        await self.system.settle()

    async def picture(self) -> Mapping[str, Any]:
        """Everything that there is, for `differing`."""
        return picture(self.system)

    @asynccontextmanager
    async def without(self, service: str) -> AsyncIterator[None]:
        """It is down; afterwards it takes in what came meanwhile."""
        down = self.system.workers.pop(service)
        yield
        self.system.workers[service] = down
        await self.system.settle()

    async def lose_texts(self, number: str) -> None:
        """No text arrives there any more."""
        self.outside.lost.add(number)

    def table(self, topic: str) -> Mapping[str, Any]:
        """What a compacted topic says now."""
        latest: dict[str, Any] = {}
        for (name, _), messages in self.system.log.items():
            for message in messages if name == topic else ():
                latest[message.key or ""] = message.value
        return {key: msgspec.json.decode(value) for key, value in latest.items() if value is not None}


class Made(dict[str, T]):
    """By name, each made when it is first asked for: few tests ask every service."""

    def __init__(self, make: Callable[[str], T]) -> None:
        self._make = make

    def __missing__(self, name: str) -> T:
        made = self[name] = self._make(name)
        return made


def app_of(worker: MemoryWorker) -> FastAPI:
    runtime, hosting = worker.runtime, Hosting(lambda: True)
    return build(runtime, TrustingIdentity(), worker.parking, worker.metrics, hosting)  # type: ignore[arg-type]


class NoCookies(httpx.Cookies):
    """No service sets any; httpx looks for some in each answer, and sends them with each request."""

    def extract_cookies(self, response: httpx.Response) -> None: ...

    def set_cookie_header(self, request: httpx.Request) -> None: ...


def client_of(service: str, app: FastAPI) -> httpx.AsyncClient:
    hooks = {"response": [held(service)]}
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url=f"http://{service}", event_hooks=hooks, trust_env=False
    )
    client._cookies = NoCookies()
    return client


@cache
def directory() -> Mapping[str, Principal]:
    """By login."""
    return {
        each.login: Principal("user", each.id, tuple(each.roles), tuple(each.disciplines), each.name)
        for each in members()
    }
