"""Two workers, poison, duplicates, and everything that breaks. The ledger says whether anything was lost or doubled."""

import asyncio
import json
import random
import shutil
import signal
import tempfile
from base64 import b64decode
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from aiokafka import AIOKafkaProducer

from cli.stack.kafka import Kafka
from cli.stack.places import cache
from cli.stack.postgres import Postgres
from tests.chaos.generator import Record, Scale, records
from tests.chaos.ledger import Input, Output, expected_parked, problems, wrong_parked
from tests.support.local_system import LocalSystem, Worker, until
from tests.support.readers import read_all

SHORT = Scale(2_000, 60)
LONG = Scale(20_000, 500)
FROZEN_SECONDS = 9
"""Beyond the session timeout of 6 s."""


@pytest.fixture
async def system() -> AsyncIterator[LocalSystem]:
    """A broker and a server of its own: this test breaks both."""
    folder = Path(tempfile.mkdtemp(prefix="huddle-chaos-", dir="/tmp"))
    folder.chmod(0o755)
    postgres, kafka = Postgres(folder / "postgres"), Kafka(folder / "kafka", cache())
    postgres.start()
    kafka.start()
    system = LocalSystem(kafka, postgres, folder)
    yield system
    await system.close()
    kafka.kill()
    postgres.stop("immediate")
    shutil.rmtree(folder, ignore_errors=True)


async def send(system: LocalSystem, made: list[Record]) -> None:
    """Every record, acknowledged; the producer waits through the broker's absence."""
    producer = AIOKafkaProducer(
        bootstrap_servers=system.kafka.bootstrap,
        enable_idempotence=True,
        request_timeout_ms=90_000,
        linger_ms=5,
    )
    await producer.start()
    for start in range(0, len(made), 50):
        sent = [
            await producer.send(
                "referral.events", record.value, record.entry.patient.encode(), headers=record.headers
            )
            for record in made[start : start + 50]
        ]
        await asyncio.gather(*sent)
        await asyncio.sleep(0.02)
    await producer.stop()


async def break_things(system: LocalSystem, workers: list[Worker], dice: random.Random, kills: int) -> None:
    """Kills at random moments, a frozen worker, the broker, the database twice."""
    for _ in range(kills):
        await asyncio.sleep(dice.uniform(0.5, 2))
        dice.choice(workers).restart()
    frozen = dice.choice(workers)
    frozen.send(signal.SIGSTOP)
    await asyncio.sleep(FROZEN_SECONDS)
    frozen.send(signal.SIGCONT)
    await asyncio.sleep(1)
    system.kafka.kill()
    system.kafka.start()
    await asyncio.sleep(2)
    system.postgres.stop("immediate")
    await asyncio.sleep(1)
    system.postgres.start()
    await asyncio.sleep(2)
    system.postgres.stop("immediate")
    workers[0].restart()
    await asyncio.sleep(3)
    system.postgres.start()


async def settled(system: LocalSystem, workers: list[Worker]) -> None:
    """Until everything sent is handled or parked, and everything made is sent. Dead workers are started again."""

    async def is_settled() -> bool:
        for worker in workers:
            assert worker.process is not None
            if worker.process.poll() is not None:
                worker.start()
        try:
            return await lag(system) == 0 and await count(system, "outbox") == 0
        except (OSError, asyncpg.PostgresError):
            return False

    await until(is_settled, 240, lambda: "\n".join(worker.tail() for worker in workers))


async def lag(system: LocalSystem) -> int:
    """Records of `referral.events` that no position has passed yet."""
    ends = {}
    for record in await read_all(system.kafka.bootstrap, "referral.events"):
        ends[record.partition] = record.offset + 1
    connection = await asyncpg.connect(system.database("worklist"))
    rows = await connection.fetch(
        "SELECT partition, next_offset FROM consumer_offset WHERE topic = 'referral.events'"
    )
    await connection.close()
    positions = {row[0]: row[1] for row in rows}
    return sum(max(0, end - positions.get(partition, 0)) for partition, end in ends.items())


async def count(system: LocalSystem, table: str) -> int:
    connection = await asyncpg.connect(system.database("worklist"))
    try:
        return await connection.fetchval(f"SELECT count(*) FROM {table}")
    finally:
        await connection.close()


async def outputs(system: LocalSystem) -> list[Output]:
    """What a read_committed reader finds of items."""
    found = []
    for record in await read_all(system.kafka.bootstrap, "worklist.events"):
        headers = {name: value.decode() for name, value in record.headers}
        if headers["ce_aggregatetype"] == "item":
            found.append(
                Output(
                    headers["ce_id"],
                    headers["ce_causationid"],
                    headers["ce_subject"],
                    int(headers["ce_sequence"]),
                    headers.get("ce_patientid"),
                    record.partition,
                    record.offset,
                )
            )
    return found


async def parked_rows(system: LocalSystem) -> list[tuple[str, str, str]]:
    """(key, id of the record, id of its fact), in the order of the topic."""
    connection = await asyncpg.connect(system.database("worklist"))
    rows = await connection.fetch(
        "SELECT key, record_id::text, headers FROM parked ORDER BY key, record_offset"
    )
    await connection.close()
    return [(row[0], row[1], b64decode(dict(json.loads(row[2]))["ce_id"]).decode()) for row in rows]


async def parked(system: LocalSystem) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, _, fact in await parked_rows(system):
        found.setdefault(key, []).append(fact)
    return found


async def mend(system: LocalSystem, inputs: list[Input], workers: list[Worker]) -> list[str]:
    """The cause is mended: skip what can never be read, retry the rest. The ids of what was skipped."""
    for worker in workers:
        worker.kill()
        worker.start(CHAOS_MENDED="1")
    await system.ready(*workers)
    poison = {entry.id: entry.poison for entry in inputs}
    facts = {record: fact for _, record, fact in await parked_rows(system)}
    url, headers, skipped = f"{workers[0].url}/dead-letters", system.headers(), []
    for key in [row["key"] for row in (await system.http.get(url, headers=headers)).json()]:
        while (await system.http.post(f"{url}/{key}/retry", headers=headers)).json()["waiting"]:
            first = (await system.http.get(f"{url}/{key}", headers=headers)).json()[0]
            assert poison[facts[first["record_id"]]] == "unparsable"
            answer = await system.http.post(f"{url}/{key}/skip", headers=headers)
            skipped.append(facts[answer.json()["skipped"]])
    return skipped


@pytest.mark.parametrize(
    ("scale", "kills"),
    [pytest.param(SHORT, 2, id="short"), pytest.param(LONG, 5, id="long", marks=pytest.mark.long)],
)
async def test_whatever_breaks_nothing_is_lost_and_nothing_happens_twice(system, scale, kills):
    seed = 20270104
    made = list(records(scale, seed))
    inputs = [record.entry for record in made]
    await system.prepare("worklist")
    workers = [system.worker("worklist", "tests.chaos.worker") for _ in range(2)]
    await system.ready(*workers)

    await asyncio.gather(send(system, made), break_things(system, workers, random.Random(seed), kills))
    await settled(system, workers)

    found = await outputs(system)
    waiting = {identity for ids in expected_parked(inputs).values() for identity in ids}
    assert wrong_parked(inputs, await parked(system)) == []
    assert problems(inputs, [o for o in found if o.cause in {e.id for e in inputs}], without=waiting) == []

    skipped = await mend(system, inputs, workers)
    await settled(system, workers)
    assert await parked(system) == {}
    found = await outputs(system)
    caused = [output for output in found if output.cause in {entry.id for entry in inputs}]
    assert problems(inputs, caused, without=skipped) == []
    verified = (await system.http.get(f"{workers[0].url}/verification", headers=system.headers())).text
    assert '"different":0' in verified.splitlines()[-1]
    kinds = Counter(entry.poison for entry in inputs if entry.poison)
    print(
        f"\n{len(made)} records of {scale.patients} patients, "
        f"{len(made) - len({e.id for e in inputs})} of them repeated, "
        f"poison {dict(kinds)}, {len(waiting)} parked, {len(skipped)} skipped: "
        f"0 lost, 0 doubled, 0 out of order. {verified.splitlines()[-1]}"
    )
    for worker in workers:
        assert worker.end() == 0
