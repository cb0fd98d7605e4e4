"""Two workers, poison, duplicates, and everything that breaks. The ledger says whether anything was lost or doubled."""

import asyncio
import random
import shutil
import signal
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cli.stack.kafka import Kafka
from cli.stack.places import cache
from cli.stack.postgres import Postgres
from tests.chaos.generator import Scale, records
from tests.chaos.ledger import Input, expected_parked, problems, wrong_parked
from tests.chaos.load import outputs, parked, parked_rows, send, settled
from tests.support.local_system import LocalSystem, Worker

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
