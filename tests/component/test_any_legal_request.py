"""Whatever the published schemas allow, the clinic goes on: no request is a 500, what is refused writes nothing,
nothing parks, every fact fits."""

import asyncio
import logging
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import httpx
import jsonschema
import msgspec
import pytest

from backbone.engine.writes import MOST_RECORD_BYTES
from backbone.http.identity import Principal
from backbone.http.limits import MOST_BODY_BYTES
from backbone.ids import random_id
from backbone.model import Actor, Head
from backbone.model.wire import headers_of
from backbone.telemetry import log
from cli.people import members
from schemas.documents import contracts, inlined
from schemas.registry import facts
from schemas.topics import REFERRAL_CONTACTS, REFERRAL_INTAKE, events_topic
from tests.support.access import changed
from tests.support.drawn import drawn, values
from tests.support.effort import some
from tests.support.journeys.journey_1 import START, lines
from tests.support.journeys.play import Play
from tests.support.memory_clinic import MemoryClinic
from tests.support.requests import Body, bodies
from tests.support.services import ALL
from tests.support.submissions import OXYCODONE, PRACTICE, a_submission

pytestmark = pytest.mark.wide

MOMENT = "2027-03-09 18:00"
"""A plan is active, visits are booked and held, measures are asked for, work is open."""
QUICK, LONG = 1, 20
OPERATOR = Actor("user", random_id(), "operations")
FUTURE, TWICE = "in_the_future", "twice"
"""What no schema can state: it does not know what day it is, nor which field of the members of a list differs."""


def errors_of(answer: httpx.Response) -> Sequence[Mapping[str, str]]:
    is_problem = answer.headers.get("content-type", "").startswith("application/problem+json")
    return answer.json().get("errors", ()) if is_problem else ()


class Heard(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.failed: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.ERROR:
            self.failed.add(
                f"{record.getMessage()}: {record.__dict__.get('aggregate')} {record.__dict__.get('error')}"
            )


class Shaken:
    """A clinic in the middle of journey 1, and what came of everything that it was asked."""

    def __init__(self, clinic: MemoryClinic) -> None:
        self.clinic = clinic
        self.dice = random.Random(20270309)
        self.problems: list[str] = []
        self._seen: dict[tuple[str, int], int] = {}
        self._fits = {
            name: jsonschema.Draft202012Validator(inlined(model)).is_valid
            for name, model in contracts().items()
        }

    async def send(self, body: Body, value: Any) -> None:
        """By somebody who may do everything, about things that there are."""
        path = re.sub(r"{(\w+)}", lambda found: self._known(found[1]), body.path)
        told = self._with_known_ids(value)
        tables = {name: worker.store.tables for name, worker in self.clinic.system.workers.items()}
        before = {name: each.copied() for name, each in tables.items()}
        answer = await self.clinic.request(body.method.upper(), body.service, path, "everybody", json=told)
        left = {name: left for name, each in tables.items() if (left := [*changed(before[name], each)])}
        if answer.is_client_error and left:
            self.problems.append(f"{body.name}: refused, and left {left}, for {told}: {answer.text}")
        wrong = [
            each for each in errors_of(answer) if each["in"] == "body" and each["code"] not in (FUTURE, TWICE)
        ]
        if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR or wrong:
            self.problems.append(f"{body.name}: {answer.status_code} {answer.text} for {told}")
        await self._look(body.name)

    async def hear(self, name: str, value: Any) -> None:
        """A fact of some service, about something that there is."""
        identity, patient, fact = random_id(), self._known("patient_id"), facts()[name]
        subject = self._known(f"{fact.aggregate}_id")
        head = Head(
            event_id=identity,
            type=name,
            origin=name.partition(".")[0],
            occurred_at=self.clinic.system.clock.now(),
            recorded_at=self.clinic.system.clock.now(),
            aggregate_type=fact.aggregate,
            aggregate_id=subject,
            version=1,
            sequence=1,
            lane_key=patient,
            pathway_id=self._known("referral_id"),
            correlation_id=identity,
            causation_id=identity,
            actor=Actor("user", self.clinic.staff("everybody"), "physician"),
        )
        told = msgspec.json.encode(self._with_known_ids(value))
        topic = events_topic(head.origin)
        self.clinic.system.produce(topic, patient, told, msgspec.json.decode(headers_of(head)))
        await self.clinic.system.settle()
        await self._look(name)

    async def take(self, topic: str, value: Any) -> None:
        """A record that is no fact."""
        self.clinic.system.produce(topic, self._known("patient_id"), msgspec.json.encode(value))
        await self.clinic.system.settle()
        await self._look(topic)

    async def a_week_later(self) -> list[str]:
        """Timers that fail are tried again and again: only the log tells."""
        heard = Heard()
        log.addHandler(heard)
        await self.clinic.system.advance(self.clinic.system.clock.now() + timedelta(days=7))
        log.removeHandler(heard)
        return sorted(heard.failed)

    async def _look(self, after: str) -> None:
        for name, worker in self.clinic.system.workers.items():
            for key in await worker.parking.keys():
                [broken, *_] = await worker.parking.show(key.key)
                self.problems.append(f"{after}: {name} parked {broken.topic}: {broken.error}")
                await worker.parking.skip(key.key, OPERATOR)
                await worker.parking.retry(key.key, OPERATOR)
        for place, messages in self.clinic.system.log.items():
            for message in messages[self._seen.get(place, 0) :]:
                kind = message.headers.get("ce_type")
                if kind and not self._fits[kind](httpx.Response(200, content=message.value).json()):
                    self.problems.append(f"{after}: {kind} does not fit its schema: {message.value!r}")
            self._seen[place] = len(messages)

    def _known(self, name: str) -> str:
        """The id of something there is, of the kind that a path or a field names."""
        stem = name.removesuffix("_id")
        states = [worker.store.tables.states for worker in self.clinic.system.workers.values()]
        kinds = [kind for tables in states for kind in tables if stem in kind]
        ids = [row.id for tables in states for kind in kinds for row in tables.get(kind, {}).values()]
        return str(self.dice.choice(ids)) if ids else "11111111-1111-4111-8111-111111111111"

    def _with_known_ids(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            return {
                name: self._known(name) if name.endswith("_id") and field else self._with_known_ids(field)
                for name, field in value.items()
            }
        if isinstance(value, Sequence) and not isinstance(value, str):
            return [self._with_known_ids(each) for each in value]
        return value


def everybody() -> Principal:
    """All roles and disciplines in one person."""
    staff = members()
    roles = tuple({role for member in staff for role in member.roles})
    disciplines = tuple({discipline for member in staff for discipline in member.disciplines})
    return Principal("user", staff[0].id, roles, disciplines, "everybody")


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


async def on_the_way() -> Shaken:
    clinic = MemoryClinic(START, ALL, {"everybody": everybody()})
    clinic.known_as("pcp", "referrer", PRACTICE)
    await Play(clinic).play(line for line in lines() if line.at <= MOMENT)
    return Shaken(clinic)


@pytest.mark.parametrize("examples", [QUICK, pytest.param(LONG, marks=pytest.mark.long)])
def test_nothing_legal_is_a_mistake_of_ours_or_parks_anybody(runner: asyncio.Runner, examples: int) -> None:
    """So many bodies of every route; so many of each fact, contact record and submission; then a week of timers."""
    shaken = runner.run(on_the_way())

    def each(ask: Any, of: object) -> Any:
        return lambda value: runner.run(ask(of, value))

    for body in some(bodies()):
        if not body.path.startswith("/development"):
            drawn(values(body.schema), examples, each(shaken.send, body))
    for name, fact in some(facts().items()):
        drawn(values(inlined(fact)), examples, each(shaken.hear, name))
    for topic in (REFERRAL_CONTACTS, REFERRAL_INTAKE):
        assert topic.model is not None
        schema = inlined(topic.model)
        drawn(values(schema), examples, each(shaken.take, topic.name))
    assert shaken.problems + runner.run(shaken.a_week_later()) == []


async def test_the_largest_legal_submission_is_taken_and_none_of_its_facts_is_large() -> None:
    longest, drug = "🙂" * 8000, OXYCODONE | {"code": "1" * 18, "code_system": "urn:" + "x" * 190}
    texts = (
        "mechanism",
        "history",
        "function",
        "psychological",
        "social",
        "substance_use",
        "self_management_note",
    )
    answers: dict[str, Any] = dict.fromkeys(texts, longest) | {
        "reports": [longest] * 10,
        "medications": [
            drug | {"dose": "123456.123456", "dose_unit": "suppository", "route": "intra_articular"}
        ]
        * 200,
        "pain_site_character": [{"site": "1" * 18, "character": "a" * 64}] * 60,
        "condition_codes": ["1" * 18 + ".ABCDEF" * 6] * 60,
    }
    submission = a_submission("R" * 200, **answers)
    clinic = MemoryClinic(START, ALL, {})
    assert len(msgspec.json.encode(submission)) > 0.5 * MOST_BODY_BYTES
    assert await clinic.ask("POST", "referral", "/referrals", "ines.park", json=submission)
    sizes = [len(message.value or b"") for messages in clinic.system.log.values() for message in messages]
    assert MOST_RECORD_BYTES / 5 < max(sizes) < MOST_RECORD_BYTES / 2
