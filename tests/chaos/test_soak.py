"""Every service twice, under load for as long as `HUDDLE_SOAK_MINUTES` says. One process of each is killed again and
again; the other stays, and holds no more memory at the end than in the middle. The ledger says what was lost."""

import asyncio
import os
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

import httpx
import pytest

from backbone.clock import monotonic
from backbone.ids import random_id
from cli.database import connected
from cli.people import members
from cli.stack.kafka import Kafka
from cli.stack.postgres import Postgres
from schemas.services import NAMES
from tests.chaos.generator import Record, Scale, records
from tests.chaos.ledger import problems
from tests.chaos.load import outputs, send, settled
from tests.chaos.memory import MEGABYTE, growing, pid_of, thirds, watched
from tests.chaos.test_losses import Ward
from tests.support.local_system import LocalSystem, Worker, until
from tests.support.submissions import PRACTICE, a_submission, somebody

SECONDS = 60 * float(os.environ.get("HUDDLE_SOAK_MINUTES", "30"))
SAMPLE_SECONDS = min(30.0, SECONDS / 12)
SEED = 20270104
ATTEMPTS = 120
EVER_MORE = Scale(10_000_000, 300, poison=0)
TURN_SECONDS, TURN_RECORDS, TURN_REFERRALS = 5, 50, 2
BETWEEN_KILLS = (15, 45)
LEFT_OVER = """
SELECT (SELECT count(*) FROM outbox) + (SELECT count(*) FROM parked) + (SELECT count(*) FROM effect)
"""


class Soaked(Ward):
    """Senders whose request was cut off send it again, to whoever is there."""

    mortal: Mapping[str, Worker]

    async def one(self, number: int) -> None:
        sent = a_submission(f"R-{number}", patient=somebody(number))
        by = self.system.headers(PRACTICE, kind="referrer", roles=[])
        answer = await self.insist("POST", "", json=sent, headers=by)
        assert answer.is_success, answer.text
        self.referrals[number] = answer.json()["id"]

    async def triage(self, number: int) -> None:
        """Accepted: a first visit is asked for."""
        [nurse] = [member for member in members() if member.login == "nora.quinn"]
        by = self.system.headers(nurse.id, roles=list(nurse.roles), disciplines=list(nurse.disciplines))
        path = f"/{self.referrals[number]}"
        seen = (await self.insist("GET", path, headers=by)).json()
        by |= {"if-match": f'"{seen["version"]}"', "idempotency-key": random_id()}
        said = {"category": "cat_2", "comment": "Fits category 2.", "accept": True}
        answer = await self.insist("POST", f"{path}/triage", json=said, headers=by)
        assert answer.is_success, answer.text

    async def insist(self, method: str, path: str, **more: Any) -> httpx.Response:
        """At one of the two; again where nobody answers."""
        for _ in range(ATTEMPTS):
            one = random.choice((self.mortal, self.workers))["referral"]
            with suppress(httpx.HTTPError):
                answer = await self.system.http.request(method, f"{one.url}/referrals{path}", **more)
                if not answer.is_server_error:
                    return answer
            await asyncio.sleep(0.5)
        raise TimeoutError(path)


@pytest.mark.long
async def test_hours_of_load_and_of_kills_lose_nothing_and_fill_no_memory(
    empty_kafka: Kafka, postgres: Postgres, playground: Path
) -> None:
    folder = playground / "soak"
    folder.mkdir()
    system = LocalSystem(empty_kafka, postgres, folder)
    dice = random.Random(SEED)
    try:
        await system.prepare(*NAMES, suffix="_soak")
        clinic = Soaked(system, {name: system.worker(name) for name in NAMES})
        clinic.mortal = {name: system.worker(name) for name in NAMES}
        await system.ready(*clinic.workers.values(), *clinic.mortal.values(), seconds=180)
        pids = {name: pid_of(worker) for name, worker in clinic.workers.items()}
        made, killed, samples = await asyncio.gather(
            load(clinic), kills(clinic.mortal, dice), watched(clinic.workers, SECONDS, SAMPLE_SECONDS)
        )
        print(report(samples, killed))
        assert {name: pid_of(each) for name, each in clinic.workers.items()} == pids
        assert all(map(alive, (*clinic.workers.values(), *clinic.mortal.values())))
        await count(clinic, made)
        assert growing(samples) == []
    finally:
        await system.close()


def alive(worker: Worker) -> bool:
    return worker.process is not None and worker.process.poll() is None


async def load(clinic: Soaked) -> Sequence[Record]:
    """So much each few seconds; what was sent."""
    made: list[Record] = []
    more = records(EVER_MORE, SEED)
    end = monotonic() + SECONDS
    while (start := monotonic()) < end:
        some = list(islice(more, TURN_RECORDS))
        first = len(clinic.referrals) + 1
        numbers = range(first, first + TURN_REFERRALS)
        seen = [clinic.triage(number) for number in range(max(1, first - TURN_REFERRALS), first)]
        await asyncio.gather(send(clinic.system, some), *map(clinic.one, numbers), *seen)
        made += some
        await asyncio.sleep(max(0, start + TURN_SECONDS - monotonic()))
    return made


async def kills(mortal: Mapping[str, Worker], dice: random.Random) -> Counter[str]:
    """By the strongest signal, as the dice have it."""
    killed: Counter[str] = Counter()
    end = monotonic() + SECONDS
    while True:
        await asyncio.sleep(dice.uniform(*BETWEEN_KILLS))
        if monotonic() >= end:
            return killed
        name = dice.choice(list(mortal))
        assert alive(mortal[name]), mortal[name].tail()
        await asyncio.to_thread(mortal[name].restart)
        killed[name] += 1


async def count(clinic: Soaked, made: Sequence[Record]) -> None:
    """Everything settles; then the ledger."""
    await settled(clinic.system, [*clinic.workers.values(), *clinic.mortal.values()])
    await clinic.balanced()
    await until(lambda: nothing_left(clinic), 240)
    found = await outputs(clinic.system)
    assert problems([record.entry for record in made], found) == []
    await clinic.nobody_fell_through(clinic.referrals)
    await clinic.once_each()
    await clinic.verified()
    messages = await count_messages(clinic.system)
    print(
        f"{len(made)} records, {len(clinic.referrals)} referrals, {len(found)} facts of items, "
        f"{messages} messages: 0 lost, 0 doubled, 0 out of order"
    )


async def nothing_left(clinic: Soaked) -> bool:
    for url in clinic.urls.values():
        async with connected(url) as connection:
            if await connection.fetchval(LEFT_OVER):
                return False
    return True


async def count_messages(system: LocalSystem) -> int:
    """Repeated only where it says so."""
    assert system.sinks is not None
    arrived = (await system.http.get(f"{system.sinks.url}/arrived")).json()
    once = Counter(text["call"] for text in arrived["texts"] if not text["marked"])
    once += Counter(mail["id"] for mail in arrived["mails"] if not mail["marked"])
    assert max(once.values(), default=1) == 1
    return once.total()


def report(samples: Mapping[str, Sequence[int]], killed: Counter[str]) -> str:
    lines = [f"\nseed {SEED}, {SECONDS / 60:g} minutes, {killed.total()} kills: {dict(killed)}"]
    for name, each in samples.items():
        first, second, last = (size / MEGABYTE for size in thirds(each))
        lines.append(f"{name}: {first:.0f}, {second:.0f}, {last:.0f} MiB ({last / second:.2f})")
    return "\n".join(lines)
