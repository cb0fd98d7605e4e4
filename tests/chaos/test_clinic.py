"""Journey 1 while services are killed in the middle of it: every line still comes out as written, nothing twice."""

import random
from collections import Counter
from pathlib import Path
from typing import Any

import asyncpg

from cli.stack.kafka import Kafka
from cli.stack.postgres import Postgres
from schemas.services import NAMES
from simulator.ledger import HANDLED, PUBLIC_FACTS, SOLD_TWICE
from tests.support.journeys.journey_1 import START, lines
from tests.support.journeys.play import Play
from tests.support.local_clinic import LocalClinic, local_clinic
from tests.support.readers import read_all
from tests.support.services import ALL
from tests.support.shaken_clinic import Shaken
from tests.support.submissions import PRACTICE, a_patient, a_submission, flags

UNTIL = "2027-03-02 11:00"
KILLS = 12
FACT = "convert_from(data, 'UTF8')::jsonb"
PAGES = f"SELECT {FACT}->>'message_id' FROM journal WHERE type = 'notifications.person_paged.v1'"
CALLED = f"""
SELECT jsonb_array_length({FACT}->'called') FROM journal WHERE type = 'notifications.round_called.v1'
"""
PAGES_SENT = f"""
SELECT {FACT}->>'message_id' FROM journal WHERE type = 'notifications.message_sent.v1'
   AND {FACT}->>'message_id' IN ({PAGES})
"""
LEFT_OVER = (
    "SELECT (SELECT count(*) FROM outbox) + (SELECT count(*) FROM effect) + (SELECT count(*) FROM parked)"
)


async def test_nothing_is_lost_and_nothing_happens_twice_while_services_die(
    empty_kafka: Kafka, postgres: Postgres, playground: Path
) -> None:
    folder = playground / "journey-under-kills"
    async with local_clinic(empty_kafka, postgres, folder, NAMES, START, HUDDLE_INSTANCE="the-one") as clinic:
        shaken = Shaken(clinic, START, random.Random(20270104), KILLS)
        shaken.known_as("pcp", "referrer", PRACTICE)
        play = Play(shaken)
        await play.play(line for line in lines() if line.at < UNTIL)
        assert len(shaken.killed) == KILLS, "the dice must have killed often enough for this to say something"
        await call_people(shaken)
        await count(clinic, empty_kafka)
        await count_pages(clinic)


async def call_people(shaken: Shaken) -> None:
    """A cauda equina on Saturday at three; notifications dies whenever a deadline passes."""
    await shaken.at("2027-03-06 03:00")
    sent = a_submission("R-2", patient=a_patient("P-2"), red_flag_screen=flags(cauda_equina_neuro="yes"))
    await shaken.ask("POST", "referral", "/referrals", "pcp", json=sent)
    for minute in (15, 30, 45):
        await shaken.at(f"2027-03-06 03:{minute}", without="notifications")
        await shaken.at(f"2027-03-06 03:{minute}:30")


async def count_pages(clinic: LocalClinic) -> None:
    """On call, lead, director with the emergency contact: each by text and by mail."""
    paged, rounds = await ids(clinic, "notifications", PAGES), await ids(clinic, "notifications", CALLED)
    assert len(rounds) >= 3, "the ladder was climbed to its end"
    assert len(paged) == len(set(paged)) == 2 * sum(rounds), "everybody of each round, by both"
    assert sorted(await ids(clinic, "notifications", PAGES_SENT)) == sorted(paged), "handed over, once"
    arrived = (await clinic.system.http.get(f"{clinic.sinks}/arrived")).json()
    texts = {text["call"].partition("/")[0] for text in arrived["texts"]}
    assert set(paged) <= texts | {mail["message"] for mail in arrived["mails"]}, "and arrived"


async def count(clinic: LocalClinic, kafka: Kafka) -> None:
    """From topics and tables alone."""
    on_topics: Counter[str] = Counter()
    types: dict[str, str] = {}
    mine = {service: set(await ids(clinic, service, PUBLIC_FACTS)) for service in NAMES}
    for service in NAMES:
        for record in await read_all(kafka.bootstrap, f"{service}.events"):
            headers = {name: value.decode() for name, value in record.headers}
            if headers["ce_id"] in mine[service]:
                on_topics[headers["ce_id"]] += 1
                types[headers["ce_id"]] = headers["ce_type"]
    assert set(on_topics) == set().union(*mine.values()), "told on the topics, each of them"
    assert max(on_topics.values()) == 1, "and once"
    for each in ALL:
        handled = set(await ids(clinic, each.name, HANDLED))
        wanted = {identity for identity, wire_type in types.items() if wire_type in each.consumed}
        assert wanted <= handled, f"{each.name} handled all that it reads"
        assert await ids(clinic, each.name, LEFT_OVER) == [0]
    assert await ids(clinic, "scheduling", SOLD_TWICE) == []
    arrived = (await clinic.system.http.get(f"{clinic.sinks}/arrived")).json()
    calls = Counter(text["call"] for text in arrived["texts"] if not text["marked"])
    mails = Counter(mail["id"] for mail in arrived["mails"] if not mail["marked"])
    assert calls and mails and max(*calls.values(), *mails.values()) == 1, "repeated only where it says so"


async def ids(clinic: LocalClinic, service: str, statement: str) -> list[Any]:
    connection = await asyncpg.connect(clinic.system.database(service))
    try:
        return [row[0] for row in await connection.fetch(statement)]
    finally:
        await connection.close()
