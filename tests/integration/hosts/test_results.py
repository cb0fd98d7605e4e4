"""On a real log: each record of `referral.intake` has one result that is committed, also when the service is killed."""

import json
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from cli.stack.kafka import Kafka
from cli.stack.postgres import Postgres
from schemas.topics import REFERRAL_INTAKE, REFERRAL_INTAKE_RESULTS
from tests.support.local_clinic import follow, local_clinic
from tests.support.submissions import a_patient, a_submission

KEY = b"general-hospital"
SENT: tuple[Any, ...] = (
    a_submission("K-1"),
    a_submission("K-2", patient=a_patient() | {"birth_date": "1944"}),
    "{",
    a_submission("K-1"),
    a_submission("K-2", patient=a_patient("P-2")),
)
WANTED = ["received", "invalid", "invalid", "repeated", "received"]


async def test_each_record_has_one_committed_result_in_order_also_across_a_kill(
    empty_kafka: Kafka, postgres: Postgres, playground: Path, unique: str
) -> None:
    folder = playground / f"results-{unique}"
    producer = AIOKafkaProducer(bootstrap_servers=empty_kafka.bootstrap)
    reader = AIOKafkaConsumer(
        bootstrap_servers=empty_kafka.bootstrap, isolation_level="read_committed", enable_auto_commit=False
    )
    async with local_clinic(empty_kafka, postgres, folder, ("referral",), "2027-01-04 09:00") as clinic:
        try:
            await producer.start()
            await reader.start()
            await follow(reader, [REFERRAL_INTAKE_RESULTS.name])
            sent = [await send(producer, each) for each in SENT]
            results = await told(reader, len(SENT))
            assert [each["outcome"] for each in results] == WANTED
            assert [each["offset"] for each in results] == sent
            worker = clinic.workers["referral"]
            worker.kill()
            sent = [await send(producer, each) for each in SENT[:2]]
            worker.start()
            results = await told(reader, 2)
            assert [(each["outcome"], each["offset"]) for each in results] == [
                ("repeated", sent[0]),
                ("invalid", sent[1]),
            ]
        finally:
            await producer.stop()
            await reader.stop()


async def send(producer: AIOKafkaProducer, said: Any) -> int:
    """The record's offset."""
    value = said if isinstance(said, str) else json.dumps(said)
    at = await producer.send_and_wait(REFERRAL_INTAKE.name, value.encode(), key=KEY)
    return int(at.offset)


async def told(reader: AIOKafkaConsumer, number: int) -> list[Any]:
    """So many results, all under the record's key."""
    found: list[Any] = []
    while len(found) < number:
        record = await reader.getone()
        assert record.key == KEY
        found.append(json.loads(record.value))
    return found
