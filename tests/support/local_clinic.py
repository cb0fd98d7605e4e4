"""The whole clinic as real processes on Kafka and PostgreSQL, on the simulated clock: the same port as in memory."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

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


class LocalClinic:
    """`workers` are the services' processes by name."""

    def __init__(self, system: LocalSystem, workers: Mapping[str, Worker], reader: AIOKafkaConsumer) -> None:
        self.system = system
        self.workers = workers
        self._reader = reader
        self._news: list[Told] = []
        self._rows: dict[bytes, bytes | None] = {}
        self._heard = 0
        self.clock = ClockDriver(system.http, [worker.url for worker in workers.values()])
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
        wanted = at_clinic(when)
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
    kafka: Kafka, postgres: Postgres, folder: Path, services: Sequence[str], start: str, **env: str
) -> AsyncIterator[LocalClinic]:
    """One process for each service, with databases of their own."""
    system = LocalSystem(kafka, postgres, folder)
    reader = AIOKafkaConsumer(
        bootstrap_servers=kafka.bootstrap, isolation_level="read_committed", enable_auto_commit=False
    )
    try:
        await system.prepare(*services, suffix=f"_{folder.name}".replace("-", "_"))
        clock = {"HUDDLE_CLOCK": "simulated", "HUDDLE_CLOCK_START": at_clinic(start).isoformat()}
        workers = {service: system.worker(service, **clock, **env) for service in services}
        await system.ready(*workers.values(), seconds=180)
        await reader.start()
        events = [f"{service}.events" for service in services]
        await follow(reader, [*events, *map(queue_topic, QUEUES)])
        yield LocalClinic(system, workers, reader)
    finally:
        await reader.stop()
        await system.close()


async def follow(reader: AIOKafkaConsumer, topics: Sequence[str]) -> None:
    """From the present end: other tests of the session wrote before."""
    places = []
    for topic in topics:
        await reader._client._wait_on_metadata(topic)
        places += [TopicPartition(topic, partition) for partition in reader.partitions_for_topic(topic)]
    reader.assign(places)
    for place, end in (await reader.end_offsets(places)).items():
        reader.seek(place, end)
