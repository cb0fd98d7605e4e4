"""The whole clinic as real processes on Kafka and PostgreSQL, on the simulated clock: the same port as in memory."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import httpx
from aiokafka import AIOKafkaConsumer
from aiokafka.structs import TopicPartition

from cli.people import members
from cli.stack.kafka import Kafka
from cli.stack.postgres import Postgres
from schemas.topics import QUEUES, queue_topic
from simulator.clock_driver import ClockDriver
from tests.support.local_system import LocalSystem, Worker
from tests.support.pages import Sent, called, code_of, number_of, pages
from tests.support.told import Kind, Told, at_clinic, shown, told

FROM_THE_START = "UPDATE consumer_offset SET next_offset = 0 WHERE topic LIKE '%.events'"
PICTURE = """
-- Everything that a replay must leave as it is.
SELECT (SELECT count(*) FROM journal), (SELECT count(*) FROM refusal), (SELECT count(*) FROM timer),
       (SELECT count(*) FROM parked), (SELECT count(*) FROM deferred), (SELECT count(*) FROM effect),
       (SELECT count(*) FROM outbox)
"""
READY_SECONDS, PATIENCE_SECONDS = 180, 60
"""Until all processes have begun, and until one has ended, on a machine that does much else."""


class LocalClinic:
    """`workers` are the services' processes by name, `now` is where the clock stands."""

    def __init__(
        self, system: LocalSystem, workers: Mapping[str, Worker], reader: AIOKafkaConsumer, now: str
    ) -> None:
        self.system = system
        self.workers = dict(workers)
        self.now = now
        self._reader = reader
        self._news: list[Told] = []
        self._rows: dict[bytes, bytes | None] = {}
        self._heard = 0
        self.clock = self._driver()
        self._ids = {member.login: member.id for member in members()}
        self._headers = {
            member.login: system.headers(
                member.id, roles=list(member.roles), disciplines=list(member.disciplines)
            )
            for member in members()
        }

    def staff(self, login: str) -> str:
        return self._ids[login]

    def known_as(self, name: str, kind: Kind, subject: str) -> None:
        self._headers[name] = self.system.headers(subject, kind=kind, roles=[])

    async def at(self, when: str) -> None:
        wanted, self.now = at_clinic(when), when
        while (due := await self.clock.settle()) is not None and due <= wanted:
            await self.clock.move(due)
        await self.clock.move(wanted)
        await self.clock.settle()

    async def ask(self, method: str, service: str, path: str, who: str, **more: Any) -> Any:
        answer = await self.request(method, service, path, who, **more)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    async def request(self, method: str, service: str, path: str, who: str, **more: Any) -> httpx.Response:
        headers = self._headers[who] | more.pop("headers", {})
        url = self.workers[service].url + path
        answer = await self.system.http.request(method, url, headers=headers, **more)
        await self.clock.settle()
        return answer

    async def acted(self) -> None:
        """Somebody gave a command that did not go through `ask`: everything settles."""
        self.clock.rest.commanded()
        await self.clock.settle()

    async def text_back(self, text: str) -> None:
        """The patient answers the last text message."""
        to_patients = [text.to for text in await self._texts() if "STOP" in text.body]
        await self._text_from(to_patients[-1], text)

    async def lose_texts(self, number: str) -> None:
        """No text arrives there any more."""
        answer = await self.system.http.post(f"{self.sinks}/lost/{number}")
        assert answer.is_success, answer.text

    async def called(self) -> Sequence[str]:
        """Who was paged since the last time that this was asked, by login."""
        new = await self._texts(since=self._heard)
        self._heard += len(new)
        return called(new)

    async def answer_page(self, login: str) -> None:
        """Whoever was paged answers the last page from their own number."""
        code = code_of(pages(await self._texts())[-1].body)
        await self._text_from(number_of(login), f"OK {code}")

    async def _texts(self, since: int = 0) -> Sequence[Sent]:
        arrived = (await self.system.http.get(f"{self.sinks}/arrived", params={"since": since})).json()
        return [Sent(text["to"], text["body"]) for text in arrived["texts"]]

    async def _text_from(self, number: str, text: str) -> None:
        said = {"service": self.workers["notifications"].url, "from": number, "body": text}
        answer = await self.system.http.post(f"{self.sinks}/replies", json=said)
        assert answer.is_success, answer.text
        await self.clock.settle()

    @property
    def sinks(self) -> str:
        assert self.system.sinks is not None
        return self.system.sinks.url

    async def news(self) -> Sequence[Told]:
        await self._drain()
        news, self._news = self._news, []
        return sorted(news, key=lambda each: each.at)

    async def queues(self) -> Sequence[str]:
        await self._drain()
        return sorted(shown(json.loads(value)) for value in self._rows.values() if value is not None)

    @asynccontextmanager
    async def without(self, service: str) -> AsyncIterator[None]:
        """Its process is down; afterwards it takes in what came meanwhile."""
        worker = self.workers.pop(service)
        worker.end(PATIENCE_SECONDS)
        self.clock = self._driver()
        yield
        self.workers[service] = worker
        await self._start(worker)

    async def replay(self, *, forgetting: bool) -> None:
        """Every position of every topic of facts back to the first offset; `forgetting`, no inbox knows any fact."""
        self.end()
        for service in self.workers:
            await self._in_database(service, FROM_THE_START)
            if forgetting:
                await self._in_database(service, "DELETE FROM inbox")
        await self._start(*self.workers.values())

    def end(self) -> None:
        """Every process, in order."""
        for worker in self.workers.values():
            worker.end(PATIENCE_SECONDS)

    async def _start(self, *workers: Worker) -> None:
        """With the clock as it stands."""
        for worker in workers:
            worker.start(HUDDLE_CLOCK_START=at_clinic(self.now).isoformat())
        await self.system.ready(*workers, seconds=READY_SECONDS)
        self.clock = self._driver()
        await self.clock.settle(to_the_ends=True)

    def _driver(self) -> ClockDriver:
        return ClockDriver(self.system.http, [worker.url for worker in self.workers.values()])

    async def picture(self) -> Mapping[str, Any]:
        """What a replay must leave as it is: what was told, rows of queues, how much there is in each database."""
        await self._drain()
        arrived = (await self.system.http.get(f"{self.sinks}/arrived")).json()
        return {
            **{service: tuple(await self._in_database(service, PICTURE)) for service in self.workers},
            "told": len(self._news),
            "queues": await self.queues(),
            "sent": (len(arrived["texts"]), len(arrived["mails"])),
        }

    async def _in_database(self, service: str, statement: str) -> Any:
        """The first row."""
        connection = await asyncpg.connect(self.system.database(service))
        try:
            return await connection.fetchrow(statement)
        finally:
            await connection.close()

    async def _drain(self) -> None:
        """Whatever was committed when this was asked. A commit of just now may not be visible yet: what was sent is
        waited for, beside what stands there."""
        ends = await self._reader.end_offsets(list(self._reader.assignment()))
        ends |= {place: at for place, at in self.clock.rest.sent.items() if at > ends.get(place, at)}
        while any([await self._reader.position(place) < end for place, end in ends.items()]):
            for place, records in (await self._reader.getmany(timeout_ms=200)).items():
                if place.topic.endswith(".events"):
                    self._news += [told(texts(record.headers), record.value) for record in records]
                else:
                    self._rows |= {record.key: record.value for record in records}


def texts(headers: Sequence[tuple[str, bytes]]) -> Mapping[str, str]:
    return {name: value.decode() for name, value in headers}


@asynccontextmanager
async def local_clinic(
    kafka: Kafka,
    postgres: Postgres,
    folder: Path,
    services: Sequence[str],
    start: str,
    copied: Path | None = None,
    **env: str,
) -> AsyncIterator[LocalClinic]:
    """One process for each service, with databases of their own. `copied`: the folder of a clinic that was ended in
    order, whose databases these go on from, and all of whose facts stand in the log and are told."""
    system = LocalSystem(kafka, postgres, folder)
    reader = AIOKafkaConsumer(
        bootstrap_servers=kafka.bootstrap, isolation_level="read_committed", enable_auto_commit=False
    )
    try:
        await system.prepare(
            *services, suffix=suffix_of(folder), copied=suffix_of(copied) if copied else None
        )
        clock = {"HUDDLE_CLOCK": "simulated", "HUDDLE_CLOCK_START": at_clinic(start).isoformat()}
        workers = {service: system.worker(service, **clock, **env) for service in services}
        await system.ready(*workers.values(), seconds=READY_SECONDS)
        await reader.start()
        events = [f"{service}.events" for service in services]
        await follow(reader, [*events, *map(queue_topic, QUEUES)], since_ever=bool(copied))
        yield LocalClinic(system, workers, reader, start)
    finally:
        await reader.stop()
        await system.close()


def suffix_of(folder: Path) -> str:
    """Of the names of a clinic's databases."""
    return f"_{folder.name}".replace("-", "_")


async def follow(reader: AIOKafkaConsumer, topics: Sequence[str], *, since_ever: bool = False) -> None:
    """From the present end, as other tests of the session wrote before, or from the beginning."""
    places = []
    for topic in topics:
        await reader._client._wait_on_metadata(topic)
        places += [TopicPartition(topic, partition) for partition in reader.partitions_for_topic(topic)]
    reader.assign(places)
    offsets = reader.beginning_offsets if since_ever else reader.end_offsets
    for place, offset in (await offsets(places)).items():
        reader.seek(place, offset)
