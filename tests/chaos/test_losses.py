"""What was lost comes back, as docs/runbook.md says: a database from before, Kafka, everything. The ledger counts."""

import asyncio
import shutil
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from backbone.engine.engine import Engine
from backbone.log.republish import republish
from backbone.settings import Settings
from backbone.store.postgres import prepare
from backbone.told import as_told
from cli import positions
from cli.across import Found, across
from cli.backup import backup, restore
from cli.composition import service_of
from cli.database import connected
from cli.reconciling import Reconciled, reconcile
from cli.stack.kafka import Kafka
from cli.stack.postgres import Postgres
from cli.stack.topics import ensure_topics
from schemas.services import NAMES
from tests.support.local_system import LocalSystem, Worker, until
from tests.support.readers import read_all
from tests.support.submissions import PRACTICE, a_patient, a_submission

EVER = datetime(2000, 1, 1, tzinfo=UTC)
SHORT: Sequence[str] = ("referral", "worklist")
WITHOUT = """
SELECT referral.id::text FROM unnest($1::uuid[]) AS referral (id)
WHERE NOT EXISTS (SELECT FROM episode WHERE episode.id = referral.id OR episode.pathway_id = referral.id)
   OR NOT EXISTS (SELECT FROM item WHERE item.pathway_id = referral.id)
"""


class Ward:
    """Some services, what was sent to them, and what operations staff do."""

    def __init__(self, system: LocalSystem, workers: Mapping[str, Worker]) -> None:
        self.system = system
        self.workers = workers
        self.referrals: dict[int, str] = {}
        """Ids that were answered, by number."""
        self.urls = {name: system.database(name) for name in workers}

    async def refer(self, numbers: Iterable[int]) -> None:
        """Each accepted: who sent it relies on it from now on."""
        by = self.system.headers(PRACTICE, kind="referrer", roles=[])
        for number in numbers:
            sent = a_submission(f"R-{number}", patient=a_patient(f"P-{number}"))
            answer = await self.system.http.post(
                f"{self.workers['referral'].url}/referrals", json=sent, headers=by
            )
            assert answer.is_success, answer.text
            self.referrals[number] = answer.json()["id"]

    async def balanced(self) -> None:
        """Each has handled what others told it, and nothing is left to tell."""
        services = [service_of(name) for name in self.workers]
        found: list[Found] = []

        async def is_balanced() -> bool:
            found[:] = await across(services, self.urls, EVER, patience=0)
            return not any(each.missing or each.waiting for each in found)

        await until(is_balanced, 60, lambda: "; ".join(line for each in found for line in each.lines()))

    async def nobody_fell_through(self, numbers: Iterable[int]) -> None:
        ids = [self.referrals[number] for number in numbers]

        async def all_there() -> bool:
            async with connected(self.urls["worklist"]) as worklist:
                return not await worklist.fetch(WITHOUT, ids)

        await until(all_there, 45)

    async def verified(self) -> None:
        """Every state is what its journal says."""
        for worker in self.workers.values():
            answer = await self.system.http.get(f"{worker.url}/verification", headers=self.system.headers())
            assert '"different":0' in answer.text, answer.text

    async def numbers(self) -> Mapping[tuple[str, str, str], set[str]]:
        """Ids of facts by what they are about and their number, as every topic has them."""
        found: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        for name in self.workers:
            for record in await read_all(self.system.kafka.bootstrap, f"{name}.events"):
                headers = {key: value.decode() for key, value in record.headers}
                place = headers["ce_aggregatetype"], headers["ce_subject"], headers["ce_sequence"]
                found[place].add(headers["ce_id"])
        return found

    async def once_each(self) -> None:
        """A referral was received once, and no number stands for two facts."""
        assert [place for place, facts in (await self.numbers()).items() if len(facts) > 1] == []
        received: Counter[str] = Counter()
        async with connected(self.urls["referral"]) as referral:
            for row in await referral.fetch(
                "SELECT aggregate_id::text FROM journal WHERE type = 'referral.received.v1'"
            ):
                received[row[0]] += 1
        assert set(self.referrals.values()) <= received.keys()
        assert max(received.values()) == 1

    def settings(self, name: str) -> Settings:
        with pytest.MonkeyPatch.context() as patch:
            for key, value in self.workers[name].env.items():
                if key.startswith("HUDDLE_"):
                    patch.setenv(key, value)
            return as_told(Settings)

    async def reconcile(self, name: str) -> Reconciled:
        return await reconcile(service_of(name), self.settings(name))

    async def reset_positions(self) -> int:
        count = 0
        for name in self.workers:
            settings = self.settings(name)
            wrong = [
                place for place in await positions.places(service_of(name), settings) if place.why is not None
            ]
            await positions.reset(settings, wrong)
            count += len(wrong)
        return count

    async def republish(self) -> int:
        facts = 0
        for name in self.workers:
            engine = Engine(service_of(name), None, b"", self.system.laned)
            async with connected(self.urls[name]) as connection:
                await prepare(connection)
                facts += (await republish(connection, engine, EVER, datetime.now(UTC))).facts
        return facts

    def lose_kafka(self) -> None:
        """The broker, and all that it kept."""
        self.system.kafka.kill()
        shutil.rmtree(self.system.kafka.home / "data")
        self.system.kafka.start()

    async def says(self, name: str, what: str) -> None:
        """It is not ready, and one sentence says so."""

        async def said() -> bool:
            try:
                answer = await self.system.http.get(f"{self.workers[name].url}/readyz")
            except httpx.HTTPError:
                return False
            return answer.status_code == 503 and what in answer.text

        await until(said, 60, self.workers[name].tail)


@asynccontextmanager
async def ward(
    kafka: Kafka, postgres: Postgres, folder: Path, services: Sequence[str]
) -> AsyncIterator[Ward]:
    system = LocalSystem(kafka, postgres, folder)
    try:
        await system.prepare(*services, suffix=f"_{folder.name}".replace("-", "_"))
        made = Ward(system, {service: system.worker(service) for service in services})
        await system.ready(*made.workers.values(), seconds=90)
        yield made
    finally:
        await system.close()


@pytest.mark.parametrize("services", [SHORT, pytest.param(NAMES, marks=pytest.mark.long)], ids=["two", "all"])
async def test_a_database_from_before_it_told_what_others_know(empty_kafka, postgres, playground, services):
    """Two referrals came after the backup. Kafka and the worklist have heard of them, their own service has not."""
    async with ward(empty_kafka, postgres, playground / f"lost-{len(services)}", services) as clinic:
        await clinic.refer([1, 2])
        await clinic.balanced()
        folder = playground / f"backup-{len(services)}"
        await backup(clinic.urls, folder)
        await clinic.refer([3, 4])
        await clinic.balanced()
        lost = {number: clinic.referrals[number] for number in (3, 4)}
        worker = clinic.workers["referral"]
        worker.end()
        await restore(clinic.urls, folder, ["referral"])
        worker.start()
        assert worker.wait(60) == 65, worker.tail()
        assert "huddle reconcile --service referral" in worker.tail()
        told = await clinic.reconcile("referral")
        assert set(lost.values()) <= {fact.aggregate_id for fact in told.unknown}, "named one by one"
        assert told.twice == 0
        worker.start()
        await clinic.system.ready(worker)
        await clinic.refer([1, 2, 3, 4, 5])
        await clinic.balanced()
        await clinic.nobody_fell_through(clinic.referrals)
        await clinic.once_each()
        await clinic.verified()


@pytest.mark.long
async def test_kafka_lost_entirely(empty_kafka, postgres, playground):
    async with ward(empty_kafka, postgres, playground / "kafka-lost", NAMES) as clinic:
        await clinic.refer(range(1, 7))
        await clinic.balanced()
        clinic.lose_kafka()
        await clinic.refer(range(7, 10))
        await clinic.says("worklist", "there is no")
        await ensure_topics(clinic.system.kafka.brokers, clinic.system.laned)
        await clinic.says("worklist", "the topic was made anew")
        await clinic.refer(range(10, 13))
        assert await clinic.reset_positions()
        assert await clinic.republish()
        await clinic.system.ready(*clinic.workers.values())
        await clinic.balanced()
        await clinic.nobody_fell_through(clinic.referrals)
        await clinic.once_each()
        await clinic.verified()


@pytest.mark.long
async def test_everything_lost(empty_kafka, postgres, playground):
    """What came after the backup is gone, whoever was told that it was accepted sends it again."""
    async with ward(empty_kafka, postgres, playground / "all-lost", NAMES) as clinic:
        telling = asyncio.ensure_future(clinic.refer(range(1, 13)))
        await until(lambda: asyncio.sleep(0, len(clinic.referrals) > 5))
        folder = playground / "backup-everything"
        await backup(clinic.urls, folder)
        await telling
        for worker in clinic.workers.values():
            worker.end()
        clinic.lose_kafka()
        await ensure_topics(clinic.system.kafka.brokers, clinic.system.laned)
        await restore(clinic.urls, folder, NAMES)
        for name in NAMES:
            assert (await clinic.reconcile(name)).unknown == [], "nobody is left who knows more"
        await clinic.reset_positions()
        await clinic.republish()
        for worker in clinic.workers.values():
            worker.start()
        await clinic.system.ready(*clinic.workers.values(), seconds=120)
        await clinic.balanced()
        await clinic.refer(range(1, 14))
        await clinic.balanced()
        await clinic.nobody_fell_through(clinic.referrals)
        await clinic.once_each()
        await clinic.verified()
