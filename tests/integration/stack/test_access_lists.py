"""On a broker that lets nobody do what its access lists don't say: who may do what, and that it is enough."""

import asyncio
import json
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from backbone.brokers import Brokers
from backbone.log.relay import relay_name
from backbone.store.migrations import BACKBONE, migrate
from cli.acl import OPERATOR, SENDER, SUBSCRIBER, rights, rights_of_service
from cli.composition import service_of
from cli.reading import messages, reader
from cli.stack.access import bring_about
from cli.stack.places import cache
from cli.stack.postgres import Postgres
from cli.stack.topics import ensure_topics, make_topics
from schemas.services import NAMES, all_topics
from schemas.topics import (
    REFERRAL_INTAKE,
    REFERRAL_INTAKE_RESULTS,
    dead_letters_of,
    queue_topic,
)
from tests.support.local_system import LocalSystem
from tests.support.probing import allowed
from tests.support.secured_kafka import ADMIN, SecuredKafka, brokers_of
from tests.support.submissions import a_submission

NURSING = queue_topic("nursing")
GIVEN = (
    (OPERATOR, "User:operator"),
    (SENDER, "User:hospital"),
    (SUBSCRIBER, "User:registry"),
    (NURSING, "User:ward"),
)
STRANGER = "stranger"
LESS = "less"
"""A service that was not given all its rights."""
PEOPLE = (*NAMES, *(principal.removeprefix("User:") for _, principal in GIVEN), STRANGER)
CERTIFIED = {"care_plan", "notifications"}
"""Services that show a certificate; the others say a password."""
LANED = 2


@pytest.fixture(scope="module")
def secured(playground: Path) -> Iterator[SecuredKafka]:
    broker = SecuredKafka(playground / "kafka-secured", cache(), (*PEOPLE, LESS))
    broker.start()
    yield broker
    broker.kill()


@pytest.fixture
async def listed(secured: SecuredKafka) -> SecuredKafka:
    """With the access lists of `huddle acl --apply`, and all topics, made by whoever makes them."""
    await bring_about(secured.known_as(ADMIN), rights(given=GIVEN))
    await ensure_topics(secured.brokers, LANED)
    return secured


async def test_each_service_does_its_work_as_itself(
    listed: SecuredKafka, postgres: Postgres, playground: Path, unique: str
) -> None:
    system = LocalSystem(listed, postgres, playground / unique, LANED)
    try:
        await system.prepare(*NAMES, suffix=f"_{unique}".replace("-", "_"))
        workers = {
            name: system.worker(
                name,
                **(listed.by_certificate(name) if name in CERTIFIED else listed.by_password(name)),
                HUDDLE_HOST="plain" if name in ("referral", "notifications") else "faust",
            )
            for name in NAMES
        }
        await system.ready(*workers.values())
        hospital, said = listed.known_as("hospital"), json.dumps(a_submission("K-1")).encode()
        await send(hospital, REFERRAL_INTAKE.name, said)
        result = await first(hospital, REFERRAL_INTAKE_RESULTS.name)
        assert result["outcome"] == "received"
        row = await first(listed.known_as("ward"), NURSING)
        assert row["referral_id"] == result["referral_id"]
        await send(listed.known_as("scheduling"), "scheduling.events", b"{}", ("ce_type", b"\xff"))
        for name in NAMES:
            letter = await first(listed.known_as(ADMIN), dead_letters_of(name, 1).name)
            assert letter["topic"] == "scheduling.events"
        assert [name for name, worker in workers.items() if "Authoriz" in worker.tail()] == []
    finally:
        await system.close()


async def test_nobody_may_do_what_is_not_listed(listed: SecuredKafka) -> None:
    wanted = rights(given=GIVEN)
    topics = [topic.name for topic in all_topics()]
    relays = [relay_name(name) for name in NAMES]
    groups = [*NAMES, *relays, *PEOPLE]
    for name in PEOPLE:
        listed_of = {
            (right.operation, right.kind, right.name)
            for right in wanted
            if right.principal == f"User:{name}" and right.operation in ("read", "write")
        }
        assert await allowed(listed.known_as(name), topics, groups, relays) == listed_of, name


async def test_only_who_makes_topics_makes_them(listed: SecuredKafka) -> None:
    await make_topics(listed.brokers, {"referral.events": (1, {})})
    for name in ("referral", "hospital", STRANGER):
        with pytest.raises(KafkaError):
            await make_topics(listed.known_as(name), {f"{name}.more": (1, {})})
    with pytest.raises(KafkaError):
        await make_topics(listed.brokers, {"more.events": (1, {})})


async def test_lists_are_changed_by_nobody_of_ours_and_only_where_they_differ(listed: SecuredKafka) -> None:
    admin, wanted = listed.known_as(ADMIN), rights(given=GIVEN)
    more = wanted[0]._replace(operation="write", name=NURSING)
    for name in ("operator", "referral"):
        with pytest.raises(KafkaError, match="Kafka does not change its access lists"):
            await bring_about(listed.known_as(name), [*wanted, more])
    of_another = more._replace(principal="User:somebody.else")
    assert await bring_about(admin, [*wanted, more, of_another]) == (2, 0)
    assert await bring_about(admin, wanted) == (0, 1)
    assert await bring_about(admin, wanted) == (0, 0)
    assert await bring_about(admin, [of_another]) == (0, 0)


@pytest.mark.parametrize("wrong", ["password", "authority", "plaintext", "foreign certificate"])
async def test_who_is_not_known_does_not_get_in(secured: SecuredKafka, tmp_path: Path, wrong: str) -> None:
    told: dict[str, str] = dict(secured.by_password("referral"))
    others = type(secured.authority)(tmp_path / "others")
    told |= {
        "password": {"HUDDLE_KAFKA_PASSWORD": "of another"},
        "authority": {"HUDDLE_KAFKA_CA": str(others.ca)},
        "plaintext": {"HUDDLE_KAFKA_SECURITY": "plaintext"},
        "foreign certificate": {**secured.by_certificate("referral"), **of_files(*others.issue("referral"))},
    }[wrong]
    with pytest.raises(KafkaError):
        await make_topics(brokers_of(told), {})


@pytest.mark.parametrize(
    ("host", "lacking"), [("faust", "referral.events"), ("faust", "scheduling"), ("plain", "scheduling")]
)
async def test_a_service_that_lacks_a_right_says_so_and_ends(
    listed: SecuredKafka, postgres: Postgres, playground: Path, unique: str, host: str, lacking: str
) -> None:
    wanted = rights_of_service(service_of("scheduling"), (), f"User:{LESS}")
    await bring_about(listed.known_as(ADMIN), [right for right in wanted if right.name != lacking])
    system = LocalSystem(listed, postgres, playground / unique, LANED)
    try:
        await system.prepare("scheduling", suffix=f"_{unique}".replace("-", "_"))
        await knows_what_was_told(system.database("scheduling"))
        worker = system.worker("scheduling", **listed.by_password(LESS), HUDDLE_HOST=host)
        assert await asyncio.to_thread(worker.wait, 30) == 1
        [*_, said] = worker.tail().splitlines()
        assert said.startswith("scheduling: Kafka refuses us (")
        assert lacking in said
    finally:
        await system.close()


async def knows_what_was_told(database: str) -> None:
    """Services of other tests told something through this Kafka: this one's database is not older."""
    folder = service_of("scheduling").migrations
    assert folder
    await migrate(database, [BACKBONE, folder], "scheduling")
    connection = await asyncpg.connect(database)
    await connection.execute("INSERT INTO relay_batch (shard, batch) VALUES (0, 1000000)")
    await connection.close()


def of_files(certificate: Path, key: Path) -> Mapping[str, str]:
    return {"HUDDLE_KAFKA_CERTIFICATE": str(certificate), "HUDDLE_KAFKA_KEY": str(key)}


async def send(brokers: Brokers, topic: str, value: bytes, *headers: tuple[str, bytes]) -> None:
    async with AIOKafkaProducer(**brokers.arguments) as producer:
        await producer.send_and_wait(topic, value, key=uuid.uuid4().bytes, headers=list(headers))


async def first(brokers: Brokers, topic: str) -> Any:
    """What the first record says, as soon as there is one."""
    async with asyncio.timeout(30), reader(brokers, topic, beginning=True) as consumer:
        async for found in messages(consumer):
            if found:
                return json.loads(found[0].value or b"null")
    raise AssertionError("a reader ends only when it is told")
