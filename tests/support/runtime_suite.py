"""The runtime from record to record: one suite for every store. Each level runs it with its own `system` fixture."""

from datetime import UTC, datetime, timedelta
from itertools import chain

import msgspec
import pytest

from backbone.engine.work import Stale
from backbone.ids import derive, random_id
from backbone.log.records import Run
from backbone.model import Actor, Head, Refused, one
from backbone.model.wire import headers_of
from tests.support.memory_system import MemorySystem, record
from tests.support.sample import BOX, SAMPLE, AddToBox, CloseBox, KeepNote, OpenBox

START = datetime(2027, 1, 4, 14, 0, tzinfo=UTC)
PATIENT = "11111111-1111-4111-8111-111111111111"
OTHER = "22222222-2222-4222-8222-222222222222"
BOX_1 = derive(PATIENT, "box 1")
BOX_2 = derive(PATIENT, "box 2")
HAPPENED = "outside.happened.v1"
USER = Actor("user")


def happened(
    system: MemorySystem, what: str, box=BOX_1, patient=PATIENT, fact_id: str | None = None, group: str = "g"
) -> str:
    identity = fact_id or random_id()
    subject = ("thing", box, 1, 1, patient, None)
    head = Head(identity, HAPPENED, "outside", START, START, *subject, identity, identity, USER)
    value = msgspec.json.encode({"type": HAPPENED, "box": box, "what": what, "group": group})
    system.produce("outside.events", patient, value, msgspec.json.decode(headers_of(head)))
    return identity


async def rows(system: MemorySystem, table: str) -> list[dict]:
    return await system.workers["sample"].tables.rows(table)


def public(system: MemorySystem) -> list[str]:
    return [message.headers["ce_type"].split(".")[1] for message in chain(*topic(system, "sample.events"))]


def topic(system: MemorySystem, name: str) -> list[list]:
    return [messages for (topic, _), messages in sorted(system.log.items()) if topic == name]


def queue(system: MemorySystem) -> dict[str, bytes]:
    rows = {message.key: message.value for message in chain(*topic(system, "sample.boxes"))}
    return {key: value for key, value in rows.items() if value is not None}


async def test_a_fact_becomes_a_command_a_state_and_a_fact(system):
    happened(system, "open")
    happened(system, "add")
    await system.settle()
    assert public(system) == ["box_opened", "box_filled"]
    assert queue(system) == {"1": b'{"count":1}'}


async def test_the_same_fact_twice_has_one_effect(system):
    identity = happened(system, "open")
    happened(system, "open", fact_id=identity)
    await system.settle()
    happened(system, "open", fact_id=identity)
    await system.settle()
    assert public(system) == ["box_opened"]


async def test_a_closed_box_leaves_the_queue(system):
    for what in ("open", "add", "close"):
        happened(system, what)
        await system.settle()
    assert queue(system) == {}


async def test_one_run_of_records_and_one_record_at_a_time_come_to_the_same(system):
    steps = ["open", "add", "add", "close", "open", "add"]
    for what in steps:
        happened(system, what)
    await system.settle()
    one_by_one = MemorySystem(START, {SAMPLE: {}})
    for what in steps:
        happened(one_by_one, what)
        await one_by_one.settle()
    assert public(system) == public(one_by_one)
    assert queue(system).keys() == {"1"} and queue(system) == queue(one_by_one)


async def test_a_selector_sees_what_was_made_earlier_in_the_run(system):
    happened(system, "open", BOX_1)
    happened(system, "open", BOX_2)
    happened(system, "close_all")
    await system.settle()
    assert public(system) == ["box_opened", "box_opened", "box_closed", "box_closed"]


async def test_one_refusal_undoes_the_group_and_not_the_run(system):
    happened(system, "both", BOX_1)
    happened(system, "open", BOX_2)
    happened(system, "close_all")
    await system.settle()
    assert public(system) == ["box_opened", "box_closed"]
    assert [row["reason"] for row in await rows(system, "refusal")] == ["too long"]


async def test_what_is_too_early_is_decided_after_the_next_change(system):
    happened(system, "add")
    await system.settle()
    assert public(system) == []
    happened(system, "open")
    await system.settle()
    assert public(system) == ["box_opened", "box_filled"]
    assert not await rows(system, "deferred")


async def test_what_is_too_early_in_the_same_run_is_decided_in_that_run(system):
    happened(system, "add")
    happened(system, "open")
    await system.settle()
    assert public(system) == ["box_opened", "box_filled"]
    assert not await rows(system, "deferred")


async def test_what_stays_too_early_for_a_day_becomes_somebodys_work(system):
    happened(system, "add")
    await system.advance(START + timedelta(hours=23))
    assert public(system) == []
    await system.advance(START + timedelta(hours=24))
    assert public(system) == ["fact_stuck"]
    happened(system, "open")
    await system.settle()
    assert public(system)[1:] == ["box_opened", "box_filled", "fact_unstuck"]


async def test_a_timer_fires_once_at_its_time(system):
    happened(system, "open")
    await system.advance(START + timedelta(minutes=59))
    assert await system.facts("sample") == ["sample.box_opened.v1"]
    store, due = system.workers["sample"].store, START + timedelta(hours=1)
    assert (await store.standing(due - timedelta(seconds=1)))[:2] == (0, None)
    assert (await store.standing(due))[:2] == (1, due)
    await system.advance(START + timedelta(hours=9))
    assert await system.facts("sample") == ["sample.box_opened.v1", "sample.box_checked.v1"]


async def test_a_timer_is_cancelled_with_its_state(system):
    happened(system, "open")
    happened(system, "open", BOX_2)
    await system.settle()
    happened(system, "close")
    await system.advance(START + timedelta(hours=9))
    assert (await system.facts("sample")).count("sample.box_checked.v1") == 1
    assert not await rows(system, "refusal")
    assert not await rows(system, "timer")


async def test_private_facts_are_not_counted_in_the_sequence(system):
    happened(system, "open")
    await system.advance(START + timedelta(hours=2))
    happened(system, "add")
    await system.settle()
    journal = await rows(system, "journal")
    assert [(row["version"], row["sequence"]) for row in journal] == [(1, 1), (2, None), (3, 2)]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (b"{", "unparsable"),
        (b'{"type":"outside.happened.v1","box":"%s","what":"melt"}' % BOX_1.encode(), "unknown_code"),
    ],
)
async def test_a_record_that_cannot_be_read_parks_its_patient_and_nobody_else(system, value, reason):
    identity = happened(system, "open")
    await system.settle()
    [first] = [message for messages in topic(system, "outside.events") for message in messages]
    system.produce("outside.events", PATIENT, value, first.headers | {"ce_id": random_id()})
    happened(system, "add")
    happened(system, "open", box=derive(OTHER, "box"), patient=OTHER)
    await system.settle()
    assert identity and public(system).count("box_filled") == 0
    assert public(system).count("box_opened") == 2
    assert "sample.patient_parked.v1" in await system.facts("sample")
    [parked] = await system.workers["sample"].parking.keys()
    assert (parked.key, parked.records, parked.reason) == (PATIENT, 2, reason)


async def test_a_bug_in_a_decider_parks_the_record_and_what_follows_it(system):
    happened(system, "open")
    happened(system, "raise")
    happened(system, "add")
    happened(system, "open", box=derive(OTHER, "box"), patient=OTHER)
    await system.settle()
    worker = system.workers["sample"]
    assert [(row["reason"], row["key"]) for row in await rows(system, "parked")] == [
        ("programming_error", PATIENT),
        ("behind", PATIENT),
    ]
    worker.engine.stated["mended"] = True
    retried = await worker.parking.retry(PATIENT, Actor("user", random_id(), "operations"))
    await system.settle()
    assert (retried.handled, retried.waiting) == (2, 0)
    assert public(system).count("box_filled") == 1
    assert (await system.facts("sample"))[-1] == "sample.patient_unparked.v1"


async def test_a_record_that_can_never_be_read_is_skipped_by_name_and_the_rest_goes_on(system):
    happened(system, "open")
    await system.settle()
    system.produce("outside.events", PATIENT, b"{", {"ce_type": "outside.happened.v1", "ce_id": random_id()})
    happened(system, "add")
    await system.settle()
    parking = system.workers["sample"].parking
    operator = Actor("user", random_id(), "operations")
    assert (await parking.retry(PATIENT, operator)).handled == 0
    await parking.skip(PATIENT, operator)
    assert (await parking.retry(PATIENT, operator)).handled == 1
    await system.settle()
    assert public(system).count("box_filled") == 1
    assert await parking.keys() == []


async def test_a_request_is_told_that_it_is_refused_and_what_is_possible(system):
    outcome = await system.order("sample", BOX.send(CloseBox(), to=one(BOX_1)), about=PATIENT)
    assert outcome.refusal == Refused(
        "not possible while box is none", instead=("OpenBox", "AddToBox", "Break")
    )


async def test_a_request_that_saw_an_older_version_is_stale(system):
    await system.order("sample", BOX.send(OpenBox("g"), to=one(BOX_1)), about=PATIENT)
    await system.order("sample", BOX.send(AddToBox(), to=one(BOX_1)), about=PATIENT)
    outcome = await system.order("sample", BOX.send(AddToBox(), to=one(BOX_1), expecting=1), about=PATIENT)
    assert outcome.refusal == Stale(1, 2)


async def test_content_is_kept_beside_the_facts_and_never_in_them(system):
    await system.order("sample", BOX.send(OpenBox("g"), to=one(BOX_1)), about=PATIENT)
    await system.order("sample", BOX.send(KeepNote("hello"), to=one(BOX_1)), about=PATIENT)
    assert [row["body"] for row in await rows(system, "content")] == [b'"hello"']
    assert not any(b"hello" in row["data"] for row in await rows(system, "journal"))


async def test_a_fact_that_was_handled_is_not_parked_when_it_comes_again_behind_poison(system):
    """Else it would leave the inbox, and have its effect a second time after the retry."""
    identity = happened(system, "open")
    happened(system, "add")
    await system.settle()
    happened(system, "raise")
    happened(system, "add", fact_id=identity)
    await system.settle()
    happened(system, "open", fact_id=identity)
    happened(system, "add")
    await system.settle()
    assert [row["reason"] for row in await rows(system, "parked")] == ["programming_error", "behind"]
    system.workers["sample"].engine.stated["mended"] = True
    await system.workers["sample"].parking.retry(PATIENT, Actor("user", random_id(), "operations"))
    await system.settle()
    assert public(system).count("box_filled") == 2


async def test_a_fact_that_comes_twice_counts_once(system):
    happened(system, "open")
    identity = happened(system, "add")
    happened(system, "add", fact_id=identity)
    await system.settle()
    happened(system, "add", fact_id=identity)
    await system.settle()
    assert public(system) == ["box_opened", "box_filled"]


def only_place(system):
    [place] = [place for place, sent in system.log.items() if place[0] == "outside.events" and sent]
    return place


async def test_the_position_commits_with_what_the_run_brought_about(system):
    happened(system, "open")
    await system.settle()
    consumer = system.workers["sample"].consumer
    assert await consumer.position(*only_place(system), 0, 1) == 1


async def test_a_run_from_above_the_position_is_dropped_and_the_position_told(system):
    happened(system, "open")
    await system.settle()
    topic_name, partition = only_place(system)
    happened(system, "add")
    happened(system, "add")
    record_3 = record(2, system.log[topic_name, partition][2])
    consumer = system.workers["sample"].consumer
    assert await consumer.handle(Run(topic_name, partition, 2, [record_3])) == 1
    assert "sample.box_filled.v1" not in await system.facts("sample")
